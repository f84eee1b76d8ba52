using AIChat.Domain.Topics;
using AIChat.Infrastructure.Topics.Linking;
using AIChat.Infrastructure.Topics.Ngrams;
using AIChat.Infrastructure.Topics.Themes;

namespace AIChat.Infrastructure.Topics.Classifiers;

/// <summary>
/// Classifies a window in this process. Online, conversations are the linker's, and the line that opens a conversation decides its themes. In full mode the conversations
/// are found anew from the whole window and the themes clustered from whole conversations. Variants that gained nothing are in docs/topics-notebook.md.
/// </summary>
internal sealed class ConversationClassifier(LinkWeights weights) : IConversationClassifier
{
    private const int LinesBetweenReports = 256;

    /// <summary>Least n-gram cosine at which a conversation that opens shares the narrow theme of an earlier one.</summary>
    private const float NarrowThemeCosine = 0.25f;

    public ConversationClassifier()
        : this(LinkWeights.Shipped)
    {
    }

    public Task<Classification> ClassifyAsync(IReadOnlyList<ChatLine> lines, ClassificationMode mode, IProgress<int>? progress, CancellationToken cancellation) =>
        Task.Run(() => Classify(lines, mode, progress, cancellation), cancellation);

    private Classification Classify(IReadOnlyList<ChatLine> lines, ClassificationMode mode, IProgress<int>? progress, CancellationToken cancellation)
    {
        var window = new LinkedWindow(lines, [.. lines.Select(line => line.NgramProfile ?? NgramEmbedder.Embed(line.Content))]);
        var scored = Link(window, mode, progress, cancellation);
        if (mode == ClassificationMode.Full)
        {
            ClusterWindow(window, scored, cancellation);
            AdoptAnsweredNoise(window);
        }

        var result = mode == ClassificationMode.Full ? FullThemes(window, cancellation) : OnlineThemes(window);
        progress?.Report(lines.Count);
        return result;
    }

    private List<ScoredLine> Link(LinkedWindow window, ClassificationMode mode, IProgress<int>? progress, CancellationToken cancellation)
    {
        var scored = new List<ScoredLine>();
        var linker = new LearnedLinker(weights);
        var lines = window.Lines;
        var numberOfKnown = new Dictionary<int, int>();
        var lastIn = new Dictionary<int, int>();
        var next = 0;
        for (var i = 0; i < lines.Count; i++)
        {
            cancellation.ThrowIfCancellationRequested();
            var line = lines[i] with { NgramProfile = window.NgramProfiles[i] };
            if (line.Conversation is not { } known)
            {
                var decision = linker.Link(line);
                window.Conversations[i] = decision.Conversation;
                window.Margins[i] = decision.Margin;
                // A link lies within its conversation; an answer to noise is in a conversation that does not contain the noise.
                window.Links[i] = decision.Antecedent is { } earlier && window.Conversations[earlier] == decision.Conversation ? earlier : LastIn(decision.Conversation);
                if (decision.SimilarConversation is { } similar)
                    window.Similar[decision.Conversation] = (similar, linker.SimilarConversationCosine);
            }
            else
            {
                var number = -1;
                if (known >= 0 && !numberOfKnown.TryGetValue(known, out number))
                    number = numberOfKnown[known] = next;
                linker.Observe(line, number);
                window.Conversations[i] = number;
                if (line.ReplyTo is { } answered && answered >= 0 && answered < i && number >= 0 && window.Conversations[answered] == number)
                    window.Links[i] = answered;
                else
                    window.Links[i] = LastIn(number);
            }

            if (mode == ClassificationMode.Full && linker.LastScored() is { } last)
                scored.Add(last);
            if (window.Conversations[i] >= 0)
                lastIn[window.Conversations[i]] = i;
            next = Math.Max(next, window.Conversations[i] + 1);
            if (i % LinesBetweenReports == 0)
                progress?.Report(i);
        }

        return scored;

        int? LastIn(int number) => lastIn.TryGetValue(number, out var last) ? last : null;
    }

