using System.Text.RegularExpressions;
using AIChat.Domain.Topics;

namespace AIChat.Infrastructure.Topics.Quotes;

/// <summary>
/// Masks what looks private before it is quoted or sent to a language model: passwords, door and other codes, phone, account, card and resident numbers, keys of interfaces.
/// Some are known by their form; others only by a word such as 비번 or "password" in the same line or shortly before. docs/summaries.md says what is missed.
/// </summary>
internal static partial class PrivateText
{
    public const string Mask = "•••";

    /// <summary>How far the word that announces a code may stand before it.</summary>
    private const int LinesAfterCue = 4;
    private static readonly TimeSpan TimeAfterCue = TimeSpan.FromMinutes(15);

    /// <summary>A line of so few words that has a number is the answer, even where the number might be a year.</summary>
    private const int BareAnswer = 2;

    /// <param name="lines">A talk, oldest first.</param>
    /// <returns>The same lines, some with another content.</returns>
    public static IReadOnlyList<ChatLine> Masked(IReadOnlyList<ChatLine> lines)
    {
        var masked = new ChatLine[lines.Count];
        int? code = null, account = null;
        for (var i = 0; i < lines.Count; i++)
        {
            var text = lines[i].Content;
            if (CodeCue().IsMatch(text))
                code = i;
            if (AccountCue().IsMatch(text))
                account = i;
            var kept = Masked(text, IsNear(code), IsNear(account));
            masked[i] = kept == text ? lines[i] : lines[i] with { Content = kept };

            bool IsNear(int? cue) => cue is { } at && i - at <= LinesAfterCue && lines[i].CreatedAt - lines[at].CreatedAt <= TimeAfterCue;
        }

        return masked;
    }

    private static string Masked(string text, bool afterCode, bool afterAccount)
    {
        text = Secret().Replace(text, "${before}" + Mask);
        text = Said().Replace(text, found => IsPlainWord(found.Groups["value"].Value, found.Groups["sign"].Value) ? found.Value : found.Groups["before"].Value + Mask);
        if (!text.AsSpan().ContainsAnyInRange('0', '9'))
            return text;
        text = Numbered().Replace(text, Mask);
        text = Card().Replace(text, found => IsCard(found.Value) ? Mask : found.Value);
        if (afterAccount)
            text = LongNumber().Replace(text, Mask);
        if (!afterCode)
            return text;
        text = Mixed().Replace(text, found => NameWithNumber().IsMatch(found.Value) ? found.Value : Mask);
        var isBare = text.Split(' ', StringSplitOptions.RemoveEmptyEntries).Length <= BareAnswer;
        return Code().Replace(text, found => !isBare && Year().IsMatch(found.Value) ? found.Value : Mask);
    }

    /// <summary>Whether what follows "password is" tells about the password: it has letters only, and is a common word or ends like one.</summary>
    private static bool IsPlainWord(string value, string sign)
        => value.All(char.IsLetter) && (sign is not (":" or "=")) && (!value.All(char.IsAsciiLetter) || AboutIt().IsMatch(value));

    /// <summary>Luhn's check digit, so that other long numbers are kept.</summary>
    private static bool IsCard(string text)
    {
        var (sum, isDoubled) = (0, false);
        foreach (var letter in text.Where(char.IsAsciiDigit).Reverse())
        {
            var digit = (letter - '0') * (isDoubled ? 2 : 1);
            sum += digit > 9 ? digit - 9 : digit;
            isDoubled = !isDoubled;
        }

        return sum % 10 == 0;
    }

    /// <summary>A word that announces a password or a code.</summary>
    [GeneratedRegex(
        @"비번|비밀번호|패스워드|암호|도어락|공동\s?현관|인증\s?(번호|코드)|보안\s?코드|임시\s?번호|\b(pass(word|code|phrase|wd)s?|pwd|pw|pin(?=\s*(code|number|is|:|\?))|otp|cvc|cvv)\b|\b(door|entry|gate|alarm|lock(er|box)?|access|security|verification|building|garage|key\s?pad|one[- ]time)\s?codes?\b|\bcode\s(for|to|of)\s(the\s)?(door|gate|building|lock\w*|garage|alarm|entrance|office|flat)|\bpin\s(for|to)\b",
        RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture,
        Timeout.Infinite)]
    private static partial Regex CodeCue();

