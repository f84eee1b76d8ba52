using System.Text.RegularExpressions;

namespace AIChat.Infrastructure.Topics.Linking;

/// <summary>
/// Computes the <see cref="LineTrait"/>s of a line: its length and shape, and whether it asks, greets, thanks, agrees or continues, by short lists of English and
/// Korean cue words. Each trait lies between 0 and about 1.
/// </summary>
internal static partial class LineTraits
{
    public const int Count = (int)LineTrait.IsOneOrTwoWords + 1;

    /// <summary>Words of a line among which greetings are looked for.</summary>
    private const int Early = 3;

    private static readonly HashSet<string> QuestionWords = Set(
        "how what why where when who which whats hows can could is are do does did will would has have should any anyone anybody somebody am was were isnt arent doesnt",
        "뭐 왜 어디 언제 누구 누가 어떻게 어떤 무슨 몇 혹시 어때 뭔 뭘 어느");

    private static readonly HashSet<string> GreetingWords = Set("hi hello hey hiya howdy yo greetings morning evening gm", "안녕 안녕하세요 하이 ㅎㅇ 반가워 반갑습니다 하잉");
    private static readonly HashSet<string> ThanksWords = Set("thanks thx thank ty cheers tnx tks thankyou", "고마워 감사 감사합니다 고맙습니다 ㄳ ㄱㅅ 땡큐 고마워요 감사해요");
    private static readonly HashSet<string> WelcomeWords = Set("np welcome yw pleasure anytime worries", "천만에 별말씀 별말씀을 아니에요 아냐");

    private static readonly HashSet<string> AnswerWords = Set(
        "yes yeah yep yup no nope nah ok okay k sure right correct true exactly indeed fine oh ah hmm hm yea ya sorry aha ahh ohh cool nice great agreed",
        "응 네 넵 넹 예 아니 아니요 아뇨 ㅇㅇ ㄴㄴ ㅇㅋ 오키 그래 맞아 맞아요 그러게 그치 음 아 오 헐 와 우와 그렇구나 웅 엉 어 좋아 좋아요 진짜 정말");

    private static readonly HashSet<string> ContinuationWords = Set(
        "and but or so because then also though however btw plus although except cuz cause which that it its", "그리고 근데 그런데 그럼 그래서 또 하지만 그러니까 그니까 그러면 아니면 그래도 왜냐면 그건 그게 그거");

    private static readonly HashSet<string> FirstPersonWords = Set("i im ive id ill me my mine we our", "나 난 내 내가 나는 나도 저 전 제 제가 저는 저도 우리 나만");
    private static readonly HashSet<string> SecondPersonWords = Set("you your youre ur u youve youll yours", "너 넌 니 네가 너는 너도 당신 니가 자기");

    private static readonly HashSet<string> TroubleWords = Set(
        "help problem problems error trouble issue question stuck fail fails failed wrong broken cant cannot wont doesnt need trying tried", "도와 도와줘 문제 오류 에러 질문 안돼 안되 고민 어떡해 어쩌지");

    private static readonly HashSet<string> EveryoneWords = Set("anyone anybody everyone everybody all guys someone somebody folks people", "다들 여러분 누구 누가 모두 혹시 얘들아 님들");
    private static readonly HashSet<string> AdviceWords = Set("try use run install check type sudo just apt look see read go make open edit click should google", "해봐 해보세요 하세요 가봐 써봐 먹어봐 봐 보세요 해 하자 가자 해줘");
    private static readonly string[] QuestionEndings = ["까", "까요", "나요", "냐", "니", "죠", "지", "가요", "래", "래요", "을까", "은데", "어요", "해요"];