    /// <summary>Finds the conversations of the whole window anew; a line links to its most likely antecedent in its conversation.</summary>
    private void ClusterWindow(LinkedWindow window, List<ScoredLine> scored, CancellationToken cancellation)
    {
        var isEmbedded = 2 * scored.Count(line => line.Observed.Embedding is not null) > scored.Count;
        // In a room that has just begun there is nothing to be gained from both sides in time, and the rule of silence holds.
        if (scored.Count < LearnedLinker.YoungRoom || (isEmbedded ? weights.EmbeddedWindows : weights.Windows) is not { } windows)
            return;
        var (conversations, margins) = windows.Run(scored, Together(window, scored), [.. scored.Select(line => window.Lines[line.Observed.Index].Conversation ?? -1)], cancellation);
        // A conversation says something, or somebody answered in it explicitly, or it is known; any other is noise.
        var isConversation = new HashSet<int>();
        for (var at = 0; at < scored.Count; at++)
        {
            if (!HasChoice(scored[at]) || !FillerDetector.IsNothingAlone(scored[at].Observed.Source.Content))
                isConversation.Add(conversations[at]);
        }

        var lastIn = new Dictionary<int, int>();
        for (var at = 0; at < scored.Count; at++)
        {
            var (line, conversation) = (scored[at].Observed.Index, conversations[at]);
            var hadChoice = HasChoice(scored[at]);
            var isNoise = window.Lines[line].Conversation is { } known ? known < 0 : !isConversation.Contains(conversation);
            var keepsLink = !hadChoice && window.Links[line] is { } earlier && window.Conversations[earlier] == conversation && !isNoise;
            window.Margins[line] = hadChoice ? margins[at] : window.Margins[line];
            window.Conversations[line] = isNoise ? -1 : conversation;
            if (!keepsLink)
                window.Links[line] = isNoise ? null : MostLikelyAntecedent(window, scored, at) ?? (lastIn.TryGetValue(conversation, out var last) ? last : null);
            if (!isNoise)
                lastIn[conversation] = line;
        }
    }

    private static bool HasChoice(ScoredLine line) => line.Observed.Source is { ReplyTo: null, Conversation: null };

    /// <summary>[scored lines]: the same number for lines that must be in one conversation, because one answers the other explicitly or both are known to be in it; −1: free.</summary>
    private static int[] Together(LinkedWindow window, List<ScoredLine> scored)
    {
        var lines = window.Lines;
        var (group, groupOfKnown) = (new int[lines.Count], new Dictionary<int, int>());
        var isBound = new bool[lines.Count];
        for (var i = 0; i < lines.Count; i++)
        {
            group[i] = i;
            if (lines[i].Conversation is { } known)
            {
                isBound[i] = known >= 0;
                if (known >= 0 && !groupOfKnown.TryAdd(known, i))
                    group[i] = groupOfKnown[known];
            }
            else if (lines[i].ReplyTo is { } answered && answered >= 0 && answered < i && !lines[answered].IsSystem && lines[answered].Conversation is null or >= 0)
            {
                group[i] = group[answered];
                isBound[i] = isBound[answered] = true;
            }
        }

        return [.. scored.Select(line => isBound[line.Observed.Index] ? group[line.Observed.Index] : -1)];
    }

    private static int? MostLikelyAntecedent(LinkedWindow window, List<ScoredLine> scored, int at)
    {
        var links = scored[at].Links;
        var conversation = window.Conversations[scored[at].Observed.Index];
        var (best, found) = (float.NegativeInfinity, -1);
        for (var n = 0; n < links.Length && n < at; n++)
        {
            if (window.Conversations[scored[at - 1 - n].Observed.Index] == conversation && links[n] > best)
                (best, found) = (links[n], at - 1 - n);
        }

        return found < 0 ? null : scored[found].Observed.Index;
    }

    /// <summary>Noise with an explicit reply joins the reply's conversation.</summary>
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
            var similar = window.Similar.TryGetValue(number, out var found) ? found : default;
            mid[number] = similar.Cosine >= NarrowThemeCosine ? mid[similar.Conversation] : number;
            low[number] = similar.Cosine > 0 ? low[similar.Conversation] : number;
        }

        return Result(window, number => mid[number], number => low[number]);
    }

    private static Classification FullThemes(LinkedWindow window, CancellationToken cancellation)
    {
        var space = new NgramSpace();
        foreach (var profile in window.NgramProfiles)
            space.Add(profile);
        var members = window.Members();
        var numbers = members.Keys.ToArray();
        var (mid, low) = ThemeTree.Build(space, [.. numbers.Select(number => Conversation(members[number]))], cancellation);
        var at = numbers.Select((number, index) => (number, index)).ToDictionary(pair => pair.number, pair => pair.index);
        return Result(window, number => mid[at[number]], number => low[at[number]]);

        // Lines are not always in the order of their times: an import keeps the order of its file, and clocks go wrong.
        ThemeConversation Conversation(List<int> lines) => new(
            [.. lines.Select(line => new ThemeLine(window.NgramProfiles[line], window.Lines[line].Embedding))],
            lines.Min(line => window.Lines[line].CreatedAt),
            lines.Max(line => window.Lines[line].CreatedAt));
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