    [GeneratedRegex(@"계좌|입금|송금|이체|주민(등록)?\s?번호|카드\s?번호|전화\s?번호|연락처|\b(account|sort code|iban|routing|card number|phone|mobile|call me|text me)\b", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture, Timeout.Infinite)]
    private static partial Regex AccountCue();

    /// <summary>Keys of interfaces, tokens, passwords in addresses.</summary>
    [GeneratedRegex(
        @"(?<before>\b)(sk|pk|rk)[-_][A-Za-z0-9_-]{16,}|(?<before>\b)(gh[pousr]_|github_pat_|glpat-|xox[abeprs]-|hf_|npm_|AIza|ya29\.)[A-Za-z0-9_.-]{16,}|(?<before>\b)(AKIA|ASIA)[0-9A-Z]{16}\b|(?<before>\b)eyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}(\.[A-Za-z0-9_-]*)?|(?<before>\bbearer\s+)[A-Za-z0-9_.~+/-]{16,}=*|(?<before>)-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(-----END [A-Z ]*PRIVATE KEY-----|\z)|(?<before>://[^\s/:@]+:)[^\s/@]+(?=@)|(?<before>\b(api[-_ ]?key|secret|token|access[-_ ]?key)\s*[:=]\s*[""']?)[A-Za-z0-9_.~+/-]{8,}=*",
        RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture,
        Timeout.Infinite)]
    private static partial Regex Secret();

    /// <summary>A password that is said: "pw: swordfish", "the password is hunter2", "비번은 abc123!".</summary>
    [GeneratedRegex(
        @"(?<before>(\b(pass(word|code|phrase|wd)|pwd|pw)|비번|비밀번호|패스워드|암호)\s?((?<sign>[:=])|(?<sign>\bis\b|은|는|이|\s))\s*[""'`]?)(?<value>[A-Za-z0-9!@#$%^&*_+~-]{4,}(?<![-.])|(?<![A-Za-z0-9])[A-Za-z0-9@#$%^&*_+~-]*[0-9@#$%^&*_+][A-Za-z0-9!@#$%^&*_+~-]{3,})(?=$|[\s""'`.,!?)~가-힣])(?<!\b(is|was|for|and|the|has|that|not|but|does|isn|of|to|in|reset|change|manager|again|please|expired?|changed?)\b)(?![0-9]*\s?(자리|글자|년|월|일|시|분|원|번째|개|명|호|층))",
        RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture,
        Timeout.Infinite)]
    private static partial Regex Said();

    [GeneratedRegex(
        @"^(the|that|this|there|here|not|now|still|same|wrong|right|correct|incorrect|invalid|weak|strong|short|long|easy|hard|reset|required|needed|on|in|at|with|from|only|also|your|mine|ours|again|broken|different|case|field|manager|page|prompt|screen|reset|policy|please|protected|works?|fine|good|secret|really|very|just|written|what|when|where|will|should|must|does|doesn|never|always|asks?|box|form|hint|change|isn|wasn|they|then|have|been|because|since|again|until|every)$|(ed|ing|ly|ble|less)$",
        RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture,
        Timeout.Infinite)]
    private static partial Regex AboutIt();

