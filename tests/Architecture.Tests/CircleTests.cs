using System.Reflection;

namespace AIChat.Architecture.Tests;

public sealed class CircleTests
{
    // An aggregate and its own parts may know each other; nothing else may.
    private static readonly string[][] AggregatesWithTheirParts = [];

    public static TheoryData<string> Projects => ["Domain", "Application", "Infrastructure", "Api"];

    [Theory]
    [MemberData(nameof(Projects))]
    public void Folders_do_not_use_each_other_in_a_circle(string project)
    {
        var files = SourceFiles.ByType(project);
        var types = TypesOf(project);
        string? FolderOf(string type) => files.TryGetValue(type, out var file) ? Path.GetDirectoryName(file)! : null;
        var edges = DependencyGraph.Between(types, FolderOf);

        Assert.True(edges.Count >= 5, $"Only {edges.Count} folders were found.");
        AssertNone(DependencyGraph.Circles(edges), types, FolderOf);
    }

    [Theory]
    [MemberData(nameof(Projects))]
    public void Files_do_not_use_each_other_in_a_circle(string project)
    {
        var files = SourceFiles.ByType(project);
        var types = TypesOf(project);
        var edges = DependencyGraph.Between(types, files.GetValueOrDefault);
        var circles = DependencyGraph.Circles(edges).Where(circle => !AggregatesWithTheirParts.Any(circle.SequenceEqual)).ToList();

        Assert.True(edges.Count >= 20, $"Only {edges.Count} files were found.");
        AssertNone(circles, types, files.GetValueOrDefault);
    }

    [Theory]
    [MemberData(nameof(Projects))]
    public void Every_type_is_found_in_a_source_file(string project)
    {
        var files = SourceFiles.ByType(project);
        var lost = TypesOf(project).Keys.Where(type => type.StartsWith("AIChat.", StringComparison.Ordinal) && !files.ContainsKey(type)).ToList();

        // What generators emit beside the sources lives in namespaces of its own.
        Assert.Empty(lost);
    }

    [Fact]
    public void A_circle_through_a_method_body_is_found()
    {
        var types = DependencyGraph.OfTypes(typeof(CircleTests).Assembly.Location);
        var circles = DependencyGraph.Circles(DependencyGraph.Between(types, type => type.StartsWith("AIChat.Architecture.Tests.Breaches.", StringComparison.Ordinal) ? type[..type.LastIndexOf('.')] : null));

        Assert.Equal(["AIChat.Architecture.Tests.Breaches.First", "AIChat.Architecture.Tests.Breaches.Second"], Assert.Single(circles));
    }

    private static IReadOnlyDictionary<string, IReadOnlySet<string>> TypesOf(string project)
        => DependencyGraph.OfTypes(Assembly.Load($"AIChat.{project}").Location);

    /// <summary>Fails with every edge within the circles and the types behind it, so that the message says which arrow to turn.</summary>
    private static void AssertNone(IReadOnlyList<IReadOnlyList<string>> circles, IReadOnlyDictionary<string, IReadOnlySet<string>> types, Func<string, string?> groupOf)
    {
        var edges =
            from circle in circles
            from type in types
            let here = groupOf(type.Key)
            where circle.Contains(here!, StringComparer.Ordinal)
            from used in type.Value
            let there = groupOf(used)
            where there is not null && there != here && circle.Contains(there, StringComparer.Ordinal)
            orderby here, there
            select $"{here} -> {there}: {type.Key} uses {used}";
        Assert.True(circles.Count == 0, $"{circles.Count} circles:\n{string.Join('\n', edges)}");
    }
}
