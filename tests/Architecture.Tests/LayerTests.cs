using System.Reflection;
using NetArchTest.Rules;

namespace AIChat.Architecture.Tests;

public sealed class LayerTests
{
    [Fact]
    public void The_domain_uses_one_package_and_no_other_layer()
    {
        var used = Rules.Domain.GetReferencedAssemblies().Select(reference => reference.Name!).ToList();

        Assert.NotEmpty(used);
        Assert.All(used, name => Assert.True(name is "netstandard" or "mscorlib" or "Ardalis.Specification" || name.StartsWith("System", StringComparison.Ordinal), name));
    }

    [Fact]
    public void The_application_knows_neither_adapters_nor_the_web()
        => Assert.Empty(Rules.Offenders(
            [Rules.Application],
            "AIChat.Application",
            "AIChat.Infrastructure",
            "AIChat.Api",
            "Microsoft.AspNetCore",
            "Microsoft.EntityFrameworkCore",
            "MongoDB",
            "Hangfire",
            "TorchSharp",
            "Spectre.Console"));

    [Fact]
    public void Infrastructure_does_not_know_the_api()
        => Assert.Empty(Rules.Offenders([Rules.Infrastructure], "AIChat.Infrastructure", "AIChat.Api"));

    [Fact]
    public void Infrastructure_shows_only_what_adds_it_with_its_options()
    {
        var shown = Types.InAssembly(Rules.Infrastructure).That().ArePublic().GetTypes()
            .Where(type => type.IsVisible)
            .Select(type => type.Name)
            .Order(StringComparer.Ordinal);

        Assert.Equal(
            [
                "ClassifierOptions", "DependencyInjection", "EmbeddingOptions", "HubOptions", "InfrastructureOptions", "JobOptions", "LanguageModelOptions",
                "SettingException", "SettingsReader", "StorageOptions", "UnknownSetting",
            ],
            shown);
    }

    [Theory]
    [InlineData("Microsoft.EntityFrameworkCore", "AIChat.Infrastructure.Persistence.Sqlite")]
    [InlineData("MongoDB", "AIChat.Infrastructure.Persistence.Mongo")]
    [InlineData("TorchSharp", "AIChat.Infrastructure.Topics")]
    [InlineData("Hangfire", "AIChat.Infrastructure.Jobs", "AIChat.Infrastructure.Persistence.Mongo.MongoHangfire", "AIChat.Infrastructure.DependencyInjection")]
    [InlineData("Spectre.Console", "AIChat.Api.Commands")]
    [InlineData("Microsoft.AspNetCore.SignalR", "AIChat.Api.Realtime", "AIChat.Api.Server")]
    public void A_library_is_used_in_its_own_place_alone(string library, params string[] places)
    {
        var users = Types.InAssemblies([Rules.Application, Rules.Infrastructure, Rules.Api]).That().HaveDependencyOn(library).GetTypes().Select(type => type.FullName!).ToList();

        Assert.NotEmpty(users);
        Assert.All(users, name => Assert.True(places.Any(place => name.StartsWith(place, StringComparison.Ordinal)), name));
    }

    [Fact]
    public void Every_request_is_a_sealed_record()
    {
        var requests = Rules.Application.GetTypes().Where(IsRequest).ToList();

        Assert.NotEmpty(requests);
        Assert.All(requests, type => Assert.True(type.IsSealed && type.GetMethod("<Clone>$", BindingFlags.Public | BindingFlags.Instance) is not null, type.FullName));
    }

    private static bool IsRequest(Type type) => type.GetInterfaces().Any(contract => contract.IsGenericType && contract.GetGenericTypeDefinition() == typeof(MediatR.IRequest<>));
}