    /// <summary>Resident, phone and account numbers, and codes with the keys that end them (8804*), by their form.</summary>
    [GeneratedRegex(
        @"(?<![0-9-])[0-9]{2}(0[1-9]|1[0-2])(0[1-9]|[12][0-9]|3[01])\s?-\s?[1-8][0-9]{6}(?![0-9-])|(?<![0-9-])\+?(82[-. ]?)?\(?0?1[016789]\)?[-. ]?[0-9]{3,4}[-. ]?[0-9]{4}(?![0-9-])|(?<![0-9-])0(2|[3-7][0-9])[-.) ]{1,2}[0-9]{3,4}[-. ][0-9]{4}(?![0-9-])|\+[0-9]{1,3}[-. (]*[0-9]([-. ()]{0,2}[0-9]){7,12}(?![0-9-])|(?<![0-9.-])(\([0-9]{3}\)\s?|[0-9]{3}[-.])[0-9]{3}[-.][0-9]{4}(?![0-9-])|(?<![0-9-])07[0-9]{3}\s?[0-9]{3}\s?[0-9]{3}(?![0-9-])|(?<![0-9A-Za-z-])(?!(19|20)[0-9]{2}-[01][0-9]-)(?=([0-9]-?){10,16}(?![0-9-]))[0-9]{2,6}(-[0-9]{2,8}){2,3}(?![0-9-])|\b[A-Z]{2}[0-9]{2}(\s?[A-Z0-9]{4}){3,7}(\s?[A-Z0-9]{1,3})?\b|(?<![0-9A-Za-z.,:/*#])[0-9]{4,8}[*#]+(?![0-9A-Za-z*#])|(?<![0-9A-Za-z])[*#][0-9]{4,8}[*#]?(?![0-9A-Za-z*#])",
        RegexOptions.ExplicitCapture,
        Timeout.Infinite)]
    private static partial Regex Numbered();

    [GeneratedRegex(@"(?<![0-9-])[0-9]{4}(?<gap>[ -]?)[0-9]{4,6}\k<gap>[0-9]{4,5}(\k<gap>[0-9]{1,4})?(?![0-9-])", RegexOptions.ExplicitCapture, Timeout.Infinite)]
    private static partial Regex Card();

    [GeneratedRegex(@"(?<![0-9A-Za-z.,:/$₩-])[0-9](-?[0-9]){7,15}(?![0-9:/]|,[0-9]|\s?(원|won|krw|usd|eur|년|월|일))", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture, Timeout.Infinite)]
    private static partial Regex LongNumber();

    /// <summary>A number of four to eight digits that counts, dates and prices nothing and numbers no room, build or extension.</summary>
    [GeneratedRegex(
        @"(?<![0-9A-Za-z.,:/$₩€£#-])(?<!(내선|ext\.?|room|rm|build|빌드|버전|version|issue|이슈|pr|동|port|포트|line|호선)\s?)[0-9]{4,8}[*#]?(?![0-9:/%]|[.,-][0-9]|\s?(자리|글자|년|월|일|시|분|초|원|만|천|억|명|개|호|층|번|회|점|권|장|대|km|m\b|kg|g\b|ms|kb|mb|gb|won|krw|usd|eur|files?|lines?|people|users?|times|hours?|minutes?|days?|points?|steps?|words?|hp|px|build|빌드))",
        RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture,
        Timeout.Infinite)]
    private static partial Regex Code();

    /// <summary>Letters and digits mixed, as passwords have them.</summary>
    [GeneratedRegex(@"(?<![A-Za-z0-9./:_-])(?=[A-Za-z!@#$%^&*_+~-]*[0-9])(?=[0-9!@#$%^&*_+~-]*[A-Za-z])[A-Za-z0-9!@#$%^&*_+~-]{6,}(?![A-Za-z0-9/:]|\.[A-Za-z0-9])", RegexOptions.None, Timeout.Infinite)]
    private static partial Regex Mixed();

    /// <summary>A name with a number (DENT-3, pixel7), an ordinal or a measure.</summary>
    [GeneratedRegex(@"^([A-Za-z]+-?[0-9]{1,3}|[0-9]+-?[A-Za-z]{1,3}|[0-9]+(st|nd|rd|th|min|hours?|days?|people))[!~]*$", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture, Timeout.Infinite)]
    private static partial Regex NameWithNumber();

    [GeneratedRegex("^(19|20)[0-9]{2}$", RegexOptions.ExplicitCapture, Timeout.Infinite)]
    private static partial Regex Year();
}
