using AIChat.Domain.Topics;

namespace AIChat.Infrastructure.Topics.Classifiers;

/// <summary>A remote classifier's answer for a window, as it is on the wire.</summary>
internal sealed record RemoteAnswer(RemoteAnswer.Levels? Topics, IReadOnlyList<int?>? Links, IReadOnlyList<float?>? Margins, string? Engine = null)
{
    private const int LongestEngine = 300;

    internal sealed record Levels(IReadOnlyList<int>? Low, IReadOnlyList<int>? Mid, IReadOnlyList<int>? High);

    /// <summary>The answer as a classification of the lines; null where it breaks a promise of <see cref="Classification"/>, a known conversation or an explicit reply.</summary>
    public Classification? ToClassification(IReadOnlyList<ChatLine> lines)
    {
        if (Topics is not { Low: { } low, Mid: { } mid, High: { } high } || Links is not { } links || Margins is not (null or { Count: > 0 }))
            return null;
        var margins = Margins ?? new float?[lines.Count];
        if (((int[])[low.Count, mid.Count, high.Count, links.Count, margins.Count]).Any(count => count != lines.Count))
            return null;
        var isValid = IsNumbered(high) && IsNumbered(mid) && IsNumbered(low)
            && IsWithin(high, mid) && IsWithin(mid, low)
            && margins.All(margin => margin is not { } value || float.IsFinite(value))
            && Enumerable.Range(0, lines.Count).All(line => links[line] is not { } earlier || (earlier >= 0 && earlier < line && high[line] >= 0 && high[earlier] == high[line]))
            && KeepsKnownConversations(lines, high)
            && ObeysReplies(lines, high, links);
        return isValid ? new Classification(links, high, mid, low) { Margins = margins, Engine = Engine is { Length: > 0 and <= LongestEngine } ? Engine : null } : null;
    }

    /// <summary>Whether labels count from 0 in order of first appearance; noise aside.</summary>
    private static bool IsNumbered(IReadOnlyList<int> labels)
    {
        var next = 0;
        foreach (var label in labels)
        {
            if (label < -1 || label > next)
                return false;
            next = Math.Max(next, label + 1);
        }

        return true;
    }

    /// <summary>Whether all lines of an inner label share the outer one, and noise is noise in both.</summary>
    private static bool IsWithin(IReadOnlyList<int> inner, IReadOnlyList<int> outer)
    {
        var outerOf = new Dictionary<int, int> { [-1] = -1 };
        return inner.Zip(outer).All(pair => pair.First < 0 || pair.Second >= 0) && inner.Zip(outer).All(pair => outerOf.TryAdd(pair.First, pair.Second) || outerOf[pair.First] == pair.Second);
    }

    private static bool KeepsKnownConversations(IReadOnlyList<ChatLine> lines, IReadOnlyList<int> high)
    {
        var (labelOf, knownAs) = (new Dictionary<int, int>(), new Dictionary<int, int>());
        for (var line = 0; line < lines.Count; line++)
        {
            if (lines[line].Conversation is not { } known)
                continue;
            if (known < 0 ? high[line] >= 0 : high[line] < 0 || !IsPair(known, high[line]))
                return false;
        }

        return true;

        bool IsPair(int known, int label)
            => (labelOf.TryAdd(known, label) || labelOf[known] == label) && (knownAs.TryAdd(label, known) || knownAs[label] == known);
    }

    /// <summary>Whether each explicit reply links to the line it answers, unless its own conversation is known or the answered line is noise.</summary>
    private static bool ObeysReplies(IReadOnlyList<ChatLine> lines, IReadOnlyList<int> high, IReadOnlyList<int?> links)
    {
        for (var line = 0; line < lines.Count; line++)
        {
            if (lines[line] is not { Conversation: null, ReplyTo: { } answered } || answered < 0 || answered >= line)
                continue;
            if (high[answered] >= 0 && links[line] != answered)
                return false;
        }

        return true;
    }
}
