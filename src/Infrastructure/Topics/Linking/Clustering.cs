using System.Runtime.InteropServices;

namespace AIChat.Infrastructure.Topics.Linking;

/// <summary>The scored lines of a window and the conversation that each is assigned to at present.</summary>
internal sealed class Clustering
{
    private readonly Dictionary<int, Dictionary<string, int>> _lineCounts = [];
    private readonly Dictionary<int, int> _sizes = [];
    private int _next;

    /// <param name="lines">In order; each starts in its <see cref="ObservedLine.Conversation"/>.</param>
    public Clustering(IReadOnlyList<ScoredLine> lines)
    {
        Lines = lines;
        InitialConversations = [.. lines.Select(line => line.Observed.Conversation)];
        Conversations = [.. InitialConversations];
        for (var at = 0; at < Conversations.Length; at++)
        {
            _next = Math.Max(_next, Conversations[at] + 1);
            Add(at, Conversations[at], 1);
        }
    }

    public IReadOnlyList<ScoredLine> Lines { get; }

    /// <summary>[lines]: the conversation that each line was assigned to when it was said.</summary>
    public int[] InitialConversations { get; }

    /// <summary>[lines]: the conversation that each line is assigned to; −1: none.</summary>
    public int[] Conversations { get; }

    /// <summary>Number of a conversation's lines, of those by one speaker, and of its speakers.</summary>
    public (int Size, int OfSpeaker, int Speakers) CountsOf(int conversation, string speaker)
        => _lineCounts.TryGetValue(conversation, out var counts) ? (_sizes[conversation], counts.GetValueOrDefault(speaker), counts.Count) : default;

    /// <summary>Assigns a line to another conversation; null: to one of its own.</summary>
    public void Move(int at, int? conversation)
    {
        var target = conversation ?? (CountsOf(Conversations[at], "").Size == 1 ? Conversations[at] : _next++);
        if (target == Conversations[at])
            return;
        Add(at, Conversations[at], -1);
        Conversations[at] = target;
        Add(at, target, 1);
    }

    private void Add(int at, int conversation, int change)
    {
        if (conversation < 0)
            return;
        if (!_lineCounts.TryGetValue(conversation, out var counts))
            _lineCounts[conversation] = counts = [];
        CollectionsMarshal.GetValueRefOrAddDefault(_sizes, conversation, out _) += change;
        var speaker = Lines[at].Observed.Speaker;
        var left = counts.GetValueOrDefault(speaker) + change;
        if (left == 0)
            counts.Remove(speaker);
        else
            counts[speaker] = left;
    }
}
