using System.Text.RegularExpressions;

namespace AIChat.Infrastructure.LanguageModels;

/// <summary>
/// Korean particles have a form after a final consonant and one after a vowel (은/는, 이/가, 을/를); 으로/로 counts ㄹ as a vowel. Hangul shows its final consonant; Latin letters and
/// digits count as they are read in Korean (tom 톰, mike 마이크, 7 칠); what cannot be read, such as an emoji, is passed over.
/// </summary>
internal static partial class KoreanParticle
{
    private enum Sound
    {
        Vowel,
        Rieul,
        Consonant,
    }

    private static readonly (string AfterConsonant, string AfterVowel)[] Pairs =
    [
        ("은", "는"), ("이", "가"), ("을", "를"), ("과", "와"), ("으로", "로"), ("아", "야"), ("이랑", "랑"), ("이에요", "예요"), ("이었", "였"), ("이라", "라"), ("이나", "나"), ("이며", "며"),
        ("이란", "란"), ("이든", "든"), ("이야", "야"), ("이야말로", "야말로"),
    ];

    /// <summary>After a consonant, these follow 이; after a vowel, they may.</summary>
    private static readonly string[] AfterCopula = ["고", "면", "죠", "네요", "지만", "니까"];

    /// <summary>Names that are not read as their letters suggest.</summary>
    private static readonly Dictionary<string, Sound> Irregular = new(StringComparer.Ordinal)
    {
        ["anime"] = Sound.Vowel,
        ["daphne"] = Sound.Vowel,
        ["group"] = Sound.Consonant,
        ["hermione"] = Sound.Vowel,
        ["joseph"] = Sound.Consonant,
        ["rene"] = Sound.Vowel,
        ["salome"] = Sound.Vowel,
    };

    /// <summary>The particle that begins at an index of a text; empty: none does.</summary>
    public static string At(string text, int index) => Particle().Match(text, index).Value;

    /// <summary>What may stand between a name and its particle: closing quotation marks and brackets, or a space that should not be there. Empty where no particle follows.</summary>
    public static string Between(string text, int index)
    {
        var closing = Closing().Match(text, index).Value;
        return closing.Length > 0 && At(text, index + closing.Length).Length > 0 ? closing : Spaced().Match(text, index).Value;
    }

    /// <summary>The form of a particle after a name.</summary>
    /// <param name="name">As it is shown.</param>
    /// <param name="particle">In either form, in both (은(는), (이)가), or misspelt (에요).</param>
    public static string After(string name, string particle)
    {
        if (AfterCopula.Contains(particle, StringComparer.Ordinal))
            return LastSound(name) is Sound.Consonant or Sound.Rieul ? "이" + particle : particle;
        var pair = Array.Find(Pairs, pair => IsForm(particle, pair));
        if (pair.AfterVowel is null || LastSound(name) is not { } sound)
            return particle;
        return sound == Sound.Consonant || (sound == Sound.Rieul && pair.AfterVowel != "로") ? pair.AfterConsonant : pair.AfterVowel;
    }

    private static bool IsForm(string particle, (string AfterConsonant, string AfterVowel) pair)
        => particle == pair.AfterConsonant || particle == pair.AfterVowel || particle == $"{pair.AfterConsonant}({pair.AfterVowel})" || particle == $"{pair.AfterVowel}({pair.AfterConsonant})" || particle == $"(이){pair.AfterVowel}" || particle == $"(으){pair.AfterVowel}" || (particle == "에요" && pair.AfterVowel == "예요");

    /// <summary>How the last letter or digit is read; null: there is none that can be read.</summary>
    private static Sound? LastSound(string name)
    {
        var end = name.Length;
        while (end > 0 && !Hangul.IsSyllable(name[end - 1]) && !char.IsAsciiLetterOrDigit(name[end - 1]))
            end--;
        if (end == 0)
            return null;
        var last = name[end - 1];
        if (Hangul.IsSyllable(last))
            return Hangul.Final(last) switch { Hangul.None => Sound.Vowel, Hangul.Rieul => Sound.Rieul, _ => Sound.Consonant };
        if (char.IsAsciiDigit(last))
            return last switch { '1' or '7' or '8' => Sound.Rieul, '0' or '3' or '6' => Sound.Consonant, _ => Sound.Vowel };
        var start = end;
        while (start > 0 && char.IsAsciiLetter(name[start - 1]))
            start--;
        return OfLatin(name[start..end]);
    }

