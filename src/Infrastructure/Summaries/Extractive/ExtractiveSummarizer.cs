using System.Runtime.CompilerServices;
using AIChat.Domain.Summaries;
using AIChat.Domain.Topics;
using AIChat.Infrastructure.Topics.Naming;
using AIChat.Infrastructure.Topics.Outcomes;
using AIChat.Infrastructure.Topics.Quotes;

namespace AIChat.Infrastructure.Summaries.Extractive;

/// <summary>
/// Quotes the remarks that cover most of a conversation's content words: greedy maximization of weighted coverage at a cost in length, a monotone submodular objective
/// (Lin and Bilmes 2010, 2011). Words that a chosen remark covers count nothing for the next, so points do not repeat each other. docs/summaries.md has the measurements.
/// </summary>
/// <param name="outcomes">Finds what came of a conversation, and tells how much a line matters.</param>
internal sealed class ExtractiveSummarizer(OutcomeFinder outcomes) : ISummarizer
{
    /// <summary>A word's weight is its count in the group to this power: frequent words are the subject.</summary>
    private const double CountPower = 1.5;

    /// <summary>Factor for common verbs and adjectives.</summary>
    private const double WeakDiscount = 0.5;

    /// <summary>The first remarks introduce the subject: the gain of remark i is multiplied by 1 + bonus · exp(−i / decay).</summary>
    private const double OpeningBonus = 2;
    private const double OpeningDecay = 1.5;

    /// <summary>Factor for the last remark, usually a farewell.</summary>
    private const double ClosingDiscount = 0.7;

    /// <summary>Factor for speakers who have not been quoted yet.</summary>
    private const double NewSpeakerBonus = 1.3;

    /// <summary>Lines that may say what came of the conversation: how many, and from which probability on.</summary>
    private const int MostOutcomes = 5;
    private const float LeastLikely = 0.05f;

    private const int RemarksAWord = 8;
    private const double MostOverhead = 12;

    private const string Name = "extractive";

    public string Engine => Name;

    public bool IsRemote => false;

    public async IAsyncEnumerable<SummaryUpdate> SummarizeAsync(GroupSummaryRequest request, [EnumeratorCancellation] CancellationToken cancellation)
    {
        for (var group = 0; group < request.Groups.Count; group++)
        {
            cancellation.ThrowIfCancellationRequested();
            yield return new GroupReady(group, Summarize(request.Groups[group]));
        }
    }

    /// <summary>1 point for up to 3 remarks, 7 for more than 120.</summary>
    private static int MostPoints(int remarks) => remarks switch
    {
        <= 3 => 1,
        <= 9 => 2,
        <= 20 => 3,
        <= 40 => 4,
        <= 70 => 5,
        <= 120 => 6,
        _ => 7,
    };

    /// <param name="lines">Oldest first.</param>
    public GroupSummary Summarize(IReadOnlyList<ChatLine> lines)
    {
        var likely = outcomes.Probabilities(lines);
        lines = PrivateText.Masked(lines);
        var remarks = Remark.Of(lines);
        if (remarks.Count == 0) return new GroupSummary(Name, []);

        var korean = new KoreanWords();
        foreach (var word in remarks.SelectMany(remark => WordScanner.Scan(remark.Text)))
            if (word.Script == Script.Hangul) korean.Observe(word.Key);
        var candidates = Candidate.Of(remarks, new TermReader(korean), lines);
        var weights = Weigh(candidates);
        var chosen = Choose(candidates, weights);
        return new GroupSummary(Name, [.. chosen.Order().Select(i => candidates[i].ToPoint(weights)).Select(point => point with { Importance = Importance(point.Citations) })])
        {
            Outcomes = lines.Count < OutcomeFinder.FewestLines ? [] : [.. Likeliest().Select(line => new SummaryPoint(OutcomeFinder.Quote(lines[line]), [line]) { Importance = likely[line] })],
        };

        IEnumerable<int> Likeliest() => Enumerable.Range(0, lines.Count)
            .Where(line => likely[line] >= LeastLikely && OutcomeFinder.MayTell(lines[line])).OrderByDescending(line => likely[line]).Take(MostOutcomes);

        // The expected number of cited lines that say what came of it.
        double Importance(IReadOnlyList<int> cited) => cited.Sum(line => likely[line]);
    }

    private static Dictionary<string, double> Weigh(List<Candidate> candidates)
    {
        Dictionary<string, double> weights = new(StringComparer.Ordinal);
        foreach (var term in candidates.SelectMany(candidate => candidate.Terms)) weights[term] = weights.GetValueOrDefault(term) + 1;
        foreach (var term in weights.Keys.ToArray()) weights[term] = Math.Pow(weights[term], CountPower) * (TermReader.IsWeak(term) ? WeakDiscount : 1);
        return weights;
    }

    private static List<int> Choose(List<Candidate> candidates, Dictionary<string, double> weights)
    {
        List<int> chosen = [];
        HashSet<int> quotedRemarks = [];
        HashSet<string> covered = new(StringComparer.Ordinal);
        HashSet<string> quoted = new(StringComparer.Ordinal);
        var most = MostPoints(candidates.Count);
        // A constant length cost, so that very short remarks do not win by density; it grows with the conversation.
        var overhead = Math.Min(MostOverhead, 1 + (candidates.Count / RemarksAWord));
        while (chosen.Count < most)
        {
            var (best, bestGain) = (-1, 0.0);
            for (var i = 0; i < candidates.Count; i++)
            {
                if (quotedRemarks.Contains(i)) continue;
                var gain = candidates[i].Distinct.Sum(term => covered.Contains(term) ? 0 : weights[term]) / (candidates[i].Words + overhead);
                gain *= 1 + (OpeningBonus * Math.Exp(-i / OpeningDecay));
                if (i > 0 && i == candidates.Count - 1) gain *= ClosingDiscount;
                if (chosen.Count > 0 && !quoted.Contains(candidates[i].Remark.Speaker)) gain *= NewSpeakerBonus;
                if (gain > bestGain) (best, bestGain) = (i, gain);
            }
            if (best < 0) break;
            chosen.Add(best);
            quotedRemarks.Add(best);
            // An answer that is quoted with its question is no point of its own; one that is a point already is not quoted again.
            if (candidates[best].Answer is { } answer && !quotedRemarks.Add(answer)) candidates[best].DropAnswer();
            covered.UnionWith(candidates[best].Distinct);
            quoted.Add(candidates[best].Remark.Speaker);
        }
        // Only chatter: quote the longest remark.
        if (chosen.Count == 0) chosen.Add(Enumerable.Range(0, candidates.Count).MaxBy(i => candidates[i].Remark.Text.Length));
        return chosen;
    }
}
