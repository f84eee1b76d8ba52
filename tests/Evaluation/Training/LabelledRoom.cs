using AIChat.Domain.Topics;
using AIChat.Evaluation.Irc;

namespace AIChat.Evaluation.Training;

/// <summary>A room with people's judgements.</summary>
/// <param name="Name">What it is called in reports.</param>
/// <param name="Lines">The room.</param>
/// <param name="Answered">Line by line the earlier lines that it answers, itself where it opens a conversation; null where nobody judged it.</param>
/// <param name="Conversations">The conversation of each line; −1 where it is not known.</param>
internal sealed record LabelledRoom(string Name, IReadOnlyList<ChatLine> Lines, int[]?[] Answered, int[] Conversations)
{
    /// <summary>Whether <see cref="Answered"/> tells who answers whom; else only the conversations are known.</summary>
    public bool HasLinks { get; init; } = true;

    public static List<LabelledRoom> ReadIrc(string folder, string prefix = "")
    {
        var gold = Scoring.Links.ReadGold(folder, 0, prefix);
        return IrcRoom.ReadAll(folder, prefix).ConvertAll(room => OfLinks(room.Name, room.Lines, gold[room.Name]));
    }

    /// <summary>A room of which only the conversations are known: a line stands for an answer to the one before it in its conversation.</summary>
    public static LabelledRoom OfConversations(string name, IReadOnlyList<ChatLine> lines, IReadOnlyList<int> conversations)
    {
        var last = new Dictionary<int, int>();
        var answered = new int[]?[lines.Count];
        for (var i = 0; i < lines.Count; i++)
        {
            answered[i] = [last.GetValueOrDefault(conversations[i], i)];
            last[conversations[i]] = i;
        }

        return new LabelledRoom(name, lines, answered, [.. conversations]) { HasLinks = false };
    }

    private static LabelledRoom OfLinks(string name, IReadOnlyList<ChatLine> lines, IEnumerable<(int Later, int Earlier)> links)
    {
        var answered = new int[]?[lines.Count];
        var sets = new Scoring.DisjointSets<int>();
        foreach (var (later, earlier) in links)
        {
            sets.Join(later, earlier);
            answered[later] = [.. answered[later] ?? [], earlier];
        }

        var conversations = new int[lines.Count];
        Array.Fill(conversations, -1);
        var number = 0;
        foreach (var group in sets.Groups())
        {
            foreach (var line in group)
                conversations[line] = number;
            number++;
        }

        return new LabelledRoom(name, lines, answered, conversations);
    }
}
