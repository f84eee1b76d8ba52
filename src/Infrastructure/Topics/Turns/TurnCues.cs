using AIChat.Infrastructure.Topics.Linking;

namespace AIChat.Infrastructure.Topics.Turns;

/// <summary>Finds the <see cref="TurnCue"/>s of a line by short lists of English and Korean phrases. A Hangul phrase may go on with a particle or an ending.</summary>
internal static class TurnCues
{
    public const int Count = (int)TurnCue.SentenceCount + 1;

    /// <summary>Number of words in which a phrase counts as early.</summary>
    private const int Early = 4;

    private static readonly string[] ChangesSubject = Phrases(
        "by the way|btw|anyway|anyways|anyhow|speaking of|on another note|on a different note|different topic|change the subject|changing the subject|off topic|unrelated|enough about|moving on|oh yeah one|that reminds me|before i forget|another question",
        "그나저나|근데|그런데|참 |아 참|아참|아 맞다|아맞다|맞다 |그건 그렇고|그건 그렇구|딴 얘기|다른 얘기|딴얘기|다른얘기|있잖아|말 나온|생각난|여담|화제|그보다");

    private static readonly string[] Adds = Phrases("also|another|one more|next|besides|additionally|other|second", "그리고|또 |추가로|하나 더|한 가지 더|한가지 더|이어서|다음으로|덧붙");
    private static readonly string[] Resumes = Phrases("so|well|ok so|now|okay|ok|alright|oh", "그럼|그러면|자 |음 |아 |오 |저기|얘들아|여러분|다들");

    private static readonly string[] AsksLiking = Phrases("do you like|do you love|do you enjoy|you like to|you like|favorite|favourite|are you into|you into|prefer", "좋아해|좋아하|최애|즐겨");
    private static readonly string[] AsksHaving = Phrases("do you have|you have any|have any|got any|any|own a|hobbies|hobby|pets|kids|siblings|married|children|plans", "취미|있어요|있으세요|키우|결혼|형제|계획");
    private static readonly string[] AsksDoing = Phrases("what do you|do you do|for fun|for a living|do you work|do you play|do you watch|do you listen|do you read|do you ever|do you go|do you cook|do you want|do you|what are you", "뭐 해|뭐해|뭐하|뭐 하|하세요|먹어|할래|갈래|볼래");
    private static readonly string[] AsksBeing = Phrases("how old|where do you|where are you|are you a|you from|you live|what is your|whats your|your name|is your|are your|tell me about|tell me|are you", "이름이|몇 살|몇살|어디 살|사세요|누구세요|뭐예요|어디서");
    private static readonly string[] AsksPast = Phrases("have you ever|have you|did you|were you|ever been|you ever", "해봤|가봤|먹어봤|봤어|읽어봤|들었어|본 적|간 적");
    private static readonly string[] AsksHealth = Phrases("how are you|how is it going|hows it going|doing today|are you doing|whats up|how was your day|your day", "잘 지내|어떻게 지내|별일|안녕|잘 잤|밥 먹었");
    private static readonly string[] Self = Phrases("i|im|ive|id|ill|my|we", "나 |난|나는|내|저 |전|저는|제|우리|저희");
    private static readonly string[] Reference = Phrases("that|thats|it|its|this|they|he|she|those|there", "그거|그건|그게|그걸|이거|이건|이게|거기|그래|그렇");
    private static readonly string[] Weighs = Phrases("but|would|sounds|sound|bet|hard|because|though|agree|more", "하지만|그래도|근데도|아무래도|때문|거 같|것 같|듯");
    private static readonly string[] Opens = Phrases("do|what|whats|are|where|how|have|any|so|did|is|who|when", "혹시|뭐|어디|언제|요즘|너|님");

    private static readonly string[] ReturnsQuestion = Phrases("and you|how about you|what about you|about yourself|and yourself|yourself|how about|what about", "너는|너는요|넌|님은|당신은|그쪽은|본인은|여기는|거기는");
    private static readonly string[] FollowsUp = Phrases("why|which|how many|how long|how much|really|what kind|what type|like what|what was|what is it|how come|where at|what happened|what did|how did|how is|was it|is it|did it|is that", "왜|어떤|어느|몇|얼마|정말|진짜|어쩌다|무슨|그래서|그랬|누가");
    private static readonly string[] Refers = Phrases("it|its|that|thats|they|them|their|those|this|these|he|she|him|her|his|one|ones|there|too|either|same|so do i|both|then|such|else", "그거|그건|그게|그걸|이거|이건|이게|거기|여기|저거|그때|그 사람|그분|걔|쟤|그래|그렇|그럼|이래|저도|나도");

    private static readonly string[] Reacts = Phrases(
        "wow|cool|nice|great|awesome|lol|haha|really|congrats|congratulations|sorry|sounds|neat|interesting|amazing|true|thats|good|oh|ah|aww|fun|funny|lovely|beautiful|me too|same|yes|yeah|no|ok|i see|i agree|thank|thanks|i bet|i know|right|exactly|understand|sure",
        "와|우와|오|헐|대박|그렇구나|그러게|맞아|응|네|넵|ㅇㅇ|ㅋㅋ|ㅎㅎ|ㅠㅠ|축하|고마워|감사|좋네|좋다|좋아|아하|아 그래|그치|진짜|나도|저도|굿|오케이|ㅇㅋ|알겠");

