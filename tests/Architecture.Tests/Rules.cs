using System.Reflection;
using NetArchTest.Rules;

namespace AIChat.Architecture.Tests;

/// <summary>What the rules are asked of, and how a rule is asked so that one which selected nothing fails.</summary>
internal static class Rules
{
    public static readonly Assembly Domain = typeof(Domain.Common.Error).Assembly;
    public static readonly Assembly Application = typeof(Application.DependencyInjection).Assembly;
    public static readonly Assembly Infrastructure = typeof(Infrastructure.DependencyInjection).Assembly;
    public static readonly Assembly Api = typeof(Api.Realtime.IChatClient).Assembly;

    /// <summary>Feature folders; each may know those before it.</summary>
    public static readonly string[] Modules = ["Users", "Rooms", "Jobs", "Messages", "Topics", "Summaries", "Reads"];

    /// <summary>Matches a namespace and those below it, but not one that merely begins alike.</summary>
    public static string Exactly(string name) => $@"^{name.Replace(".", @"\.", StringComparison.Ordinal)}(\.|$)";

    /// <summary>Types below a namespace that depend on any of the others; fails when the namespace holds nothing.</summary>
    public static IReadOnlyList<string> Offenders(IEnumerable<Assembly> assemblies, string inside, params string[] forbidden)
    {
        var selected = Types.InAssemblies(assemblies).That().ResideInNamespaceMatching(Exactly(inside)).GetTypes().ToList();
        Assert.NotEmpty(selected);
        return [.. Types.InAssemblies(assemblies).That().ResideInNamespaceMatching(Exactly(inside)).Should().NotHaveDependencyOnAny(forbidden).GetResult().FailingTypeNames ?? []];
    }
}
