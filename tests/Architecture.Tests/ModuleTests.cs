using AIChat.Application.Rooms;
using AIChat.Domain.Jobs;
using AIChat.Domain.Rooms;
using MediatR;

namespace AIChat.Architecture.Tests;

public sealed class ModuleTests
{
    // Work that the server does on its own behalf: nobody asked, so there is nobody to check.
    private static readonly string[] OwnWork = ["ClassifyRoom", "RunImport", "ReclassifyRoom"];

    public static TheoryData<string, string> LaterModules()
    {
        var pairs = new TheoryData<string, string>();
        foreach (var layer in (string[])["AIChat.Domain", "AIChat.Application"])
        {
            foreach (var module in Rules.Modules[..^1])
                pairs.Add(layer, module);
        }

        return pairs;
    }

    [Theory]
    [MemberData(nameof(LaterModules))]
    public void A_module_knows_only_those_before_it(string layer, string module)
    {
        var later = Rules.Modules[(Array.IndexOf(Rules.Modules, module) + 1)..].SelectMany(name => (string[])[$"AIChat.Domain.{name}", $"AIChat.Application.{name}"]).ToArray();

        Assert.Empty(Rules.Offenders([Rules.Domain, Rules.Application], $"{layer}.{module}", later));
    }

    [Fact]
    public void Every_request_about_a_room_asks_RoomAccess()
    {
        var handlers = (
            from handler in Rules.Application.GetTypes()
            from contract in handler.GetInterfaces()
            where contract.IsGenericType && contract.GetGenericTypeDefinition() == typeof(IRequestHandler<,>)
            let request = contract.GetGenericArguments()[0]
            where IsAboutARoom(request) && !OwnWork.Contains(request.Name)
            select (Request: request.Name, Handler: handler)).ToList();
        var calls = new CallGraph(Rules.Application.Location);

        Assert.True(handlers.Count >= 10, $"Only {handlers.Count} requests about rooms were found.");
        Assert.All(handlers, pair => Assert.True(calls.Reaches(pair.Handler, nameof(IRequestHandler<,>.Handle), typeof(RoomAccess)), $"The handler of {pair.Request} never calls RoomAccess."));
    }

    [Fact]
    public void A_handler_that_takes_a_policy_and_never_calls_it_is_found()
    {
        var calls = new CallGraph(typeof(ModuleTests).Assembly.Location);

        Assert.True(calls.Reaches(typeof(Breaches.AsksInAHelper), nameof(Breaches.AsksInAHelper.Handle), typeof(Breaches.Policy)));
        Assert.False(calls.Reaches(typeof(Breaches.NeverAsks), nameof(Breaches.NeverAsks.Handle), typeof(Breaches.Policy)));
    }

    private static bool IsAboutARoom(Type request) => request.GetProperties().Any(property => property.PropertyType == typeof(RoomId) || property.PropertyType == typeof(JobId));
}
