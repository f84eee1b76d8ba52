using System.Text.Json;

namespace AIChat.Evaluation.Naming;

/// <summary>A dialogue of two people and the names that people gave it (DialogSum, Chen et al. 2021).</summary>
internal sealed record TitledDialogue(IReadOnlyList<string> Texts, IReadOnlyList<string> Titles)
{
    /// <summary>The dialogues of the first <c>dialogsum*.jsonl</c> below a folder; empty: none.</summary>
    public static List<TitledDialogue> Read(DirectoryInfo data) =>
        data.EnumerateFiles("dialogsum*.jsonl", SearchOption.AllDirectories).MinBy(found => found.Name, StringComparer.Ordinal) is { } file
            ? [.. File.ReadLines(file.FullName).Where(line => line.Length > 0).Select(Parse).Where(dialogue => dialogue.Titles.Count > 0)]
            : [];

    private static TitledDialogue Parse(string json)
    {
        using var document = JsonDocument.Parse(json);
        var turns = document.RootElement.GetProperty("dialogue").GetString()!.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        // The test set numbers its fields: topic1, topic2, topic3.
        var titles = document.RootElement.EnumerateObject().Where(field => field.Name.StartsWith("topic", StringComparison.Ordinal) && field.Value.ValueKind == JsonValueKind.String);
        return new TitledDialogue([.. turns.Select(WithoutSpeaker)], [.. titles.Select(field => field.Value.GetString()!)]);
    }

    private static string WithoutSpeaker(string turn) => turn.IndexOf(": ", StringComparison.Ordinal) is var colon and > 0 ? turn[(colon + 2)..] : turn;
}
