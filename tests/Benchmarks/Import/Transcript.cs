using System.Text.Encodings.Web;
using System.Text.Json;

namespace AIChat.Benchmarks.Import;

/// <summary>
/// A made-up room: a dozen people, up to four conversations at a time, each about one thing in one language, people addressed by name in a third of the lines.
/// The same seed gives the same bytes.
/// </summary>
internal static class Transcript
{
    static readonly string[] People = ["민수", "지영", "서연", "준호", "하은", "도윤", "alice", "bob", "carol", "dave", "erin", "frank"];
    static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    static readonly Theme[] Themes =
    [
        new(
            Korean: true,
            ["김치찌개", "점심", "식당", "메뉴", "배달"],
            [
                "{0} 어디가 맛있어요?",
                "{0}은 역시 회사 앞이 제일이죠",
                "저는 {0}보다 {1} 쪽이 좋아요",
                "{0} 얘기하니까 배고프네요 ㅋㅋ",
                "내일은 {1} 먹으러 가요",
            ]),
        new(
            Korean: true,
            ["등산", "설악산", "주말", "날씨", "등산화"],
            [
                "{0} 같이 가실 분 계세요?",
                "{0} 때문에 {1} 계획을 바꿔야 할 것 같아요",
                "지난번 {0} 정말 좋았어요",
                "{1} 예보 확인해 보셨어요?",
                "네 그럼 {0} 준비물은 제가 챙길게요",
            ]),
        new(
            Korean: true,
            ["서버", "배포", "로그", "타임아웃", "인덱스"],
            [
                "{0} 또 느려졌는데 원인 아시는 분?",
                "{0} 설정을 바꾸니까 {1} 문제가 사라졌어요",
                "{1} 먼저 확인해 보세요",
                "어제 {0} 이후로 에러가 늘었어요",
                "{0} 되돌리고 다시 {1} 볼게요",
            ]),
        new(
            Korean: true,
            ["영화", "배우", "감독", "결말", "예매"],
            [
                "그 {0} 보셨어요?",
                "{0} 때문에 본 건데 {1}이 아쉬웠어요",
                "{1} 스포일러는 하지 말아 주세요",
                "이번 {0}은 평이 좋더라고요",
                "주말에 {0} 하려고요",
            ]),
        new(
            Korean: false,
            ["kernel", "driver", "module", "reboot", "firmware"],
            [
                "does the {0} load after a {1}?",
                "I had the same with that {0}, an update of the {1} fixed it",
                "what does dmesg say about the {0}?",
                "no luck, the {1} is still missing",
                "try the older {0}, then",
            ]),
        new(
            Korean: false,
            ["build", "test", "branch", "merge", "pipeline"],
            [
                "the {0} is red again, who touched the {1}?",
                "I think it is the {0}, not the {1}",
                "can you rebase the {1} and push?",
                "works for me on a clean {0}",
                "the {0} passes now, thanks",
            ]),
        new(
            Korean: false,
            ["keyboard", "switches", "layout", "keycaps", "cable"],
            [
                "which {0} did you get in the end?",
                "those {1} are far too loud for an office",
                "I would not pay that much for {1}",
                "the {0} came without a {1}, so I sent it back",
                "a better {0} is worth it if you type all day",
            ]),
        new(
            Korean: false,
            ["train", "ticket", "platform", "delay", "station"],
            [
                "is the {0} late again?",
                "they changed the {0} at the last minute",
                "my {1} says another {0}",
                "refund the {1} online, it takes a minute",
                "see you at the {0} then",
            ]),
    ];

    /// <summary>Writes a transcript as <c>import?format=jsonl</c> reads it.</summary>
    public static async Task WriteAsync(string file, int lines, int seed, CancellationToken cancellation)
    {
        await using var writer = File.CreateText(file);
        foreach (var line in Lines(lines, seed))
            await writer.WriteLineAsync(JsonSerializer.Serialize(line, Json).AsMemory(), cancellation);
    }

    public static IEnumerable<Line> Lines(int count, int seed)
    {
        var random = new Random(seed);
        var running = new List<Conversation>();
        var at = new DateTimeOffset(2024, 1, 1, 9, 0, 0, TimeSpan.Zero);
        for (var number = 1; number <= count; number++)
        {
            at += TimeSpan.FromSeconds(1 + random.Next(random.Next(20) == 0 ? 600 : 30));
            running.RemoveAll(_ => random.Next(60) == 0);
            if (running.Count == 0 || (running.Count < 4 && random.Next(25) == 0))
                running.Add(new Conversation(Themes[random.Next(Themes.Length)], [.. People.OrderBy(_ => random.Next()).Take(2 + random.Next(3))]));
            yield return running[random.Next(running.Count)].Next(number, at, random);
        }
    }

    public sealed record Line(string Id, string Nickname, string Content, DateTimeOffset CreatedAt, string? ReplyTo);

    sealed record Theme(bool Korean, string[] Words, string[] Phrases);

    sealed class Conversation(Theme theme, string[] people)
    {
        Line? _last;

        public Line Next(int number, DateTimeOffset at, Random random)
        {
            var others = people.Where(person => person != _last?.Nickname).ToArray();
            var text = Phrase(random);
            if (_last is not null && random.Next(3) == 0)
                text = theme.Korean ? $"{_last.Nickname}님 {text}" : $"{_last.Nickname}: {text}";
            var replyTo = random.Next(20) == 0 ? _last?.Id : null;
            return _last = new Line($"line-{number}", others[random.Next(others.Length)], text, at, replyTo);
        }

        string Phrase(Random random)
        {
            var first = random.Next(theme.Words.Length);
            var second = (first + 1 + random.Next(theme.Words.Length - 1)) % theme.Words.Length;
            return theme.Phrases[random.Next(theme.Phrases.Length)]
                .Replace("{0}", theme.Words[first], StringComparison.Ordinal).Replace("{1}", theme.Words[second], StringComparison.Ordinal);
        }
    }
}
