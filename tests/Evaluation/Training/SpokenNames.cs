using System.Globalization;
using System.Text.RegularExpressions;

namespace AIChat.Evaluation.Training;

/// <summary>
/// Names spoken in texts: replaced by placeholders such as <c>{2}</c>, and placeholders by other people's names. Korean particles stay behind the placeholder and
/// are adapted to the new name (민지야, 수빈아).
/// </summary>
internal sealed partial class SpokenNames
{
    /// <summary>What may follow a name without a space. Anything else makes it part of another word.</summary>
    private const string Suffix =
        "(?:'s|님|씨|쌤|네|형|누나|언니|오빠|선배|댁|집|꺼|거|말|들|아|야|이|가|은|는|을|를|와|과|랑|도|만|의|로|으로|나|한테|에게|께|께서|보다|처럼|까지|부터|밖에|라고|예요|이에요|입니다|인데)*";

    private const string Unbroken = @"(?![\p{L}\p{N}_])";

    private readonly Dictionary<string, string> _nicknames = new(StringComparer.OrdinalIgnoreCase);

    private readonly Regex _pattern;

    /// <param name="nicknames">The room's.</param>
    /// <param name="shortened">Whether people also shorten them: 다온 for 강다온, lena for lena_pennant, 갈매기님 for 부산갈매기.</param>
    public SpokenNames(IEnumerable<string> nicknames, bool shortened)
    {
        var all = nicknames.Where(nickname => nickname.Length > 0).Distinct().ToList();
        foreach (var nickname in all)
            _nicknames[nickname] = nickname;
        foreach (var (form, nickname) in shortened ? Unique(all, ShortForms) : [])
            _nicknames[form] = nickname;
        var names = Alternatives(_nicknames.Keys);
        var polite = (shortened ? Unique(all, PoliteForms) : []).FindAll(one => !_nicknames.ContainsKey(one.Form));
        foreach (var (form, nickname) in polite)
            _nicknames[form] = nickname;
        _pattern = new Regex(
            $@"@(?<name>{names})|(?<![\p{{L}}\p{{N}}_@])(?:(?<name>{names})(?={Suffix}{Unbroken})|(?<name>{Alternatives(polite.Select(one => one.Form))})(?=님))",
            RegexOptions.IgnoreCase | RegexOptions.CultureInvariant,
            TimeSpan.FromSeconds(5));
    }

    public bool Occur(string text) => _pattern.IsMatch(text);

    /// <summary>The text with placeholders; <paramref name="number"/> numbers a nickname.</summary>
    public string Replace(string text, Func<string, int> number) => _pattern.Replace(
        Placeholder().Replace(text, "${at}{ ${number} }${suffix}"),
        match => (match.Value[0] == '@' ? "@" : "") + "{" + number(_nicknames[match.Groups["name"].Value]).ToString(CultureInfo.InvariantCulture) + "}");

    /// <summary>The text with names in place of its placeholders.</summary>
    public static string Fill(string text, Func<int, string> name) => Placeholder().Replace(text, match =>
    {
        var filled = name(int.Parse(match.Groups["number"].Value, CultureInfo.InvariantCulture));
        return match.Groups["at"].Value + filled + Adapt(match.Groups["suffix"].Value, filled);
    });

    /// <summary>The text without its placeholders and what belongs to them.</summary>
    public static string Strip(string text)
    {
        if (!Placeholder().IsMatch(text))
            return text;
        var rest = AroundPlaceholder().Replace(text, "");
        return Loose().Replace(rest, "${end}").Trim(' ', ',', ':');
    }

    /// <summary>The number of the greatest placeholder, or −1.</summary>
    public static int Greatest(string text) => Placeholder().Matches(text).Select(match => int.Parse(match.Groups["number"].Value, CultureInfo.InvariantCulture)).DefaultIfEmpty(-1).Max();

