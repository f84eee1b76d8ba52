using System.Runtime.CompilerServices;
using AIChat.Domain.Summaries;
using AIChat.Domain.Topics;
using AIChat.Infrastructure.Topics.Naming;

namespace AIChat.Infrastructure.Summaries.Extractive;

/// <summary>
/// Quotes the remarks that together say the most of what the talk was about: greedy maximisation of weighted word coverage at a cost in length, a
/// monotone submodular objective (Lin and Bilmes 2010, 2011). What a chosen remark said already counts nothing in the next, so points do not repeat each
/// other. docs/summaries.md gives the weights and the numbers.
/// </summary>
internal sealed class ExtractiveSummarizer : ISummarizer
{
    /// <summary>A word's weight is its count in the group to this power: what is talked about, not what is merely rare.</summary>
    private const double CountPower = 1.5;

    /// <summary>A verb or an adjective of all work.</summary>
    private const double WeakDiscount = 0.5;

    /// <summary>The first remarks state what the talk is about: the very first counts 1 + this, the next ones less and less.</summary>
    private const double OpeningBonus = 2;
    private const double OpeningDecay = 1.5;

    /// <summary>The last remark is mostly a farewell.</summary>
    private const double ClosingDiscount = 0.7;

    /// <summary>Someone who has not been quoted yet.</summary>
    private const double NewSpeakerBonus = 1.3;

    private const int RemarksAWord = 8;
    private const double MostOverhead = 12;

    /// <summary>Fewer words with content than this make a greeting, an "ok", a "really?"; a long talk has better to offer than a sentence of three.</summary>
    private const int LeastTerms = 2;
    private const int LeastTermsOfMany = 4;
    private const int Many = 40;

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
    public static GroupSummary Summarize(IReadOnlyList<ChatLine> lines)
    {
        var remarks = Remark.Of(lines);
        if (remarks.Count == 0) return new GroupSummary(Name, "", []);

        var korean = new KoreanWords();
        foreach (var word in remarks.SelectMany(remark => WordScanner.Scan(remark.Text)))
            if (word.Script == Script.Hangul) korean.Observe(word.Key);
        var candidates = Candidate.Of(remarks, new TermReader(korean), remarks.Count > Many ? LeastTermsOfMany : LeastTerms, lines);
        var weights = Weigh(candidates);
        var chosen = Choose(candidates, weights);
        var points = chosen.Order().Select(i => candidates[i].ToPoint(weights)).ToArray();
        return new GroupSummary(Name, string.Join('\n', points.Select(point => point.Text)), points);
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
        HashSet<int> told = [];
        HashSet<string> covered = new(StringComparer.Ordinal);
        HashSet<string> quoted = new(StringComparer.Ordinal);
        var most = MostPoints(candidates.Count);
        // Word for word, "one please" beats every sentence; the longer the talk, the more a point has to say to be among its few.
        var overhead = Math.Min(MostOverhead, 1 + (candidates.Count / RemarksAWord));
        while (chosen.Count < most)
        {
            var (best, bestGain) = (-1, 0.0);
            for (var i = 0; i < candidates.Count; i++)
            {
                if (told.Contains(i)) continue;
                var gain = candidates[i].Distinct.Sum(term => covered.Contains(term) ? 0 : weights[term]) / (candidates[i].Words + overhead);
                gain *= 1 + (OpeningBonus * Math.Exp(-i / OpeningDecay));
                if (i > 0 && i == candidates.Count - 1) gain *= ClosingDiscount;
                if (chosen.Count > 0 && !quoted.Contains(candidates[i].Remark.Speaker)) gain *= NewSpeakerBonus;
                if (gain > bestGain) (best, bestGain) = (i, gain);
            }
            if (best < 0) break;
            chosen.Add(best);
            told.Add(best);
            // What a question's answer says need not be said again; what was said as a point need not be its answer.
            if (candidates[best].Answer is { } answer && !told.Add(answer)) candidates[best].Unanswered();
            covered.UnionWith(candidates[best].Distinct);
            quoted.Add(candidates[best].Remark.Speaker);
        }
        // Nothing but chatter: the longest of it is still an answer.
        if (chosen.Count == 0) chosen.Add(Enumerable.Range(0, candidates.Count).MaxBy(i => candidates[i].Remark.Text.Length));
        return chosen;
    }
}
