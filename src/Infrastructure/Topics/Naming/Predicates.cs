using System.Collections.Frozen;

namespace AIChat.Infrastructure.Topics.Naming;

/// <summary>Recognises Korean verbs and adjectives by their endings.</summary>
internal static class Predicates
{
    /// <summary>Endings that nouns do not have.</summary>
    private static readonly string[] Plain = Split(
        """
        습니다 니다 습니까 니까 는데 은데 운데 은데요 는데요 던데 텐데 한데 데요 려고 려구 려면 면서 으면 자마자 잖아 잖아요 거든 거든요 더라 더라고 더라구 더라도 구나 는구나 군요
        네요 나요 가요 까요 래요 게요 지요 죠 세요 셔요 시죠 어요 아요 여요 워요 와요 줘요 봐요 려요 려서 어서 아서 워서 여서 와서 해서 줘서 봐서 져서 어도 아도 워도 는다 는대
        는지 은지 던지 든지 을지 을게 을래 을까 을걸 을거 을수록 느라 느라고 는걸 는거 다가 았다 었다 겠다 어야 아야 해야 워야 으니 으로써 으러 도록 듯이 듯한 다고 다구 자고 라구 냐고 다는
        라며 다며 대서 래서 니깐 거야 거임 거지 거네 건가 걸까 을듯 는듯 은듯 할듯 아니 아냐 시다 십니다 세여 네여 어여 아여 해여 죵 네용 어용 아용 해용 해용 려나 으려
        지만 지만요 다만 는만 어줘 아줘 해줘 어봐 아봐 해봐 어라 아라 해라 거라 는군 어어 으음 꿔 궈 춰 눠 뤄 셔서 셔요 으셔 으시 으실 으신 스러운 스럽게 롭게 로운 적인 적으로 하게 하는 하던 되는 있는 없는
        """);

    /// <summary>Stems of verbs of motion and of everyday ones, which take 시, 실, 신 and 셔 in polite speech and 는 before a noun.</summary>
    private static readonly FrozenSet<string> Stems = Split(
        """
        가 오 보 주 쓰 드 치 뛰 타 계 아 사 하 되 나오 나가 나누 들어오 들어가 올라오 올라가 내려오 내려가 돌아오 돌아가 다녀오 다녀가 가져오 가져가 데려오 데려가 걸어오 걸어가 지나가 보내
        만나 고치 마시 빌리 기다리 올리 내리 돌리 날리 걸리 팔리 들리 열리 풀리 알리 틀리 흘리 질리 밀리 놀리 때리 누르 부르 모르 오르 자르 고르 흐르 바르 지르 배우 싸우 외우 비우 태우 키우 채우 치우 피우 세우 새우 바꾸
        꾸 맞추 멈추 갖추 낮추 늦추 감추 나타나 일어나 끝나 떠나 지나 남기 옮기 넘기 맡기 숨기 웃기 즐기 챙기 생기 당기 이기 벗기 씻기 안기 시키 지키 비키 삼키 고르 버리 가리 그리 다니 지내 끝내 꺼내 보이 먹이 붙이
        줄이 죽이 끓이 쓰이 쌓이 놓이 움직이 잡히 막히 찍히 읽히 밝히 입히 닫히 꽂히 던지 만지 떨어지 없어지 빠지 꺼지 터지 깨지 퍼지 헤어지 사라지 미치 마치 다치 망치 놓치 펼치 넘치 걸치
        """).ToFrozenSet(StringComparer.Ordinal);

    /// <summary>Last syllables of verbs and adverbs that nouns have as well.</summary>
    private const string Doubtful = "다자지고면서게네니며까데걸래냐나던어아야해줘여려져쳐커켜써꺼퍼러워와봐둬놔돼히운른쁜픈큰린쁘프음슴함됨임듦듬긴킨된한간온난본쓴든진친힌건군곤구죠죵여용긔셈듯기거인적쉴";

    /// <summary>First syllables of the endings that may follow a form of 하다 or 되다 up to the end of the word.</summary>
    private const string AfterVerb = "고는면자지게네니러려여서요줘도야음던데까래기며만을수걸거건신세십습든더다나냐잖죠주보봐놓드볼듯옵시실셔셨심";

    /// <summary>Whether a word can be nothing but a verb or an adjective.</summary>
    public static bool IsPlainly(string word)
    {
        foreach (var c in word)
            if (Hangul.Final(c) is Hangul.SsangSios or Hangul.BieupSios) return true;
        foreach (var ending in Plain)
            if (word.Length > ending.Length && word.EndsWith(ending, StringComparison.Ordinal)) return true;
        if (word.Length < 2) return false;
        if (IsPolite(word)) return true;
        // 간다, 할게, 갈까, 볼래, 갈듯, 합니다: the ending begins with the final consonant of the syllable before it.
        var final = Hangul.Final(word[^2]);
        return (final == Hangul.Nieun && word[^1] is '다' or '데' or '대' or '지' && word.Length > 2)
            || (final == Hangul.Rieul && word[^1] is '게' or '까' or '래' or '듯' or '걸' or '께' or '지' or '만')
            || (final == Hangul.Bieup && word[^1] is '니' or '시');
    }

    /// <summary>나오는, 날리던: a stem and an ending, where a noun would have its particle; 사거리는 is not.</summary>
    public static bool IsStem(string word) => Stems.Contains(word) || word.EndsWith("거리", StringComparison.Ordinal) || (word.Length > 1 && word[^1] == '시' && Stems.Contains(word[..^1]));

    /// <summary>가실, 나오신, 치셔.</summary>
    private static bool IsPolite(string word) => word[^1] is '실' or '신' or '셔' or '십' or '심' && word is not ("사실" or "치실" or "드실" or "보신") && Stems.Contains(word[..^1]);

    /// <summary>Whether a word may be a verb, an adjective or an adverb by its last syllable; only its particles can decide.</summary>
    public static bool MayBe(string word) => Doubtful.Contains(word[^1], StringComparison.Ordinal);

    /// <summary>Whether 하 or 되 (with any final consonant) and what follows end a word as a verb does.</summary>
    public static bool EndsVerb(char verb, ReadOnlySpan<char> rest)
    {
        var final = Hangul.Final(verb);
        var open = Hangul.Open(verb);
        if (final is not (Hangul.None or Hangul.Nieun or Hangul.Rieul or Hangul.Mieum or Hangul.Bieup or Hangul.SsangSios)) return false;
        if (rest.Length == 0) return open is '해' or '돼' or '되' || final != Hangul.None;
        return AfterVerb.Contains(rest[0], StringComparison.Ordinal) || final == Hangul.SsangSios;
    }

    private static string[] Split(string list) => list.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
}
