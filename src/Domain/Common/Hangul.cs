namespace AIChat.Domain.Common;

/// <summary>The letters of Korean, in composed texts (<see cref="Text.Composed"/>). Syllable arithmetic: The Unicode Standard, 3.12, Conjoining Jamo Behavior.</summary>
public static class Hangul
{
    /// <summary>Final consonants by their index in a syllable; 0 is none.</summary>
    public const int None = 0, Nieun = 4, Rieul = 8, Mieum = 16, Bieup = 17, BieupSios = 18, SsangSios = 20;

    private const char First = '가', Last = '힣';
    private const int Finals = 28;

    public static bool IsSyllable(char c) => c is >= First and <= Last;

    /// <summary>Whether it is a single consonant or vowel, as in ㅋㅋ, or a part of a syllable that is not in modern use.</summary>
    public static bool IsJamo(char c) => c is (>= '\u3131' and <= '\u318E') or (>= '\u1100' and <= '\u11FF') or (>= '\uA960' and <= '\uA97C') or (>= '\uD7B0' and <= '\uD7FB') or (>= '\uFFA0' and <= '\uFFDC');

    public static bool IsLetter(char c) => IsSyllable(c) || IsJamo(c);

    /// <summary>Index of the final consonant of a syllable, −1 for anything else.</summary>
    public static int Final(char c) => IsSyllable(c) ? (c - First) % Finals : -1;

    /// <summary>The syllable without its final consonant: 한 and 할 give 하, 했 gives 해.</summary>
    public static char Open(char c) => IsSyllable(c) ? (char)(c - ((c - First) % Finals)) : c;

    public static bool Contains(ReadOnlySpan<char> word)
    {
        foreach (var c in word)
            if (IsSyllable(c)) return true;
        return false;
    }
}
