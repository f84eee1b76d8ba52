namespace AIChat.Infrastructure.Topics.Naming;

/// <summary>A noun found in a Korean word, with a certainty from 0 to 1.</summary>
internal readonly record struct KoreanNoun(string Stem, double Sureness);

/// <summary>
/// Finds nouns in Korean words without a dictionary: a noun occurs with several particles (고양이가, 고양이를), which a verb does not. Every word must be observed before the
/// first lookup. Not thread-safe.
/// </summary>
internal sealed class KoreanWords
{
    private static readonly string[] Numerals = ["다섯", "여섯", "일곱", "여덟", "아홉", "스무", "서른", "한", "두", "세", "네", "열", "몇"];
    private static readonly string[] Counters = ["마리", "명", "개", "살", "번", "시간", "달", "잔", "권", "군데", "사람"];

    private readonly HashSet<string> _seen = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> _particles = new(StringComparer.Ordinal);
    private readonly Dictionary<string, KoreanNoun?> _resolved = new(StringComparer.Ordinal);

    public void Observe(string word)
    {
        if (!_seen.Add(word)) return;
        var endings = Particles.Endings(word);
        if (endings.Count == 0) return;
        // 고양이랑 is 고양 with 이랑 or 고양이 with 랑: no evidence for either.
        if (endings.Count > 1 && word[^endings[0]] == '이') return;
        var stem = word[..^endings[0]];
        // The polite ending 요 follows any word, particles too.
        if (stem.Length > 1 && word[^1] != '요') _particles[stem] = _particles.GetValueOrDefault(stem) + 1;
    }

    /// <summary>The noun in a word (lower case); null for a verb, an adverb, and in doubt.</summary>
    public KoreanNoun? Noun(string word)
    {
        if (_resolved.TryGetValue(word, out var known)) return known;
        return _resolved[word] = Resolve(word);
    }

    private KoreanNoun? Resolve(string word)
    {
        if (WordLists.KoreanNouns.Contains(word)) return new KoreanNoun(word, word.Length > 1 ? 1 : 0.7);
        if (WordLists.KoreanStop.Contains(word) || WordLists.KoreanWeak.Contains(word)) return null;
        if (EndsInNounOfVerb(word)) return Bare(word, 0.9);
        if (VerbalNoun(word) is { } root) return Bare(root, 0.8);
        if (Predicates.IsPlainly(word) || IsCount(word) || IsPersonWithTitle(word)) return null;
        if (IsWhole(word)) return Bare(word, 0);
        foreach (var length in Particles.Endings(word))
        {
            var stem = word[..^length];
            if (WordLists.KoreanNouns.Contains(stem)) return new KoreanNoun(stem, stem.Length > 1 ? 1 : 0.7);
            // 앞으로 is 앞 with 으로, which no shorter particle (앞으 with 로) explains better; 휴가 may still be a noun of its own.
            if (stem.Length == 1 && length > 1) return null;
            if (stem.Length == 1) continue;
            if (Predicates.IsStem(stem) && !_seen.Contains(stem) && _particles.GetValueOrDefault(stem) < 2) return null;
            // 는, 은 and 을 also end verbs before a noun; one alone is weak evidence.
            var alone = length == 1 && word[^1] is '는' or '은' or '을' or '만' or '도' or '요' or '나' or '아' or '야' or '고';
            return Bare(stem, alone ? 0.5 : 0.9);
        }
        return Particles.LooksAttached(word) ? null : Bare(word, 0.7);
    }

    /// <summary>Whether the word itself occurs with more particles than the word without its apparent particle does: 고양이, but not 이름이.</summary>
    private bool IsWhole(string word)
    {
        var particles = _particles.GetValueOrDefault(word);
        return particles > 0 && Particles.Endings(word).TrueForAll(length =>
            _particles.GetValueOrDefault(word[..^length]) < particles
            && !WordLists.KoreanNouns.Contains(word[..^length])
            && !WordLists.KoreanWeak.Contains(word[..^length]));
    }

    /// <summary>뒤풀이, 물놀이, 옷걸이: 이 is no particle.</summary>
    private static bool EndsInNounOfVerb(string word) => word.Length > 2 && word[^1] == '이' && word[^2] is '풀' or '놀' or '걸' or '맞' or '떨' or '먹' or '돋' or '살' or '벌' or '꽂' or '닫' or '잡';

    /// <summary>두마리, 일곱살때.</summary>
    private static bool IsCount(string word) =>
        Array.Find(Numerals, numeral => word.StartsWith(numeral, StringComparison.Ordinal)) is { } number
        && Array.Exists(Counters, counter => word.AsSpan(number.Length).StartsWith(counter, StringComparison.Ordinal));

    /// <summary>철수씨, but not 날씨.</summary>
    private static bool IsPersonWithTitle(string word) =>
        word.Length > 2 && word[^1] is '씨' or '님' && !word.EndsWith("글씨", StringComparison.Ordinal) && !word.EndsWith("날씨", StringComparison.Ordinal)
        && !word.EndsWith("솜씨", StringComparison.Ordinal);

    /// <param name="stem">A word without endings.</param>
    /// <param name="sureness">Certainty by its form; particles seen on it raise it.</param>
    private KoreanNoun? Bare(string stem, double sureness)
    {
        if (stem.Length > 2 && stem[^1] == '들') stem = stem[..^1];
        if (WordLists.KoreanNouns.Contains(stem)) return new KoreanNoun(stem, 1);
        if (stem.Length < 2 || WordLists.KoreanStop.Contains(stem) || WordLists.KoreanWeak.Contains(stem)) return null;
        if (IsCount(stem) || IsPersonWithTitle(stem) || Predicates.IsPlainly(stem)) return null;
        var particles = _particles.GetValueOrDefault(stem);
        var shapes = particles + (_seen.Contains(stem) ? 1 : 0);
        if (Predicates.MayBe(stem) && particles < 2) return null;
        if (!EndsInNounOfVerb(stem) && Particles.LooksAttached(stem) && (particles == 0 || (particles == 1 && HidesAnother(stem)))) return null;
        sureness = shapes > 1 ? 1 : Math.Max(sureness, particles > 0 ? 0.6 : 0);
        return new KoreanNoun(stem, stem.Length > 6 ? sureness / 2 : sureness);
    }

    /// <summary>나만의 is 나 with two particles, not a noun 나만 with one.</summary>
    private bool HidesAnother(string stem) =>
        Particles.Endings(stem).Exists(length =>
            WordLists.KoreanStop.Contains(stem[..^length]) || WordLists.KoreanNouns.Contains(stem[..^length]) || WordLists.KoreanWeak.Contains(stem[..^length])
            || _particles.GetValueOrDefault(stem[..^length]) > 1);

    /// <summary>예매 of 예매했어요, 추천 of 추천할만, 운동 of 운동하고: the noun before a form of 하다 or 되다.</summary>
    private static string? VerbalNoun(string word)
    {
        for (var at = 2; at < word.Length; at++)
        {
            var verb = Hangul.Open(word[at]) is '하' or '해' or '되' or '돼';
            if (verb && Predicates.EndsVerb(word[at], word.AsSpan(at + 1))) return word[..at];
        }
        return null;
    }
}