    /// <param name="text">The line's text.</param>
    /// <param name="words">Its words, see <see cref="Tokenizer.Tokenize"/>.</param>
    /// <returns>[<see cref="Count"/>], in the order of <see cref="LineTrait"/>.</returns>
    public static float[] Of(string text, IReadOnlyList<string> words)
    {
        var values = new float[Count];
        var traits = new FeatureRow<LineTrait>(values);
        var trimmed = text.AsSpan().Trim();
        traits[LineTrait.WordCount] = MathF.Log(1 + words.Count) / 3;
        traits[LineTrait.Length] = MathF.Log(1 + trimmed.Length) / 5;
        traits[LineTrait.HasQuestionMark] = Flag(text.Contains('?', StringComparison.Ordinal));
        var first = words.Count > 0 ? words[0] : "";
        traits[LineTrait.Asks] = Flag(QuestionWords.Contains(first) || (words.Count > 1 && QuestionWords.Contains(words[1])) || EndsAsQuestion(words));
        traits[LineTrait.Greets] = Flag(HasAny(words, GreetingWords, Early));
        traits[LineTrait.Thanks] = Flag(HasAny(words, ThanksWords));
        traits[LineTrait.Welcomes] = Flag(HasAny(words, WelcomeWords, Early));
        traits[LineTrait.Answers] = Flag(AnswerWords.Contains(first) || (words.Count > 1 && AnswerWords.Contains(words[1])));
        traits[LineTrait.Continues] = Flag(ContinuationWords.Contains(first));
        traits[LineTrait.HasWebAddress] = Flag(WebAddress().IsMatch(text));
        var (letters, digits, symbols, hangul) = (0, 0, 0, 0);
        foreach (var letter in trimmed)
        {
            letters += char.IsLetter(letter) ? 1 : 0;
            digits += char.IsDigit(letter) ? 1 : 0;
            symbols += letter is '/' or '_' or '=' or '-' or '$' or '|' or '\\' or '{' or '}' or '<' or '>' or '*' or '#' or '~' ? 1 : 0;
            hangul += Hangul.IsLetter(letter) ? 1 : 0;
        }

        var length = Math.Max(1f, trimmed.Length);
        traits[LineTrait.DigitShare] = digits / length;
        traits[LineTrait.SymbolShare] = Math.Min(1, 4 * symbols / length);
        traits[LineTrait.Laughs] = Flag(Laughter().IsMatch(text));
        traits[LineTrait.HasExclamationMark] = Flag(text.Contains('!', StringComparison.Ordinal));
        traits[LineTrait.SpeaksOfFirstPerson] = Flag(HasAny(words, FirstPersonWords));
        traits[LineTrait.SpeaksOfSecondPerson] = Flag(HasAny(words, SecondPersonWords));
        traits[LineTrait.ReportsTrouble] = Flag(HasAny(words, TroubleWords));
        traits[LineTrait.AddressesEveryone] = Flag(HasAny(words, EveryoneWords));
        traits[LineTrait.Advises] = Flag(HasAny(words, AdviceWords));
        traits[LineTrait.IsFiller] = Flag(FillerDetector.IsFiller(text));
        traits[LineTrait.HangulShare] = letters == 0 ? 0 : hangul / (float)letters;
        traits[LineTrait.TrailsOff] = Flag(trimmed.EndsWith("...") || trimmed.EndsWith("..") || trimmed.EndsWith("…") || trimmed.EndsWith(","));
        traits[LineTrait.IsCorrection] = Flag(trimmed.Length > 0 && (trimmed[0] is '*' or '^' || trimmed.StartsWith("s/")));
        traits[LineTrait.IsOneOrTwoWords] = Flag(words.Count is 1 or 2);
        return values;
    }

    private static bool EndsAsQuestion(IReadOnlyList<string> words)
        => words.Count > 0 && words[^1].Length > 1 && Hangul.IsSyllable(words[^1][^1]) && Array.Exists(QuestionEndings, ending => words[^1].EndsWith(ending, StringComparison.Ordinal));

    /// <summary>Whether one of the first <paramref name="count"/> words is in the set.</summary>
    private static bool HasAny(IReadOnlyList<string> words, HashSet<string> set, int count = int.MaxValue)
    {
        for (var i = 0; i < words.Count && i < count; i++)
        {
            if (set.Contains(words[i]))
                return true;
        }

        return false;
    }

    private static float Flag(bool value) => value ? 1 : 0;

    private static HashSet<string> Set(string english, string korean) => [.. english.Split(' '), .. korean.Split(' ')];

    [GeneratedRegex(@"https?://|www\.|\.(com|org|net|kr)\b", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture, Timeout.Infinite)]
    private static partial Regex WebAddress();

    [GeneratedRegex(@"\b(lol|haha\w*|hehe\w*|heh|rofl|lmao|xd)\b|[:;]-?[)D(pP]|ㅋㅋ|ㅎㅎ|ㅠㅠ|ㅜㅜ|\^\^", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture, Timeout.Infinite)]
    private static partial Regex Laughter();
}
