using System.Runtime.InteropServices;

namespace AIChat.Infrastructure.Topics.Linking;

/// <summary>A window's lines of talk and the conversations that they are filed under at the moment.</summary>
internal sealed class Clustering
{
    private readonly Dictionary<int, Dictionary<string, int>> _parts = [];
    private readonly Dictionary<int, int> _sizes = [];
    private int _next;

    /// <param name="lines">The lines of talk, each with its first conversation.</param>
    public Clustering(IReadOnlyList<ScoredLine> lines)
    {
        Lines = lines;
        First = [.. lines.Select(line => line.Line.Conversation)];
        Numbers = [.. First];
        for (var at = 0; at < Numbers.Length; at++)
        {
            _next = Math.Max(_next, Numbers[at] + 1);
            Add(at, Numbers[at], 1);
        }
    }

    public IReadOnlyList<ScoredLine> Lines { get; }

    /// <summary>Where each line was filed when it was said.</summary>
    public int[] First { get; }

    /// <summary>Where each line is filed; −1: nowhere.</summary>
    public int[] Numbers { get; }

    /// <summary>Lines of the conversation, those of one speaker, and how many people speak in it.</summary>
    public (int Size, int Own, int Speakers) Parts(int number, string speaker)
        => _parts.TryGetValue(number, out var part) ? (_sizes[number], part.GetValueOrDefault(speaker), part.Count) : default;

    /// <summary>Files a line elsewhere; null: in a conversation of its own.</summary>
    public void Move(int at, int? number)
    {
        var target = number ?? (Parts(Numbers[at], "").Size == 1 ? Numbers[at] : _next++);
        if (target == Numbers[at])
            return;
        Add(at, Numbers[at], -1);
        Numbers[at] = target;
        Add(at, target, 1);
    }

    private void Add(int at, int number, int change)
    {
        if (number < 0)
            return;
        if (!_parts.TryGetValue(number, out var part))
            _parts[number] = part = [];
        CollectionsMarshal.GetValueRefOrAddDefault(_sizes, number, out _) += change;
        var speaker = Lines[at].Line.Speaker;
        var left = part.GetValueOrDefault(speaker) + change;
        if (left == 0)
            part.Remove(speaker);
        else
            part[speaker] = left;
    }
}
