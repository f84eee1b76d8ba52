using System.Text.RegularExpressions;
using AIChat.Domain.Topics;

namespace AIChat.Infrastructure.Summaries.LanguageModels;

/// <summary>A label ("P1") for each person of a call, the same in all its topics. The letters before the number are such that no line has a label as a word of its own.</summary>
internal sealed partial class SpeakerLabels
{
    /// <summary>P first; the rest of the alphabet follows, then pairs of letters.</summary>
    private static readonly string[] Prefixes =
    [
        .. "PQXZKVWUJYTNRSLMHGFEDCBAIO".Select(letter => letter.ToString()),
        .. "QXZKVW".SelectMany(first => "QXZKVW".Select(second => $"{first}{second}")),
    ];

    private readonly string _prefix;
    private readonly Dictionary<string, string> _labels = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _nicknames = new(StringComparer.Ordinal);

    public SpeakerLabels(IEnumerable<ChatLine> lines)
    {
        var all = lines.ToList();
        var said = all.SelectMany(line => Numbered().Matches(line.Content)).Select(match => match.Groups["prefix"].Value.ToUpperInvariant()).ToHashSet(StringComparer.Ordinal);
        _prefix = Array.Find(Prefixes, prefix => !said.Contains(prefix)) ?? Prefixes[0];
        foreach (var line in all)
        {
            if (!_labels.TryGetValue(line.Speaker, out var label))
                _labels[line.Speaker] = label = FormattableString.Invariant($"{_prefix}{_labels.Count + 1}");
            _nicknames[label] = line.Nickname;
        }
    }

    /// <summary>How the first person is labelled, for the model's instructions.</summary>
    public string Example => _prefix + "1";

    public IReadOnlyCollection<string> Nicknames => _nicknames.Values;

    public string Of(ChatLine line) => _labels[line.Speaker];

    /// <summary>The nickname behind a label; null: nobody has it.</summary>
    public string? NicknameOf(string label) => _nicknames.GetValueOrDefault(label);

    /// <summary>The labels of a text, even those that nobody has.</summary>
    public IReadOnlySet<string> In(string text) => Numbered().Matches(text).Where(IsLabel).Select(match => match.Value).ToHashSet(StringComparer.Ordinal);

    /// <summary>The text without its labels.</summary>
    public string Without(string text) => Numbered().Replace(text, match => IsLabel(match) ? " " : match.Value);

    /// <summary>The text with what <paramref name="shown"/> makes of each nickname in place of its label; a Korean particle after it takes the form that the nickname asks for.</summary>
    /// <param name="text">Has no label that nobody has.</param>
    /// <param name="shown">Makes a nickname fit to be shown.</param>
    public string Named(string text, Func<string, string> shown)
    {
        var named = Numbered().Replace(text, match => IsLabel(match) ? $"{match.Value}{KoreanParticle.Mark}" : match.Value);
        foreach (var label in In(text).OrderByDescending(label => label.Length))
            named = KoreanParticle.Replace(named, label + KoreanParticle.Mark, shown(_nicknames[label]));
        return named;
    }

    private bool IsLabel(Match match) => match.Groups["prefix"].ValueSpan.SequenceEqual(_prefix);

    [GeneratedRegex("(?<![A-Za-z0-9_])(?<prefix>[A-Za-z]{1,2})[0-9]{1,5}(?![A-Za-z0-9])", RegexOptions.None, Timeout.Infinite)]
    private static partial Regex Numbered();
}
