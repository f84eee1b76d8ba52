using AIChat.Domain.Topics;

namespace AIChat.Evaluation.Rooms;

/// <summary>A room made of separate dialogues, whose conversations are therefore known.</summary>
/// <param name="Lines">In order.</param>
/// <param name="Conversations">[lines]: the dialogue of each.</param>
internal sealed record MadeRoom(IReadOnlyList<ChatLine> Lines, IReadOnlyList<int> Conversations)
{
    /// <summary>Reads one JSON object a line: <c>id, userId, nickname, content, createdAt, conversation</c>.</summary>
    public static MadeRoom Read(string path)
    {
        var lines = new List<ChatLine>();
        var conversations = new List<int>();
        foreach (var text in File.ReadLines(path))
        {
            using var json = System.Text.Json.JsonDocument.Parse(text);
            string Text(string name) => json.RootElement.GetProperty(name).GetString()!;
            lines.Add(new ChatLine(Text("userId"), Text("nickname"), Text("content"), json.RootElement.GetProperty("createdAt").GetDateTimeOffset()));
            conversations.Add(json.RootElement.GetProperty("conversation").GetInt32());
        }

        return new MadeRoom(lines, conversations);
    }

    /// <summary>The room with every nickname removed from the texts.</summary>
    public MadeRoom WithoutNames() => this with { Lines = [.. Names.Strip(Lines)] };
}
