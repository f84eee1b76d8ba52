using AIChat.Domain.Summaries;
using AIChat.Domain.Topics;
using AIChat.Infrastructure.Topics.Linking;
using AIChat.Infrastructure.Topics.Quotes;

namespace AIChat.Infrastructure.Summaries.Extractive;

/// <summary>A remark that may be quoted, with its terms.</summary>
internal sealed class Candidate
{
    private const int LongestText = 240;

    /// <summary>A longer quote is reduced to its best sentences.</summary>
    private const int EnoughText = 60;

    /// <summary>An answer up to this length is quoted with its question.</summary>
    private const int ShortAnswer = 30;

    /// <summary>Number of remarks after a question that may be its answer.</summary>
    private const int AnswerWithin = 3;

    /// <summary>Remarks with fewer content words are chatter ("ok", "really?"); long conversations need more per sentence, and have remarks enough that stand alone.</summary>
    private const int LeastTerms = 2;
    private const int LeastTermsOfMany = 4;
    private const int Many = 40;

    private readonly string[][] _terms;
    private int _first;
    private int _last;
    private Remark? _answer;

    private Candidate(Remark remark, TermReader reader, int leastTerms)
    {
        Remark = remark;
        _terms = [.. remark.Sentences.Select(sentence => reader.Read(remark.Text[sentence]).ToArray())];
        _first = Array.FindIndex(_terms, terms => terms.Length >= leastTerms);
        _last = Array.FindLastIndex(_terms, terms => terms.Length >= leastTerms);
        Count([], 0);
    }

    public Remark Remark { get; }

    /// <summary>Terms from the first to the last sentence with content; empty for chatter.</summary>
    public IReadOnlyList<string> Terms { get; private set; } = [];

    public IReadOnlyList<string> Distinct { get; private set; } = [];

    /// <summary>Number of words in the quote.</summary>
    public int Words { get; private set; }

    /// <summary>Index of the remark that answers this one and is quoted with it; null: none.</summary>
    public int? Answer { get; private set; }

    public static List<Candidate> Of(List<Remark> remarks, TermReader reader, IReadOnlyList<ChatLine> lines)
    {
        var areMany = remarks.Count > Many;
        var leastTerms = areMany ? LeastTermsOfMany : LeastTerms;
        List<Candidate> candidates = [.. remarks.Select(remark => new Candidate(remark, reader, leastTerms))];
        for (var i = 0; i < remarks.Count; i++)
        {
            if (!remarks[i].Asks || FindAnswer(remarks, i, lines) is not { } answer) continue;
            candidates[i]._answer = answer;
            if (answer.Text.Length > ShortAnswer) continue;
            candidates[i].Answer = remarks.IndexOf(answer);
            if (!areMany) candidates[i].CountWith(answer, reader, leastTerms);
        }
        return candidates;
    }

    public SummaryPoint ToPoint(Dictionary<string, double> weights)
    {
        var text = Quote(weights);
        if (_answer is null) return new SummaryPoint(Named(Remark, text), Remark.Lines);
        var citations = Remark.Lines.Concat(_answer.Lines).ToArray();
        var answered = $"{Named(Remark, text)} — {Named(_answer, _answer.Text)}";
        return new SummaryPoint(Answer is null || text.Length + _answer.Text.Length > LongestText ? Named(Remark, text) : answered, citations);
    }

    /// <summary>
    /// Counts an answer of one word, which is chatter alone, to its question, because the two are quoted together: "몇 시에?" is chatter, "몇 시에? — 7시" is not. An answer
    /// such as 7시 has no content word and is one.
    /// </summary>
    private void CountWith(Remark answer, TermReader reader, int leastTerms)
    {
        var terms = reader.Read(answer.Text);
        if (terms.Count == 0 && answer.Text.Any(char.IsDigit)) terms = [answer.Text.ToLowerInvariant()];
        if (terms.Count != 1) return;
        if (_first < 0 && 1 + _terms.Sum(sentence => sentence.Length) >= leastTerms) (_first, _last) = (0, _terms.Length - 1);
        if (_first >= 0) Count(terms, answer.Text.Count(c => c == ' ') + 1);
    }

    private void Count(IReadOnlyList<string> more, int moreWords)
    {
        Terms = _first < 0 ? [] : [.. _terms[_first..(_last + 1)].SelectMany(terms => terms), .. more];
        Distinct = [.. Terms.Distinct(StringComparer.Ordinal)];
        Words = _first < 0 ? 0 : Remark.Text[Kept(_first, _last)].Count(c => c == ' ') + 1 + moreWords;
    }

    /// <summary>Leaves the answer out of the quote, because it is a point of its own.</summary>
    public void DropAnswer() => Answer = null;

    /// <summary>The explicit reply, otherwise the next remark of another speaker that says something and is not a question.</summary>
    private static Remark? FindAnswer(List<Remark> remarks, int question, IReadOnlyList<ChatLine> lines)
    {
        var asker = remarks[question].Speaker;
        var near = remarks.Skip(question + 1).Take(AnswerWithin).Where(remark => remark.Speaker != asker).ToArray();
        return Array.Find(near, remark => lines[remark.Lines[0]].ReplyTo is { } to && remarks[question].Lines.Contains(to))
            ?? Array.Find(near, remark => !remark.Asks && lines[remark.Lines[0]].ReplyTo is null && !FillerDetector.IsFiller(remark.Text));
    }

    private static string Named(Remark remark, string text) => remark.Nickname.Length == 0 ? text : $"{remark.Nickname}: {text}";

    /// <summary>The consecutive sentences with the densest content, as written.</summary>
    private string Quote(Dictionary<string, double> weights)
    {
        var (first, last) = _first < 0 ? (0, _terms.Length - 1) : (_first, _last);
        while (first < last && Length(first, last) > EnoughText)
        {
            if (Density(first, weights) < Density(last, weights)) first++;
            else last--;
        }
        return Text.Shortened(Interjections.Trimmed(Remark.Text[Kept(first, last)]), LongestText);
    }

    private double Density(int sentence, Dictionary<string, double> weights) =>
        _terms[sentence].Distinct(StringComparer.Ordinal).Sum(term => weights.GetValueOrDefault(term)) / Math.Sqrt(1 + Length(sentence, sentence));

    private int Length(int first, int last) => Remark.Sentences[last].End.Value - Remark.Sentences[first].Start.Value;

    private Range Kept(int first, int last) => Remark.Sentences[first].Start..Remark.Sentences[last].End;
}
