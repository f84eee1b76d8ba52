using AIChat.Domain.Topics;

namespace AIChat.Infrastructure.Topics.Classifiers;

/// <summary>A window while it is being classified: each line's link and conversation, and what is needed to compare them.</summary>
/// <param name="Lines">The window.</param>
/// <param name="Packed">Each line's n-grams.</param>
internal sealed record LinkedWindow(IReadOnlyList<ChatLine> Lines, byte[][] Packed)
{
    public int?[] Links { get; } = new int?[Lines.Count];

    /// <summary>P(each line's conversation) − P(the next best); null where there was no choice.</summary>
    public float?[] Margins { get; } = new float?[Lines.Count];

    public int[] Conversations { get; } = new int[Lines.Count];

    /// <summary>For a conversation's number the one that lent it its themes when it opened, and how alike they were.</summary>
    public Dictionary<int, (int Kin, float Alike)> Similar { get; } = [];

    /// <summary>Each conversation's lines, oldest first; noise is in none.</summary>
    public Dictionary<int, List<int>> Members()
    {
        var members = new Dictionary<int, List<int>>();
        for (var i = 0; i < Conversations.Length; i++)
        {
            if (Conversations[i] < 0)
                continue;
            if (!members.TryGetValue(Conversations[i], out var lines))
                members[Conversations[i]] = lines = [];
            lines.Add(i);
        }

        return members;
    }
}
