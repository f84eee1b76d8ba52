using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;

namespace AIChat.Architecture.Tests;

/// <summary>In which source file of a project each top-level type is declared.</summary>
internal static partial class SourceFiles
{
    /// <summary>The files, relative to the project's folder, by full type name. A type that several files declare in part counts as the first.</summary>
    public static IReadOnlyDictionary<string, string> ByType(string project)
    {
        var root = Path.Combine(Repository(), "src", project);
        var files = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var file in Directory.EnumerateFiles(root, "*.cs", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
        {
            var relative = Path.GetRelativePath(root, file).Replace('\\', '/');
            if (relative.StartsWith("obj/", StringComparison.Ordinal) || relative.StartsWith("bin/", StringComparison.Ordinal))
                continue;
            var text = File.ReadAllText(file);
            if (Namespace().Match(text) is not { Success: true } declared)
                continue;
            var types = declared.Groups["block"].Success ? TypeInBlock() : TopLevelType();
            foreach (Match type in types.Matches(text))
                files.TryAdd($"{declared.Groups["name"].Value}.{type.Groups["name"].Value}", relative);
        }

        return files;
    }

    private static string Repository([CallerFilePath] string here = "") => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(here)!, "..", ".."));

    private const string Type = @"((public|internal|file|sealed|static|abstract|partial|readonly|ref|unsafe) )*(class|interface|enum|struct|record struct|record class|record|delegate [\w<>?,. ]+) (?<name>\w+)";

    [GeneratedRegex(@"^namespace (?<name>[\w.]+)(;|(?<block>\s*\{))", RegexOptions.Multiline | RegexOptions.ExplicitCapture, Timeout.Infinite)]
    private static partial Regex Namespace();

    // The layout is uniform, so that indentation tells top-level declarations from nested ones.
    [GeneratedRegex("^" + Type, RegexOptions.Multiline | RegexOptions.ExplicitCapture, Timeout.Infinite)]
    private static partial Regex TopLevelType();

    [GeneratedRegex("^ {4}" + Type, RegexOptions.Multiline | RegexOptions.ExplicitCapture, Timeout.Infinite)]
    private static partial Regex TypeInBlock();
}
