using System.Text;
using System.Text.RegularExpressions;
using AIChat.Domain.Topics;

namespace AIChat.Infrastructure.Summaries.LanguageModels;

/// <summary>A label ("P1") for each person of a call, the same in all its topics. The letters before the number are such that no line has a label as a word of its own.</summary>
internal sealed partial class SpeakerLabels
{
    private const string Letters = "PQXZKVWUJYTNRSLMHGFEDCBAIO";

    /// <summary>P first, the rest of the alphabet, pairs, then three letters: more than the lines of a call have room for.</summary>
    private static readonly string[] Prefixes =
    [
        .. Letters.Select(letter => letter.ToString()),
        .. Letters.SelectMany(first => Letters.Select(second => $"{first}{second}")),
        .. Letters.SelectMany(first => Letters.SelectMany(second => Letters.Select(third => $"{first}{second}{third}"))),
    ];

    private readonly string _prefix;
    private readonly Dictionary<string, string> _labels = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _nicknames = new(StringComparer.Ordinal);

    public SpeakerLabels(IEnumerable<ChatLine> lines)
    {
        var all = lines.ToList();
        var said = all.SelectMany(line => Numbered().Matches(line.Content)).Select(match => match.Groups["prefix"].Value.ToUpperInvariant()).ToHashSet(StringComparer.Ordinal);
        _prefix = Array.Find(Prefixes, prefix => !said.Contains(prefix)) ?? Prefixes[^1];
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
        var (named, from) = (new StringBuilder(), 0);
        foreach (var match in Numbered().Matches(text).Where(IsLabel))
        {
            var nickname = shown(_nicknames[match.Value]);
            named.Append(text, from, match.Index - from).Append(nickname);
            from = match.Index + match.Length;
            var particle = KoreanParticle.At(text, from);
            named.Append(KoreanParticle.After(nickname, particle));
            from += particle.Length;
        }

        return named.Append(text, from, text.Length - from).ToString();
    }

    private bool IsLabel(Match match) => match.Groups["prefix"].ValueSpan.SequenceEqual(_prefix);

    [GeneratedRegex("(?<![A-Za-z0-9_])(?<prefix>[A-Za-z]{1,3})[0-9]{1,5}(?![A-Za-z0-9])", RegexOptions.None, Timeout.Infinite)]
    private static partial Regex Numbered();
}
