using System.Text.Json;
using AIChat.Domain.Topics;

namespace AIChat.Evaluation.Training;

/// <summary>Reads rooms that were written with known conversations, and streams of the same format.</summary>
internal static class WrittenRoom
{
    /// <summary>The rooms of a set beside this program, in the order of their names.</summary>
    /// <param name="set"><c>learn</c> or <c>choose</c>; see WrittenRooms/README.md.</param>
    /// <param name="withReplies">See <see cref="ReadFile"/>.</param>
    public static List<LabelledRoom> Read(string set, bool withReplies = false) =>
    [
        .. Directory.EnumerateFiles(Path.Combine(AppContext.BaseDirectory, "WrittenRooms", set), "*.jsonl")
            .Order(StringComparer.Ordinal)
            .Select(path => ReadFile(path, withReplies)),
    ];

    /// <summary>Reads one JSON object a line: <c>id, nickname, content, createdAt, conversation</c>, sometimes <c>replyTo</c>.</summary>
    /// <param name="path">The file.</param>
    /// <param name="withReplies">Whether explicit replies are kept; a classifier obeys them, so that lines with one neither teach nor measure anything.</param>
    public static LabelledRoom ReadFile(string path, bool withReplies = false)
    {
        var lines = new List<ChatLine>();
        var conversations = new List<int>();
        var ids = new Dictionary<string, int>();
        var numbers = new Dictionary<string, int>();
        foreach (var text in File.ReadLines(path).Where(text => text.Length > 0))
        {
            using var json = JsonDocument.Parse(text);
            var fields = json.RootElement;
            string Text(string name) => fields.GetProperty(name).GetString()!;
            int? answered = withReplies && fields.TryGetProperty("replyTo", out var reply) && ids.TryGetValue(reply.GetString() ?? "", out var line) ? line : null;
            ids[Text("id")] = lines.Count;
            numbers.TryAdd(Text("conversation"), numbers.Count);
            conversations.Add(numbers[Text("conversation")]);
            lines.Add(new ChatLine(Text("nickname"), Text("nickname"), Text("content"), fields.GetProperty("createdAt").GetDateTimeOffset(), answered));
        }

        return LabelledRoom.OfConversations(Path.GetFileNameWithoutExtension(path), lines, conversations);
    }
}
