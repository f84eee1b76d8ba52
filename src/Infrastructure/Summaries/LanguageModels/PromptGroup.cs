using AIChat.Domain.Topics;
using AIChat.Infrastructure.LanguageModels;
using AIChat.Infrastructure.Topics.Quotes;

namespace AIChat.Infrastructure.Summaries.LanguageModels;

/// <summary>A group of lines, with a label in place of each speaker.</summary>
internal sealed class PromptGroup
{
    private readonly SpeakerLabels _labels;
    private readonly int[] _tokens;

    public PromptGroup(int number, IReadOnlyList<ChatLine> lines, SpeakerLabels labels, LanguageModel model, string language)
    {
        (Number, Lines, _labels) = (number, PrivateText.Masked(lines), labels);
        Check = new CitationCheck(Lines, labels, language);
        _tokens = [.. Enumerable.Range(0, lines.Count).Select(line => model.Count(Line(line, line + 1)) + 1)];
        Tokens = _tokens.Sum() + 20;
    }

    public int Number { get; }

    /// <summary>With what is private masked: the model may not see it, nor may the answer be checked by it.</summary>
    public IReadOnlyList<ChatLine> Lines { get; }

    public CitationCheck Check { get; }

    public int Tokens { get; }

    public string Line(int line, int number) => SummaryPrompt.Line(_labels.Labelled(Lines[line]), number, _labels.Of(Lines[line]));

    /// <summary>Divides the lines into parts that fit into a prompt each, the newest part first.</summary>
    public IEnumerable<IReadOnlyList<int>> Parts(int budget)
    {
        var most = (int)(budget * 0.9);
        for (var end = Lines.Count; end > 0;)
        {
            var (from, sum) = (end, 0);
            while (from > 0 && (from == end || sum + _tokens[from - 1] <= most))
                sum += _tokens[--from];
            yield return [.. Enumerable.Range(from, end - from)];
            end = from;
        }
    }
}
