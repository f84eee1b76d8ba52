using AIChat.Domain.Topics;

namespace AIChat.Infrastructure.Topics.Classifiers;

/// <summary>A window while it is classified: its lines, and the link, margin and conversation of each.</summary>
/// <param name="Lines">In order.</param>
/// <param name="NgramProfiles">[lines].</param>
internal sealed record LinkedWindow(IReadOnlyList<ChatLine> Lines, byte[][] NgramProfiles)
{
    public int?[] Links { get; } = new int?[Lines.Count];

    /// <summary>P(each line's conversation) − P(the next best); null where there was no choice.</summary>
    public float?[] Margins { get; } = new float?[Lines.Count];

    public int[] Conversations { get; } = new int[Lines.Count];

    /// <summary>By conversation: the earlier conversation that was similar when it opened, and their n-gram cosine.</summary>
    public Dictionary<int, (int Conversation, float Cosine)> Similar { get; } = [];

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