    /// <summary>Abbreviations in capitals are spelled out; other words end as English names do in Korean.</summary>
    private static Sound OfLatin(string word)
    {
        if (word.Length == 1 || (word.Length <= 4 && word.All(char.IsAsciiLetterUpper)))
            return char.ToUpperInvariant(word[^1]) switch { 'L' or 'R' => Sound.Rieul, 'M' or 'N' => Sound.Consonant, _ => Sound.Vowel };
        word = word.ToLowerInvariant();
        if (Irregular.TryGetValue(word, out var known))
            return known;
        var before = word[^2];

        // A silent e: jane 제인, kyle 카일, mike 마이크.
        if (word[^1] == 'e' && !IsVowel(before))
            return before switch { 'l' => Sound.Rieul, 'm' or 'n' => Sound.Consonant, _ => Sound.Vowel };
        return word[^1] switch
        {
            'l' => Sound.Rieul,
            'm' or 'n' => Sound.Consonant,
            'g' when before == 'n' => Sound.Consonant,
            'k' when before == 'c' => Sound.Consonant,

            // Lamb 램.
            'b' when before == 'm' => Sound.Consonant,

            // Bob 밥, eric 에릭, philip 필립, scott 스콧, wook 욱; but mark 마크, robert 로버트, boat 보트, street 스트리트.
            'k' when word.EndsWith("ook", StringComparison.Ordinal) => Sound.Consonant,
            'b' or 'c' or 'k' or 'p' or 't' when before == word[^1] || (IsVowel(before) && !(word.Length > 2 && IsLong(word[^3..^1]))) => Sound.Consonant,
            _ => Sound.Vowel,
        };
    }

    /// <summary>Whether two letters are a long vowel or a diphthong of one syllable.</summary>
    private static bool IsLong(string letters) => letters is "oa" or "ee" or "ea" or "ou" or "oo" or "ai" or "oi" or "ui" or "au";

    private static bool IsVowel(char letter) => letter is 'a' or 'e' or 'i' or 'o' or 'u' or 'y';

    /// <summary>A particle, and nothing that goes on as a word; 이었, 였 and 이라고 go on.</summary>
    [GeneratedRegex(
        @"\G(은\(는\)|는\(은\)|이\(가\)|가\(이\)|을\(를\)|를\(을\)|과\(와\)|와\(과\)|\(이\)가|\(이\)랑|\(으\)로|이에요|예요|에요|(이었|였)(?=[가-힣])|(이라|라)(?=고|는|면|서|도|던|니)|이야말로|야말로|이야(?![가-힣])|(이든|든)(?=지?(?![가-힣]))|(이란|란|고|면|죠|네요|지만|니까)(?![가-힣])|(이랑|랑|으로|로|이나|나|이며|며)(?=(은|는|도|만|의|서|써|부터)*(?![가-힣]))|[과와](?=[의는도만]?(?![가-힣]))|[은는이가을를아야](?![가-힣]))",
        RegexOptions.ExplicitCapture,
        Timeout.Infinite)]
    private static partial Regex Particle();

    [GeneratedRegex(@"\G[""'”’»」』\)\]]{1,2}", RegexOptions.None, Timeout.Infinite)]
    private static partial Regex Closing();

    /// <summary>이 and 가 are left out: after a space, they are other words.</summary>
    [GeneratedRegex(@"\G (?=(은|는|을|를|과|와|으로|로|이랑|랑)(?![가-힣]))", RegexOptions.ExplicitCapture, Timeout.Infinite)]
    private static partial Regex Spaced();
}
