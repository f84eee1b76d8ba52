using System.Text.Json;
using System.Text.RegularExpressions;
using AIChat.Domain.Summaries;
using AIChat.Domain.Topics;
using AIChat.Infrastructure.Topics.Naming;

namespace AIChat.Infrastructure.LanguageModels;

/// <summary>
/// Checks a model's points against the lines that it was given. Unknown citations are dropped; a point without citations, or about an unknown person, is rejected. A point
/// is weak if it shares too few words with its lines, has a number that they lack, or names a person who neither speaks nor is mentioned in them.
/// </summary>
/// <param name="lines">The group's lines.</param>
/// <param name="people">Everyone's label.</param>
/// <param name="language">The requested language. A point in another language is rejected, unless its lines are in that language.</param>
internal sealed partial class CitationCheck(IReadOnlyList<ChatLine> lines, SpeakerLabels people, string language)
{
    private const int MostCitations = 12;

    /// <summary>Share of a point's content words that must occur in its lines.</summary>
    private const double LeastShared = 0.3;

    /// <summary>The same for a name, which has few of them.</summary>
    private const double LeastNamed = 0.6;

    /// <summary>Share of Latin letters in an English sentence, which may contain Korean names.</summary>
    private const double LeastLatin = 0.25;

    private static readonly HashSet<string> Stop = [.. WordLists.EnglishStop, .. WordLists.KoreanStop];

    /// <param name="point">The model's JSON.</param>
    /// <param name="linesOf">Lines of a citation number, as indices within the group; null: unknown number.</param>
    /// <returns>Null if the point is rejected.</returns>
    public CheckedPoint? Of(JsonElement point, Func<int, IReadOnlyList<int>?> linesOf)
    {
        if (point.ValueKind != JsonValueKind.Object || !point.TryGetProperty("text", out var written) || written.ValueKind != JsonValueKind.String
            || !point.TryGetProperty("cites", out var cites) || cites.ValueKind != JsonValueKind.Array)
            return null;
        var cited = cites.EnumerateArray().Where(number => number.ValueKind == JsonValueKind.Number && number.TryGetInt32(out _))
            .SelectMany(number => linesOf(number.GetInt32()) ?? []).Distinct().Order().Take(MostCitations).ToList();
        if (cited.Count == 0)
            return null;
        var said = cited.ConvertAll(line => lines[line].Content);
        var text = PlainSentence.Of(written.GetString()!, said);
        var labels = people.In(text);
        if (labels.Any(label => people.NicknameOf(label) is null) || !text.Any(char.IsLetterOrDigit) || !IsInLanguage(people.Without(text), said))
            return null;
        var isWeak = !IsAttributed(labels, text, cited, said) || !IsSaid(text, said);

        // Sanitize again: the inserted nicknames may form an address with the text around them.
        var named = PlainSentence.Of(people.Named(text, Shown), said);
        return new CheckedPoint(new SummaryPoint(named, cited) { Kind = KindOf(point), IsWeak = isWeak }, text);
    }

    /// <summary>A topic's name, most of whose words were said in it, without labels or nicknames; null: it is not such a name.</summary>
    public string? NameOf(string written)
    {
        var said = string.Join('\n', lines.Select(line => line.Content));
        return people.In(written).Count == 0 && PlainName.Of(written, people.Nicknames) is { } name && Shared(name, said) is { Shared: > 0 } found && found.Shared >= LeastNamed * found.Words ? name : null;
    }

    /// <summary>A nickname is free text of a user and is sanitized too.</summary>
    private static string Shown(string nickname) => PlainSentence.Of(nickname, []) is { Length: > 0 } plain ? plain : "?";

    private static PointKind KindOf(JsonElement point)
        => point.TryGetProperty("kind", out var kind) && kind.ValueKind == JsonValueKind.String
            ? kind.GetString() switch
            {
                "decision" => PointKind.Decision,
                "actionItem" => PointKind.ActionItem,
                "question" => PointKind.Question,
                _ => PointKind.Statement,
            }
            : PointKind.Statement;

    /// <summary>Whether everyone who is named speaks in the cited lines or is mentioned there.</summary>
    private bool IsAttributed(IReadOnlySet<string> labels, string text, List<int> cited, List<string> said)
    {
        var speakers = cited.Select(line => lines[line].Nickname).ToHashSet(StringComparer.OrdinalIgnoreCase);
        return labels.Select(label => people.NicknameOf(label)!).Concat(people.Nicknames.Where(name => name.Length > 1 && text.Contains(name, StringComparison.OrdinalIgnoreCase)))
            .All(name => speakers.Contains(name) || said.Exists(line => line.Contains(name, StringComparison.OrdinalIgnoreCase)));
    }

    private bool IsSaid(string text, List<string> said)
    {
        var all = string.Join(' ', said);
        if (Number().Matches(text).Any(number => !all.Contains(number.Value, StringComparison.Ordinal)))
            return false;
        var (shared, words) = Shared(people.Without(text), all);
        return shared >= LeastShared * words;
    }

    /// <summary>How many content words of a text are said in others, and how many there are to compare: across languages, only those in Latin letters.</summary>
    private static (int Shared, int Words) Shared(string text, string said)
    {
        var (words, theirs) = (Words(text), Words(said));
        if (theirs.Count > 0 && IsKorean(words) != IsKorean(theirs))
            words = IsKorean(words) ? words.FindAll(word => word.Script == Script.Latin) : [];
        var stems = theirs.Select(Stem).ToHashSet(StringComparer.Ordinal);
        return (words.Count(word => stems.Contains(Stem(word))), words.Count);
    }

    private bool IsInLanguage(string text, List<string> said)
    {
        var linesAreKorean = IsKorean(Words(string.Join(' ', said)));
        return Is(text, korean: language == "ko") || (linesAreKorean != (language == "ko") && Is(text, linesAreKorean));

        static bool Is(string text, bool korean)
        {
            var letters = text.Count(char.IsLetter);
            return korean ? letters == 0 || Hangul.Contains(text) : text.Count(char.IsAsciiLetter) >= LeastLatin * letters;
        }
    }

    private static List<Word> Words(string text) => [.. WordScanner.Scan(text).Where(word => word.Key.Length > 1 && !Stop.Contains(word.Key))];

    private static bool IsKorean(List<Word> words) => 2 * words.Count(word => word.Script == Script.Hangul) > words.Count;

    private static string Stem(Word word) => word.Key[..Math.Min(word.Key.Length, word.Script == Script.Hangul ? 2 : 4)];

    [GeneratedRegex(@"(?<![0-9A-Za-z])[0-9]{2,}", RegexOptions.None, Timeout.Infinite)]
    private static partial Regex Number();
}
