using AIChat.Domain.Topics;
using AIChat.Evaluation.Irc;

namespace AIChat.Evaluation.Training;

/// <summary>An annotated room.</summary>
/// <param name="Name">Name in reports.</param>
/// <param name="Lines">In order.</param>
/// <param name="Answered">[lines]: the earlier lines that the line answers, or itself where it opens a conversation; null: not annotated.</param>
/// <param name="Conversations">[lines]: the conversation of each; −1: unknown.</param>
internal sealed record LabelledRoom(string Name, IReadOnlyList<ChatLine> Lines, int[]?[] Answered, int[] Conversations)
{
    /// <summary>Whether <see cref="Answered"/> has annotated links; otherwise only conversations are annotated.</summary>
    public bool HasLinks { get; init; } = true;

    /// <summary>How much the room counts where it is learned from beside others.</summary>
    public float Weight { get; init; } = 1;

    /// <summary>Number of folds for cross-validation.</summary>
    public const int Folds = 2;

    /// <summary>The fold of a room; all variants of a log are in one.</summary>
    public int Fold => Name.Sum(letter => letter) % Folds;

    public static List<LabelledRoom> ReadIrc(string folder, string prefix = "")
    {
        var gold = Scoring.Links.ReadGold(folder, 0, prefix);
        return IrcRoom.ReadAll(folder, prefix).ConvertAll(room => OfLinks(room.Name, room.Lines, gold[room.Name]));
    }

    /// <summary>A room with annotated conversations only; each line is taken to answer the previous one of its conversation.</summary>
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
