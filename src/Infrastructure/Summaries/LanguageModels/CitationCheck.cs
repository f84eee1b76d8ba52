using System.Text.Json;
using System.Text.RegularExpressions;
using AIChat.Domain.Summaries;
using AIChat.Domain.Topics;
using AIChat.Infrastructure.Topics.Naming;

namespace AIChat.Infrastructure.Summaries.LanguageModels;

/// <summary>
/// Holds what a model wrote against what it read. A number that was not given is dropped, a point without any left is dropped, and so is one that speaks of a person who is not there. What shares
/// too few words or has a number that its lines do not have, or names somebody who neither speaks nor is spoken of in them, is passed on as weak.
/// </summary>
/// <param name="lines">The group's lines.</param>
/// <param name="people">Label ("P1") → nickname.</param>
/// <param name="language">That was asked for; a point in another one is dropped, unless its lines are in that one: quotes are as well.</param>
internal sealed partial class CitationCheck(IReadOnlyList<ChatLine> lines, IReadOnlyDictionary<string, string> people, string language)
{
    private const int MostCitations = 12;

    /// <summary>Of a point's telling words so many are in its lines, or it is weak.</summary>
    private const double LeastShared = 0.3;

    /// <summary>Of an English sentence's letters so many are Latin: it may well be about places in Seoul.</summary>
    private const double LeastLatin = 0.25;

    private static readonly HashSet<string> Stop = [.. WordLists.EnglishStop, .. WordLists.KoreanStop];

    /// <param name="point">As the model gave it.</param>
    /// <param name="linesOf">What a number stands for: indices within the group; null: it was not given.</param>
    public SummaryPoint? Of(JsonElement point, Func<int, IReadOnlyList<int>?> linesOf)
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
        var labels = Label().Matches(text).Select(match => match.Value).ToHashSet(StringComparer.Ordinal);
        if (labels.Any(label => !people.ContainsKey(label)) || !text.Any(char.IsLetterOrDigit) || !IsInLanguage(Label().Replace(text, " "), said))
            return null;
        var isWeak = !IsAttributed(labels, text, cited, said) || !IsSaid(text, said);

        // Once more, because words that are plain alone may be an address side by side.
        var named = PlainSentence.Of(Label().Replace(text, match => Shown(people[match.Value])), said);
        return new SummaryPoint(named, cited) { Kind = KindOf(point), IsWeak = isWeak };
    }

    /// <summary>A nickname is somebody's own text as well.</summary>
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

    /// <summary>Whoever is named speaks in the cited lines or is spoken of there.</summary>
    private bool IsAttributed(HashSet<string> labels, string text, List<int> cited, List<string> said)
    {
        var speakers = cited.Select(line => lines[line].Nickname).ToHashSet(StringComparer.OrdinalIgnoreCase);
        return labels.Select(label => people[label]).Concat(people.Values.Where(name => name.Length > 1 && text.Contains(name, StringComparison.OrdinalIgnoreCase)))
            .All(name => speakers.Contains(name) || said.Exists(line => line.Contains(name, StringComparison.OrdinalIgnoreCase)));
    }

    private static bool IsSaid(string text, List<string> said)
    {
        var all = string.Join(' ', said);
        if (Number().Matches(text).Any(number => !all.Contains(number.Value, StringComparison.Ordinal)))
            return false;
        var (words, theirs) = (Words(Label().Replace(text, " ")), Words(all));

        // Of a sentence in another language than its lines only what both write alike can be held against them.
        if (theirs.Count > 0 && IsKorean(words) != IsKorean(theirs))
            words = IsKorean(words) ? words.FindAll(word => word.Script == Script.Latin) : [];
        var stems = theirs.Select(Stem).ToHashSet(StringComparer.Ordinal);
        return words.Count(word => stems.Contains(Stem(word))) >= LeastShared * words.Count;
    }

    private bool IsInLanguage(string text, List<string> said)
    {
        var linesAreKorean = IsKorean(Words(string.Join(' ', said)));
        return Is(text, korean: language == "ko") || (linesAreKorean != (language == "ko") && Is(text, linesAreKorean));

        static bool Is(string text, bool korean)
        {
            var letters = text.Count(char.IsLetter);
            return korean ? letters == 0 || text.Any(letter => letter is >= '가' and <= '힣') : text.Count(char.IsAsciiLetter) >= LeastLatin * letters;
        }
    }

    private static List<Word> Words(string text) => [.. WordScanner.Scan(text).Where(word => word.Key.Length > 1 && !Stop.Contains(word.Key))];

    private static bool IsKorean(List<Word> words) => 2 * words.Count(word => word.Script == Script.Hangul) > words.Count;

    private static string Stem(Word word) => word.Key[..Math.Min(word.Key.Length, word.Script == Script.Hangul ? 2 : 4)];

    [GeneratedRegex(@"\bP[0-9]{1,5}(?![0-9A-Za-z])", RegexOptions.None, 1000)]
    private static partial Regex Label();

    [GeneratedRegex(@"(?<![0-9A-Za-z])[0-9]{2,}", RegexOptions.None, 1000)]
    private static partial Regex Number();
}
