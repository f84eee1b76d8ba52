namespace AIChat.Infrastructure.Topics.Naming;

/// <summary>
/// Korean particles (and forms of the copula) with the condition on the syllable before them: 은/이/을/과 follow a final consonant, 는/가/를/와 a vowel, 로 a vowel or ㄹ. The
/// condition tells 나이 (a noun) from 마당이 (a noun and 이), and shows that 먹는 is not a noun with 는.
/// </summary>
internal static class Particles
{
    private enum After
    {
        Any,
        Consonant,
        Vowel,
        VowelOrRieul,
    }

    private static readonly (string Text, After After)[] LongestFirst = All().OrderByDescending(particle => particle.Text.Length).ToArray();

    /// <summary>Lengths of the particles that a word may end in, longest first; each is shorter than the word.</summary>
    public static List<int> Endings(string word)
    {
        List<int> lengths = [];
        foreach (var (text, after) in LongestFirst)
        {
            if (text.Length < word.Length && word.EndsWith(text, StringComparison.Ordinal) && Follows(word[^(text.Length + 1)], after) && !lengths.Contains(text.Length))
                lengths.Add(text.Length);
        }
        return lengths;
    }

    /// <summary>Whether the text is a particle, whatever syllable precedes it.</summary>
    public static bool Is(ReadOnlySpan<char> text)
    {
        foreach (var particle in LongestFirst)
            if (text.SequenceEqual(particle.Text)) return true;
        return false;
    }

    /// <summary>Whether the last syllable could be a particle, whatever precedes it.</summary>
    public static bool LooksAttached(string word) =>
        word.Length > 1 && word[^1] is '을' or '를' or '은' or '는' or '이' or '가' or '에' or '의' or '와' or '과' or '로' or '도' or '만' or '랑' or '나' or '야' or '요' or '께'
        || word.EndsWith("에서", StringComparison.Ordinal) || word.EndsWith("까지", StringComparison.Ordinal) || word.EndsWith("부터", StringComparison.Ordinal)
        || word.EndsWith("한테", StringComparison.Ordinal) || word.EndsWith("처럼", StringComparison.Ordinal) || word.EndsWith("보다", StringComparison.Ordinal)
        || word.EndsWith("하고", StringComparison.Ordinal) || word.EndsWith("마다", StringComparison.Ordinal);

    private static bool Follows(char before, After after)
    {
        var final = Hangul.Final(before);
        // After Latin letters or digits either form is possible: "PC은" or "PC는", depending on the pronunciation.
        if (final < 0) return true;
        return after switch
        {
            After.Any => true,
            After.Consonant => final != Hangul.None,
            After.Vowel => final == Hangul.None,
            After.VowelOrRieul => final is Hangul.None or Hangul.Rieul,
        };
    }

    private static IEnumerable<(string Text, After After)> All() =>
    [
        .. Parse(
            After.Any,
            """
            에서 에서는 에서도 에서만 에서의 에선 에는 에도 에만 에까지 에서부터 에다가 에다 에게 에게는 에게서 에게도 에겐 한테 한테는 한테도 한테서 한텐 께 께서 께서는 에
            까지 까지는 까지도 까지만 부터 부터는 처럼 처럼은 마다 보다 보다는 보다도 만큼 만큼은 하고 하고는 하고도 밖에 조차 마저 대로 도 만 만은 만이 만을 만에 의 같은
            같이 들 들이 들은 들을 들의 들도 들한테 들이랑 들과 들에게 인데 인데요 입니다 입니까 이에요 에요 인가 인가요 인지 이라고 이라는 이라서 이라도 이었어 이었는데 이냐 임
            인듯 이잖아 만요 요 엔 끼리 끼리는 땐 씩 쯤
            """),
        .. Parse(After.Consonant, "이라 은 이 을 과 이랑 이나 이나요 이랑은 은요 이요 이야 이다 이고 이면 이네 이지 이며 이란 아"),
        .. Parse(After.Vowel, "는 가 를 와 랑 나 예요 야 라고 라는 라서 라도 였어 였는데 네요 며 란 는요 가요 랑은"),
        .. Parse(After.VowelOrRieul, "로 로는 로도 로만 로부터 로서 로써 론"),
        .. Parse(After.Consonant, "으로 으로는 으로도 으로만 으로부터 으로서 으로써 으론"),
    ];

    private static IEnumerable<(string Text, After After)> Parse(After after, string list) =>
        list.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Select(text => (text, after));
}
