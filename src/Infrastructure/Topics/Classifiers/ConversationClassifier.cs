using AIChat.Domain.Topics;
using AIChat.Infrastructure.Topics.Linking;
using AIChat.Infrastructure.Topics.Ngrams;
using AIChat.Infrastructure.Topics.Themes;

namespace AIChat.Infrastructure.Topics.Classifiers;

/// <summary>
/// Conversations are the linker's, in both modes: second looks at a conversation's opening were tried and gained nothing (docs/topics.md). Online, a
/// conversation's themes are settled by the line that opens it; with the whole window at hand they are clustered from whole conversations.
/// </summary>
internal sealed class ConversationClassifier(LinkWeights weights) : IConversationClassifier
{
    private const int LinesBetweenReports = 256;

    /// <summary>From which likeness on a conversation that opens shares the narrow theme of an earlier one.</summary>
    private const float NarrowKin = 0.25f;

    public ConversationClassifier()
        : this(LinkWeights.Shipped)
    {
    }

    public Task<Classification> ClassifyAsync(IReadOnlyList<ChatLine> lines, ClassificationMode mode, IProgress<int>? progress, CancellationToken cancellation) =>
        Task.Run(() => Classify(lines, mode, progress, cancellation), cancellation);

    private Classification Classify(IReadOnlyList<ChatLine> lines, ClassificationMode mode, IProgress<int>? progress, CancellationToken cancellation)
    {
        var window = new LinkedWindow(lines, [.. lines.Select(line => line.NgramProfile ?? NgramEmbedder.Embed(line.Content))]);
        var weighed = Link(window, mode, progress, cancellation);
        if (mode == ClassificationMode.Full)
        {
            LookAgain(window, weighed, cancellation);
            AdoptAnsweredNoise(window);
        }

        var result = mode == ClassificationMode.Full ? FullThemes(window, cancellation) : OnlineThemes(window);
        progress?.Report(lines.Count);
        return result;
    }

    private List<ScoredLine> Link(LinkedWindow window, ClassificationMode mode, IProgress<int>? progress, CancellationToken cancellation)
    {
        var weighed = new List<ScoredLine>();
        var linker = new LearnedLinker(weights);
        var lines = window.Lines;
        var given = new Dictionary<int, int>();
        var lastIn = new Dictionary<int, int>();
        var next = 0;
        for (var i = 0; i < lines.Count; i++)
        {
            cancellation.ThrowIfCancellationRequested();
            var line = lines[i] with { NgramProfile = window.Packed[i] };
            if (line.Conversation is not { } known)
            {
                var verdict = linker.Link(line);
                window.Conversations[i] = verdict.Conversation;
                window.Margins[i] = verdict.Margin;
                // A link must lie within its conversation, and what an answer to noise is in holds earlier answers at most.
                window.Links[i] = verdict.Antecedent is { } earlier && window.Conversations[earlier] == verdict.Conversation ? earlier : LastIn(verdict.Conversation);
                if (verdict.SimilarConversation is { } kin)
                    window.Similar[verdict.Conversation] = (kin, linker.KinAlike);
            }
            else
            {
                var number = -1;
                if (known >= 0 && !given.TryGetValue(known, out number))
                    number = given[known] = next;
                linker.Observe(line, number);
                window.Conversations[i] = number;
                if (line.ReplyTo is { } answered && answered >= 0 && answered < i && number >= 0 && window.Conversations[answered] == number)
                    window.Links[i] = answered;
                else
                    window.Links[i] = LastIn(number);
            }

            if (mode == ClassificationMode.Full && linker.LastWeighed() is { } heard)
                weighed.Add(heard);
            if (window.Conversations[i] >= 0)
                lastIn[window.Conversations[i]] = i;
            next = Math.Max(next, window.Conversations[i] + 1);
            if (i % LinesBetweenReports == 0)
                progress?.Report(i);
        }

        return weighed;

        int? LastIn(int number) => lastIn.TryGetValue(number, out var last) ? last : null;
    }

