namespace AIChat.Infrastructure.Topics.Naming;

/// <summary>Arithmetic of precomposed Hangul syllables (The Unicode Standard, 3.12, Conjoining Jamo Behavior).</summary>
internal static class Hangul
{
    /// <summary>Final consonants by their index in a syllable; 0 is none.</summary>
    public const int None = 0, Nieun = 4, Rieul = 8, Mieum = 16, Bieup = 17, BieupSios = 18, SsangSios = 20;

    private const char First = '가', Last = '힣';
    private const int Finals = 28;

    public static bool IsSyllable(char c) => c is >= First and <= Last;

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