    private static readonly string[] TellsOfSelf = Phrases("i love|i like|my favorite|i am a|im a|i work|i have|i just|i am|im|my|i enjoy|i want|i live|i play|i do|i got|ive|i also|i was|i used to|i hate|i wish", "나는|저는|난|전|나 |저 |내가|제가|우리|저희|나도|저도");
    private static readonly string[] Closes = Phrases("bye|good night|goodnight|see you|see ya|talk later|talk to you|nice chatting|nice talking|nice to meet|take care|thanks|thank you|thx|that worked|works now|solved|fixed|will do|good luck|have a good|have a great|have a nice", "잘 자|잘자|안녕히|수고|들어가|내일 봐|내일 봬|또 봐|감사|고마워|고맙|해결|됐어|됐다|됐습|확인했|넵|알겠|ㄱㅅ");
    private static readonly string[] AsksAll = Phrases("anyone|anybody|does anyone|is there|how do i|how to|how can i|can someone|can anyone|can i|quick question|question|hi all|hello all|hey all|guys|hi|hello|hey|trying to|i need|help", "혹시|질문|여러분|다들|누가|누구|아시는|분 계|있나요|있을까|할까요|부탁|얘들아|안녕하세요|하이|공지");

    /// <param name="text">The line's text.</param>
    /// <param name="words">Its words, see <see cref="Tokenizer.Tokenize"/>.</param>
    /// <param name="cues">[<see cref="Count"/>]; filled in the order of <see cref="TurnCue"/>.</param>
    public static void Find(string text, List<string> words, Span<float> cues)
    {
        var row = new FeatureRow<TurnCue>(cues);
        var all = $" {string.Join(' ', words)} ";
        var early = $" {string.Join(' ', words.Take(Early))} ";
        row[TurnCue.ChangesSubject] = Has(ChangesSubject, early);
        row[TurnCue.Adds] = Has(Adds, early);
        row[TurnCue.Resumes] = StartsWith(Resumes, early);
        row[TurnCue.AsksLiking] = Has(AsksLiking, all);
        row[TurnCue.AsksHaving] = Has(AsksHaving, all);
        row[TurnCue.AsksDoing] = Has(AsksDoing, all);
        row[TurnCue.AsksBeing] = Has(AsksBeing, all);
        row[TurnCue.AsksPast] = Has(AsksPast, all);
        row[TurnCue.AsksHealth] = Has(AsksHealth, all);
        row[TurnCue.ReturnsQuestion] = Has(ReturnsQuestion, all);
        row[TurnCue.FollowsUp] = Has(FollowsUp, all);
        row[TurnCue.Refers] = Math.Min(1, Refers.Count(phrase => all.Contains(phrase, StringComparison.Ordinal)) / 3f);
        row[TurnCue.RefersEarly] = Has(Refers, early);
        row[TurnCue.Reacts] = StartsWith(Reacts, early);
        row[TurnCue.TellsOfSelf] = Has(TellsOfSelf, all);
        row[TurnCue.BeginsWithSelf] = StartsWith(Self, early);
        row[TurnCue.BeginsWithReference] = StartsWith(Reference, early);
        row[TurnCue.Weighs] = Has(Weighs, all);
        row[TurnCue.Closes] = Has(Closes, all);
        row[TurnCue.AsksAll] = Has(AsksAll, all);
        var (count, firstAsks, lastAsks, anySays) = (0, false, false, false);
        foreach (var (sentence, mark) in Sentences(text))
        {
            var start = $" {string.Join(' ', Tokenizer.Tokenize(sentence).Take(Early))} ";
            if (lastAsks && mark != '?' && StartsWith(Self, start) > 0)
                row[TurnCue.AsksThenTellsOfSelf] = 1;
            lastAsks = mark == '?';
            firstAsks |= count++ == 0 && lastAsks;
            anySays |= !lastAsks;
            if (lastAsks)
                row[TurnCue.LastQuestionOpens] = StartsWith(Opens, start) * (1 - Has(ReturnsQuestion, start));
        }

        row[TurnCue.SaysThenAsks] = lastAsks && anySays ? 1 : 0;
        row[TurnCue.AsksThenSays] = firstAsks && !lastAsks ? 1 : 0;
        row[TurnCue.SentenceCount] = MathF.Log(1 + count) / 2;
    }

    /// <summary>The sentences that hold a letter or digit, each with the mark that ends it; '\0': none.</summary>
    public static IEnumerable<(string Sentence, char Mark)> Sentences(string text)
    {
        var start = 0;
        for (var at = 0; at <= text.Length; at++)
        {
            if (at < text.Length && !(text[at] is '?' or '!' or '\n' || (text[at] == '.' && (at + 1 == text.Length || char.IsWhiteSpace(text[at + 1])))))
                continue;
            var sentence = text[start..at];
            if (sentence.Any(char.IsLetterOrDigit))
                yield return (sentence, at < text.Length ? text[at] : '\0');
            start = at + 1;
        }
    }

    private static float Has(string[] phrases, string words) => Array.Exists(phrases, phrase => words.Contains(phrase, StringComparison.Ordinal)) ? 1 : 0;

    private static float StartsWith(string[] phrases, string words) => Array.Exists(phrases, phrase => words.StartsWith(phrase, StringComparison.Ordinal)) ? 1 : 0;

    private static string[] Phrases(string english, string korean) => [.. english.Split('|').Select(phrase => $" {phrase} "), .. korean.Split('|').Select(phrase => $" {phrase}")];
}