    /// <summary>Moves lines where they fit best now that all are filed; a link goes to the likeliest earlier line of the conversation.</summary>
    private void LookAgain(LinkedWindow window, List<ScoredLine> weighed, CancellationToken cancellation)
    {
        if (weights.Second is not { } model)
            return;
        var filed = new Clustering(weighed);
        // What somebody answers explicitly stays with the answer.
        var answered = window.Lines.Where(line => line.ReplyTo is not null).Select(line => line.ReplyTo!.Value).ToHashSet();
        var margins = Refinement.Run(filed, at => weighed[at].Links.Length == 0 || answered.Contains(weighed[at].Line.Index), model, cancellation);
        var lastIn = new Dictionary<int, int>();
        for (var at = 0; at < weighed.Count; at++)
        {
            var (line, number) = (weighed[at].Line.Index, filed.Numbers[at]);
            window.Margins[line] = margins[at] ?? window.Margins[line];
            if (number >= 0 && weighed[at].Links.Length > 0 && filed.Parts(number, "").Size == 1 && FillerDetector.IsFiller(window.Lines[line].Content))
                number = -1;
            window.Conversations[line] = number;
            var mayStay = weighed[at].Links.Length == 0 && window.Links[line] is { } earlier && window.Conversations[earlier] == number;
            if (number >= 0 && !mayStay)
                window.Links[line] = LikeliestIn(filed, at) ?? (lastIn.TryGetValue(number, out var last) ? last : null);
            if (number < 0)
            {
                window.Links[line] = null;
                continue;
            }

            lastIn[number] = line;
        }
    }

    private static int? LikeliestIn(Clustering filed, int at)
    {
        var links = filed.Lines[at].Links;
        var (best, found) = (float.NegativeInfinity, -1);
        for (var n = 0; n < links.Length && n < at; n++)
        {
            if (filed.Numbers[at - 1 - n] == filed.Numbers[at] && links[n] > best)
                (best, found) = (links[n], at - 1 - n);
        }

        return found < 0 ? null : filed.Lines[found].Line.Index;
    }

    /// <summary>Chatter that somebody answers explicitly was no noise: it opened what the answer is in.</summary>
    private static void AdoptAnsweredNoise(LinkedWindow window)
    {
        for (var i = 0; i < window.Lines.Count; i++)
        {
            if (window.Lines[i].ReplyTo is not { } answered || answered < 0 || answered >= i || window.Links[i] == answered || window.Conversations[i] < 0)
                continue;
            if (window.Conversations[answered] < 0 && !window.Lines[answered].IsSystem && window.Lines[answered].Conversation is null)
                window.Conversations[answered] = window.Conversations[i];
            if (window.Conversations[answered] == window.Conversations[i])
                window.Links[i] = answered;
        }
    }

    private static Classification OnlineThemes(LinkedWindow window)
    {
        var (mid, low) = (new Dictionary<int, int>(), new Dictionary<int, int>());
        foreach (var number in window.Conversations)
        {
            if (number < 0 || mid.ContainsKey(number))
                continue;
            var kin = window.Similar.TryGetValue(number, out var found) ? found : default;
            mid[number] = kin.Alike >= NarrowKin ? mid[kin.Kin] : number;
            low[number] = kin.Alike > 0 ? low[kin.Kin] : number;
        }

        return Result(window, number => mid[number], number => low[number]);
    }

    private static Classification FullThemes(LinkedWindow window, CancellationToken cancellation)
    {
        var space = new NgramSpace();
        foreach (var packed in window.Packed)
            space.Add(packed);
        var members = window.Members();
        var numbers = members.Keys.ToArray();
        var (mid, low) = ThemeTree.Grow(space, [.. numbers.Select(number => Told(members[number]))], cancellation);
        var at = numbers.Select((number, index) => (number, index)).ToDictionary(pair => pair.number, pair => pair.index);
        return Result(window, number => mid[at[number]], number => low[at[number]]);

        ThemeConversation Told(List<int> lines) => new([.. lines.Select(line => new ThemeLine(window.Packed[line], window.Lines[line].Embedding))], window.Lines[lines[0]].CreatedAt, window.Lines[lines[^1]].CreatedAt);
    }

    private static Classification Result(LinkedWindow window, Func<int, int> mid, Func<int, int> low) => new(
        window.Links,
        Renumbered(window.Conversations),
        Renumbered(window.Conversations.Select(number => number < 0 ? number : mid(number))),
        Renumbered(window.Conversations.Select(number => number < 0 ? number : low(number))))
    {
        Margins = window.Margins,
    };

    private static List<int> Renumbered(IEnumerable<int> labels)
    {
        var seen = new Dictionary<int, int>();
        return [.. labels.Select(label => label < 0 ? -1 : seen.TryGetValue(label, out var number) ? number : seen[label] = seen.Count)];
    }
}
