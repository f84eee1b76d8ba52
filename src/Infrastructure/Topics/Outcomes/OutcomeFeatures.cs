using System.Text.RegularExpressions;
using AIChat.Domain.Topics;
using AIChat.Infrastructure.Topics.Linking;

namespace AIChat.Infrastructure.Topics.Outcomes;

/// <summary>Computes <see cref="OutcomeFeature"/> for the lines of a conversation.</summary>
internal static partial class OutcomeFeatures
{
    public static readonly int Count = Enum.GetValues<OutcomeFeature>().Length;

    private const int Most = 3;

    private static readonly TimeSpan Pause = TimeSpan.FromMinutes(40);

    private static readonly string[] KoreanResults =
    [
        .. """
        확정 마감 완료 끝 예약 주문 결제 결정 정리 성공 찾았 받았 고쳤 고칠 됐다 됐어 해결 접수 등록 입금 도착 정했 골랐 샀어 샀습 보냈 올렸 바꿨 그대로 포기 취소 통과 합격 승인 배포 인정 당첨 출발
        수정 교체 연락 배송 나왔 나와요 들어왔 돌아왔 살아 잡았 확인했 맡 적어 적을
        """.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries),
    ];

    private static readonly HashSet<string> EnglishResults =
    [
        .. """
        done fixed got bought paid booked ordered merged works worked working solved sent posted found sorted confirmed approved agreed decided settled deal final official won passed arrived back ready
        finished cancelled canceled moved changed closed signed written printed picked chose added removed shipped delivered returned replaced refunded accepted refused
        """.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries),
    ];

    /// <returns>[lines, <see cref="Count"/>].</returns>
    public static float[] Of(IReadOnlyList<ChatLine> lines)
    {
        var words = lines.Select(line => Word().Matches(line.Content.ToLowerInvariant()).Select(match => match.Value).ToList()).ToList();
        var terms = words.ConvertAll(each => each.Select(Term).OfType<string>().ToHashSet(StringComparer.Ordinal));
        var linesWith = terms.SelectMany(each => each).CountBy(term => term, StringComparer.Ordinal).ToDictionary(StringComparer.Ordinal);
        var linesOf = lines.CountBy(line => line.Speaker, StringComparer.Ordinal).ToDictionary(StringComparer.Ordinal);
        var speakLater = new HashSet<string>(StringComparer.Ordinal);
        var rows = new float[lines.Count * Count];
        var (after, afterInBurst, resultsAfter) = (0, 0, 0f);
        for (var i = lines.Count - 1; i >= 0; i--)
        {
            var row = rows.AsSpan(i * Count, Count);
            if (i + 1 < lines.Count && IsPause(lines, i + 1))
                afterInBurst = 0;
            var isRemark = IsRemark(lines[i], words[i]);
            Fill(row, lines[i], words[i]);
            row[(int)OutcomeFeature.Position] = i / (float)Math.Max(1, lines.Count - 1);
            row[(int)OutcomeFeature.Lines] = MathF.Log(lines.Count);
            row[(int)OutcomeFeature.RemarksAfter] = MathF.Log(1 + after);
            row[(int)OutcomeFeature.LastOfBurst] = isRemark && afterInBurst == 0 ? 1 : 0;
            row[(int)OutcomeFeature.SecondLastOfBurst] = isRemark && afterInBurst == 1 ? 1 : 0;
            row[(int)OutcomeFeature.ByOpener] = lines[i].Speaker == lines[0].Speaker ? 1 : 0;
            row[(int)OutcomeFeature.OtherFollows] = i + 1 < lines.Count && lines[i + 1].Speaker != lines[i].Speaker ? 1 : 0;
            row[(int)OutcomeFeature.Centrality] = terms[i].Sum(term => MathF.Log(linesWith[term])) / (1 + terms[i].Count);
            row[(int)OutcomeFeature.ResultsAfter] = resultsAfter / (lines.Count - i + 1);
            row[(int)OutcomeFeature.ShareOfSpeaker] = linesOf[lines[i].Speaker] / (float)lines.Count;
            row[(int)OutcomeFeature.LastOfSpeaker] = speakLater.Add(lines[i].Speaker) ? 1 : 0;
            resultsAfter += Results(row);
            if (!isRemark)
                continue;
            after++;
            afterInBurst++;
        }

        for (var i = 0; i < lines.Count; i++)
            FillAround(rows, lines, i);
        return rows;
    }

    private static bool IsPause(IReadOnlyList<ChatLine> lines, int i) => lines[i].CreatedAt - lines[i - 1].CreatedAt > Pause;

    private static float Results(ReadOnlySpan<float> row) => Math.Min(Most, row[(int)OutcomeFeature.KoreanResult] + row[(int)OutcomeFeature.EnglishResult]);

    /// <summary>What the lines around it say, from their features.</summary>
    private static void FillAround(float[] rows, IReadOnlyList<ChatLine> lines, int i)
    {
        var row = Row(i);
        if (i > 0)
        {
            row[(int)OutcomeFeature.LinesSincePause] = IsPause(lines, i) ? 0 : Row(i - 1)[(int)OutcomeFeature.LinesSincePause] + 1;
            row[(int)OutcomeFeature.Gap] = MathF.Log(1 + Math.Max(0, (float)(lines[i].CreatedAt - lines[i - 1].CreatedAt).TotalMinutes));
            row[(int)OutcomeFeature.ResultsBefore] = Results(Row(i - 1));
            row[(int)OutcomeFeature.AfterFiller] = FillerDetector.IsNothingAlone(lines[i - 1].Content) ? 1 : 0;
        }

        if (i + 1 < lines.Count)
        {
            row[(int)OutcomeFeature.NextHasTime] = Row(i + 1)[(int)OutcomeFeature.HasTime];
            row[(int)OutcomeFeature.AgreedIntention] = Agreement().IsMatch(lines[i + 1].Content) ? row[(int)OutcomeFeature.Intention] : 0;
        }

        for (var next = i + 1; next < lines.Count && next <= i + Most && !IsPause(lines, next); next++)
        {
            if (lines[next].Speaker != lines[i].Speaker && Thanks().IsMatch(lines[next].Content))
                row[(int)OutcomeFeature.ThanksFollow] = 1;
        }

        Span<float> Row(int line) => rows.AsSpan(line * Count, Count);
    }

    private static void Fill(Span<float> row, ChatLine line, List<string> words)
    {
        var text = line.Content;
        row[(int)OutcomeFeature.Bias] = 1;
        row[(int)OutcomeFeature.Words] = MathF.Log(1 + words.Count);
        row[(int)OutcomeFeature.Asks] = text.AsSpan().ContainsAny('?', '？') ? 1 : 0;
        row[(int)OutcomeFeature.KoreanResult] = Math.Min(Most, KoreanResults.Count(result => text.Contains(result, StringComparison.Ordinal)));
        row[(int)OutcomeFeature.EnglishResult] = Math.Min(Most, words.Count(EnglishResults.Contains));
        row[(int)OutcomeFeature.Exclamations] = Math.Min(Most, text.AsSpan().Count('!'));
        row[(int)OutcomeFeature.HasTime] = Time().IsMatch(text) ? 1 : 0;
        row[(int)OutcomeFeature.Numbers] = Math.Min(Most, words.Count(word => char.IsAsciiDigit(word[0])));
        row[(int)OutcomeFeature.Then] = words.Exists(word => word is "then" or "so" or "ok" or "okay" or "그럼" or "그러면") ? 1 : 0;
        row[(int)OutcomeFeature.KoreanPast] = words.Exists(word => KoreanPast().IsMatch(word)) ? 1 : 0;
        row[(int)OutcomeFeature.Intention] = words.Exists(word => KoreanIntention().IsMatch(word)) || EnglishIntention().IsMatch(text) ? 1 : 0;
        row[(int)OutcomeFeature.Choice] = Choice().IsMatch(text) ? 1 : 0;
        row[(int)OutcomeFeature.AsksInWords] = Question().IsMatch(text) ? 1 : 0;
    }

    private static bool IsRemark(ChatLine line, List<string> words)
        => !line.IsSystem && (words.Count > 2 ? !FillerDetector.IsNothingAlone(line.Content) : words.Exists(word => char.IsAsciiDigit(word[0])));

    /// <summary>A word by its first two syllables in Korean; short Latin words are none.</summary>
    private static string? Term(string word) => Hangul.IsSyllable(word[0]) ? word[..Math.Min(2, word.Length)] : word.Length > 2 ? word : null;

    [GeneratedRegex("[a-z']+|[0-9]+|[가-힣]+", RegexOptions.None, Timeout.Infinite)]
    private static partial Regex Word();

    [GeneratedRegex(@"[0-9]+ ?(시|일|월|분|:[0-9]{2}|am\b|pm\b|st\b|th\b)|(mon|tues|wednes|thurs|fri|satur|sun)day|[월화수목금토일]요일|내일|tomorrow|tonight|noon", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture, Timeout.Infinite)]
    private static partial Regex Time();

    [GeneratedRegex("[했았었였왔갔샀됐났렸졌냈켰겼꿨쳤웠췄뒀줬봤셨챘뺐섰렀](어요|습니다|어|음|다|네요|네|지요|죠|대요|는데|는데요|고|으니|더니|답니다)?$", RegexOptions.ExplicitCapture, Timeout.Infinite)]
    private static partial Regex KoreanPast();

    [GeneratedRegex("[할갈볼올살줄둘릴길칠낼킬꿀쓸탈을](게|게요|께|께요)$|겠(습니다|어요|네요|다)$", RegexOptions.ExplicitCapture, Timeout.Infinite)]
    private static partial Regex KoreanIntention();

    [GeneratedRegex(@"\b(i'll|ill|i will|we'll|will|gonna|going to|let's)\b", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture, Timeout.Infinite)]
    private static partial Regex EnglishIntention();

    [GeneratedRegex(@"걸로|로 (갈게|할게|하|가|정|해)|으로요|then\b|so it.s|it is\b|going with|go with|let.s", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture, Timeout.Infinite)]
    private static partial Regex Choice();

    [GeneratedRegex(@"\?|？|나요|까요|을까|어때|인가요|있나|뭐|언제|누가|몇|anyone|anybody|who|what|when|where|how", RegexOptions.IgnoreCase, Timeout.Infinite)]
    private static partial Regex Question();

    [GeneratedRegex(@"감사|고마|고맙|덕분|최고|살았|수고|축하|thank|thx|\bty\b|cheers|bless|lifesaver|legend|you.re the best|hero|congrats", RegexOptions.IgnoreCase, Timeout.Infinite)]
    private static partial Regex Thanks();

    [GeneratedRegex(
        @"^(네+|넵+|예+|넹|콜+|오케이|ㅇㅋ|ㅇㅇ|응+|좋아요?|좋습니다|알겠\S*|확인|ok(ay)?|k|yes|yep|yeah|sure|deal|agreed|done|great|nice|perfect|good|fine|cool|lovely|love it|fair|\+1|👍|ㄱㄱ|오+|와+|굿)\b",
        RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture, Timeout.Infinite)]
    private static partial Regex Agreement();
}
