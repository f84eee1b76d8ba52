using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace AIChat.Infrastructure.Topics.Linking;

/// <summary>Recognises lines that say nothing. Their length does not decide: 강남, "7" and "no" are whole answers.</summary>
internal static partial class FillerDetector
{
    /// <summary>Consonants that only laugh or shiver (ㅋㅋ, ㅎㅎ, ㄷㄷ). The others abbreviate words: ㅇㅇ is yes, ㄱㅅ thanks.</summary>
    private const string Laughing = "ㅋㅎㄷㄲ";

    /// <summary>Interjections that show a feeling and answer nothing, each letter once where it is repeated (hmm → hm).</summary>
    private static readonly HashSet<string> Interjections =
    [
        .. "ah aha ahem argh aw eh er erm ew gah ha heh hm hmph huh lmao lol oh oho oi ow pf phew rofl sigh tsk ugh uh um wa whoa woah wow xd yay z".Split(' '),
        .. "아 아하 아휴 앗 악 오 오호 와 와우 우와 우아 으 으음 으악 음 흠 헉 헐 흑 흥 엥 읭 잉 헤 히 호 후 휴 하 허 흐 크 큭 쿡 킥 풉 풋 캬 쩝 쯧 에휴 에고 에구 아이고 아이구 어머 이크".Split(' '),
    ];

    /// <summary>Words of a bare yes or no, which say something to whoever asked.</summary>
    private static readonly HashSet<string> YesAndNo =
    [
        .. "yes yeah yea yep yup ya y no nope nah n ok okay k kk sure mhm".Split(' '),
        .. "네 넵 넹 넴 예 옙 응 웅 엉 어 그래 오키 오케이 아니 아니요 아뇨 ㅇ ㅇㅇ ㅇㅋ ㄴ ㄴㄴ ㄱㄱ".Split(' '),
    ];

    /// <summary>True for a text of nothing but blanks, punctuation, emoji, emoticons, laughter and interjections.</summary>
    /// <param name="text">Composed (NFC).</param>
    public static bool IsFiller(string text) => SaysNothing(text, yesAndNo: false);

    /// <summary>Whether a text is filler, or a bare yes or no: alone, it is no conversation.</summary>
    /// <param name="text">Composed (NFC).</param>
    public static bool IsNothingAlone(string text) => SaysNothing(text, yesAndNo: true);

    private static bool SaysNothing(string text, bool yesAndNo)
    {
        var word = new StringBuilder();
        foreach (var rune in Emoticon().Replace(text, " ").EnumerateRunes())
        {
            if (IsContent(rune))
                word.Append(Rune.ToLowerInvariant(rune));
            else if (Says(word, yesAndNo))
                return false;
        }

        return !Says(word, yesAndNo);
    }

    /// <summary>Whether a word says something; empties it.</summary>
    private static bool Says(StringBuilder word, bool yesAndNo)
    {
        const int longest = 100; // letters of laughter
        if (word.Length == 0)
            return false;
        var text = word.ToString();
        word.Clear();
        return text.Length > longest || !(Laugh().IsMatch(text) || Interjections.Contains(Repeated().Replace(text, "${letter}")) || (yesAndNo && YesAndNo.Contains(text)));
    }

    /// <summary>Letters and numbers, except the letters of Hangul that cry or laugh where they stand alone. A mark is none: emoji contain some.</summary>
    private static bool IsContent(Rune rune) =>
        Rune.GetUnicodeCategory(rune) is UnicodeCategory.LowercaseLetter or UnicodeCategory.UppercaseLetter or UnicodeCategory.TitlecaseLetter or UnicodeCategory.OtherLetter
            or UnicodeCategory.DecimalDigitNumber or UnicodeCategory.LetterNumber or UnicodeCategory.OtherNumber
        && (!rune.IsBmp || !Hangul.IsJamo((char)rune.Value) || (rune.Value is >= 'ㄱ' and <= 'ㅎ' && !Laughing.Contains((char)rune.Value, StringComparison.Ordinal)));

    [GeneratedRegex(@"(?<letter>.)\k<letter>+", RegexOptions.ExplicitCapture, Timeout.Infinite)]
    private static partial Regex Repeated();

    /// <summary>hahaha, lolol, 하하하, 푸하하.</summary>
    [GeneratedRegex(@"^(?:a?(?:h[aeio]+){2,}h*|(?:lo+)+l+|[아우으이에푸크]?(?<laugh>[하허히헤흐호후키크])\k<laugh>+)$", RegexOptions.ExplicitCapture, Timeout.Infinite)]
    private static partial Regex Laugh();

    /// <summary>:) and :D, T_T, ㅇㅅㅇ, and the names of emoji (:joy:).</summary>
    [GeneratedRegex(@"(?<![\p{L}\p{N}])(?:[:;]['-]?[)(DPpOoSs3/\\|*]|=[)(DPp]|[To][_.][To]|ㅇ[ㅅㅁ_.]ㅇ|<a?:\w{1,40}:\d{1,20}>|:[a-z+-][a-z0-9_+-]{0,40}:)(?![\p{L}\p{N}])", RegexOptions.None, Timeout.Infinite)]
    private static partial Regex Emoticon();
}