    /// <summary>Turns a particle into the form that fits the name's final sound.</summary>
    private static string Adapt(string suffix, string name)
    {
        if (EndsInConsonant(name))
        {
            return suffix switch
            {
                ['야', ..] => "아" + suffix[1..],
                ['와', ..] => "과" + suffix[1..],
                ['로', ..] => "으로" + suffix[1..],
                ['예', '요', ..] => "이에요" + suffix[2..],
                ['가' or '는' or '를' or '랑' or '나' or '네', ..] => "이" + suffix,
                _ => suffix,
            };
        }

        return suffix switch
        {
            ['이', '에', '요', ..] => "예요" + suffix[3..],
            "이" => "가",
            ['이', ..] => suffix[1..],
            ['아', ..] => "야" + suffix[1..],
            ['은', ..] => "는" + suffix[1..],
            ['을', ..] => "를" + suffix[1..],
            ['과', ..] => "와" + suffix[1..],
            ['으', '로', ..] => suffix[1..],
            _ => suffix,
        };
    }

    private static bool EndsInConsonant(string name) => name[^1] switch
    {
        >= '가' and <= '힣' => (name[^1] - '가') % 28 != 0,
        _ => "lmn013678".Contains(char.ToLowerInvariant(name[^1]), StringComparison.Ordinal),
    };

    private static List<(string Form, string Nickname)> Unique(List<string> nicknames, Func<string, IEnumerable<string>> forms) =>
    [
        .. nicknames.SelectMany(nickname => forms(nickname).Select(form => (Form: form, Nickname: nickname)))
            .Where(one => !nicknames.Contains(one.Form, StringComparer.OrdinalIgnoreCase))
            .GroupBy(one => one.Form, StringComparer.OrdinalIgnoreCase)
            .Where(group => group.Select(one => one.Nickname).Distinct().Count() == 1)
            .Select(group => group.First()),
    ];

    private static IEnumerable<string> ShortForms(string nickname)
    {
        if (nickname.Length == 3 && "김이박최정강조윤장임한오서신권황안송전홍유".Contains(nickname[0], StringComparison.Ordinal))
            yield return nickname[1..];
        if (nickname.Any(letter => letter is >= '가' and <= '힣'))
            yield break;
        var parts = nickname.Split('_', '.').Where(part => part.Length > 0).ToList();
        var isTitle = parts.Count > 1 && (parts[0].Length < 4 || parts[0].ToUpperInvariant() is "PROF" or "COACH" or "ANALYST");
        var name = parts[isTitle ? 1 : 0].TrimEnd("0123456789".ToCharArray());
        for (var length = name.Length; length > 3 || (length == name.Length && length > 2); length--)
            yield return name[..length];
        if (name.Length > 5 && name.StartsWith("mr", StringComparison.OrdinalIgnoreCase))
            yield return name[2..];
    }

    private static IEnumerable<string> PoliteForms(string nickname)
    {
        for (var length = 2; length < nickname.Length && nickname.Any(letter => letter >= '가'); length++)
        {
            yield return nickname[..length];
            yield return nickname[^length..];
        }
    }

    private static string Alternatives(IEnumerable<string> forms) =>
        string.Join('|', forms.OrderByDescending(form => form.Length).ThenBy(form => form, StringComparer.Ordinal).Select(Regex.Escape).DefaultIfEmpty("(?!)"));

    [GeneratedRegex(@"(?<at>@?)\{(?<number>\d+)\}(?<suffix>[가-힣]*)", RegexOptions.None, Timeout.Infinite)]
    private static partial Regex Placeholder();

    [GeneratedRegex(@"@?\{\d+\}(?:'s|[가-힣]+)?[:,~]*\s*", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, Timeout.Infinite)]
    private static partial Regex AroundPlaceholder();

    [GeneratedRegex(@"[ ,]+(?<end>[!?.]|$)", RegexOptions.None, Timeout.Infinite)]
    private static partial Regex Loose();
}
