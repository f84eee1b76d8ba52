using System.Text;
using System.Text.RegularExpressions;
using AIChat.Domain.Topics;
using AIChat.Infrastructure.Topics.Naming;

namespace AIChat.Infrastructure.LanguageModels;

/// <summary>
/// A label ("P1") for each person of a call, the same in all its topics. The letters before the number are such that no line and no nickname has a label as a word of its own, not even with
/// its markup and invisible letters removed.
/// </summary>
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
    private readonly Dictionary<string, string> _labelOfNickname = new(StringComparer.OrdinalIgnoreCase);
    private readonly int[] _lengths;

    public SpeakerLabels(IEnumerable<ChatLine> lines)
    {
        var all = lines.ToList();
        var said = all.SelectMany(line => new[] { line.Content, PlainSentence.Of(line.Content, []), line.Nickname }).SelectMany(text => Numbered().Matches(text)).Select(match => match.Groups["prefix"].Value.ToUpperInvariant()).ToHashSet(StringComparer.Ordinal);
        _prefix = Array.Find(Prefixes, prefix => !said.Contains(prefix)) ?? Prefixes[^1];
        foreach (var line in all)
        {
            if (!_labels.TryGetValue(line.Speaker, out var label))
                _labels[line.Speaker] = label = FormattableString.Invariant($"{_prefix}{_labels.Count + 1}");
            _nicknames[label] = line.Nickname;
            if (line.Nickname.Length > 0)
                _labelOfNickname[Text.Composed(line.Nickname)] = label;
        }

        _lengths = [.. _labelOfNickname.Keys.Select(nickname => nickname.Length).Distinct().OrderDescending()];
    }

    /// <summary>How the first person is labelled, for the model's instructions.</summary>
    public string Example => _prefix + "1";

    public IReadOnlyCollection<string> Nicknames => _nicknames.Values;

    public string Of(ChatLine line) => _labels[line.Speaker];

    /// <summary>
    /// The line with labels in place of nicknames of the call's people: @sora, sora야, 서준님. A nickname within a longer word stays, and so does one that is short or a common word unless
    /// an @ precedes it.
    /// </summary>
    public ChatLine Labelled(ChatLine line) => line with { Content = Labelled(Text.Composed(line.Content)) };

    /// <summary>The nickname behind a label; null: nobody has it.</summary>
    public string? NicknameOf(string label) => _nicknames.GetValueOrDefault(label);

    /// <summary>The labels of a text, even those that nobody has.</summary>
    public IReadOnlySet<string> In(string text) => Numbered().Matches(text).Where(IsLabel).Select(match => match.Value).ToHashSet(StringComparer.Ordinal);

    /// <summary>The text without its labels.</summary>
    public string Without(string text) => Numbered().Replace(text, match => IsLabel(match) ? " " : match.Value);

    /// <summary>
    /// The text with what <paramref name="shown"/> makes of each nickname in place of its label; a Korean particle after it, or after the quotation mark, bracket or space that follows it,
    /// takes the form that the nickname asks for.
    /// </summary>
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
            var between = KoreanParticle.Between(text, from);
            named.Append(between);
            from += between.Length;
            var particle = KoreanParticle.At(text, from);
            named.Append(KoreanParticle.After(nickname, particle));
            from += particle.Length;
        }

        return named.Append(text, from, text.Length - from).ToString();
    }

    private string Labelled(string text)
    {
        var (labelled, from) = (new StringBuilder(), 0);
        for (var at = 0; at < text.Length;)
        {
            var (hasAt, start) = text[at] == '@' ? (true, at + 1) : (false, at);
            if ((at == 0 || !char.IsLetterOrDigit(text[at - 1])) && NicknameAt(text, start, hasAt) is { } nickname)
            {
                labelled.Append(text, from, at - from).Append(_labelOfNickname[nickname]);
                at = from = start + nickname.Length;
            }
            else
            {
                at++;
            }
        }

        return labelled.Append(text, from, text.Length - from).ToString();
    }

    /// <summary>The longest nickname that begins at an index and ends as a word, or with what Korean appends to a name.</summary>
    private string? NicknameAt(string text, int start, bool hasAt)
    {
        foreach (var length in _lengths.Where(length => start + length <= text.Length))
        {
            var nickname = text.Substring(start, length);
            if (_labelOfNickname.ContainsKey(nickname) && (hasAt || IsTelling(nickname)) && EndsAt(text, start + length))
                return nickname;
        }

        return null;
    }

    private static bool EndsAt(string text, int end)
        => end == text.Length || !char.IsLetterOrDigit(text[end]) || (Hangul.IsSyllable(text[end]) && !Hangul.IsSyllable(text[end - 1])) || KoreanParticle.At(text, end).Length > 0 || AfterName().IsMatch(text, end);

    /// <summary>Whether a nickname tells of its bearer wherever it stands.</summary>
    private static bool IsTelling(string nickname)
    {
        var folded = nickname.ToLowerInvariant();
        return nickname.Length >= (Hangul.Contains(nickname) ? 2 : 3)
            && !WordLists.EnglishStop.Contains(folded) && !WordLists.EnglishWeak.Contains(folded) && !WordLists.KoreanStop.Contains(folded) && !WordLists.KoreanWeak.Contains(folded);
    }

    private bool IsLabel(Match match) => match.Groups["prefix"].ValueSpan.SequenceEqual(_prefix);

    /// <summary>Titles, kinship terms and the particles that have one form.</summary>
    [GeneratedRegex(@"\G(?=[가-힣])(님|씨|쌤|선배|이?(형|누나|언니|오빠))?(에게서?|한테서?|께서?|도|만|의|네|까지|부터|처럼|보다|하고|[은는이가을를아야])?(?![가-힣])", RegexOptions.ExplicitCapture, Timeout.Infinite)]
    private static partial Regex AfterName();

    [GeneratedRegex("(?<![A-Za-z0-9_])(?<prefix>[A-Za-z]{1,3})[0-9]{1,5}(?![A-Za-z0-9])", RegexOptions.None, Timeout.Infinite)]
    private static partial Regex Numbered();
}
