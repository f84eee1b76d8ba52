using AIChat.Domain.Summaries;
using AIChat.Domain.Topics;
using AIChat.Infrastructure.Summaries.Extractive;
using AIChat.Infrastructure.Topics.Outcomes;
using AIChat.Infrastructure.Topics.Quotes;

namespace AIChat.Infrastructure.Tests.Summaries;

public sealed class ExtractiveSummarizerTests
{
    private static readonly ExtractiveSummarizer Engine = new(new OutcomeFinder());

    [Fact]
    public void Points_quote_their_lines_under_the_speakers_nickname()
    {
        var summary = Summarize(("민지", "금요일 회식 장소를 삼겹살집으로 정했어요."));
        var point = Assert.Single(summary.Points);
        Assert.Equal("민지: 금요일 회식 장소를 삼겹살집으로 정했어요.", point.Text);
        Assert.Equal([0], point.Citations);
        Assert.Equal(point.Text, summary.Content);
    }

    [Fact]
    public void A_question_is_quoted_and_cited_with_its_answer()
    {
        var summary = Summarize(("민지", "회식 장소는 어디로 예약했어?"), ("서준", "강남역 삼겹살집이요"), ("민지", "ㅇㅋ"));
        var point = Assert.Single(summary.Points);
        Assert.Equal("민지: 회식 장소는 어디로 예약했어? — 서준: 강남역 삼겹살집이요", point.Text);
        Assert.Equal([0, 1], point.Citations);
    }

    [Theory]
    [InlineData("몇 시에?", "7시")]
    [InlineData("어디로 갈까요?", "강남")]
    [InlineData("회식 참석 가능하세요?", "불참")]
    [InlineData("which version?", "6.9")]
    public void An_answer_of_one_word_is_quoted_with_its_question(string question, string answer)
    {
        var summary = Summarize(("민지", "안녕하세요"), ("하은", question), ("서준", "ㅋㅋㅋ"), ("서준", answer), ("민지", "네"));
        Assert.Contains($"하은: {question} — 서준: {answer}", summary.Points.Select(point => point.Text));
    }

    [Fact]
    public void A_question_that_was_answered_is_preferred_to_one_that_was_not()
    {
        var point = Assert.Single(Summarize(("하은", "몇 시에 만나요?"), ("도윤", "회식 참석 가능하세요 하은님?"), ("하은", "불참")).Points);
        Assert.Equal([1, 2], point.Citations);
    }

    [Fact]
    public void An_explicit_reply_is_the_answer_before_the_next_line()
    {
        ChatLine[] lines =
        [
            Line("ann", "Which kernel version fixes the wireless driver?", 0), Line("bob", "The printer tray is jammed on floor two.", 60),
            Line("cy", "Version 6.9 fixes it.", 120) with { ReplyTo = 0 },
        ];
        var summary = Engine.Summarize(lines);
        Assert.Contains(summary.Points, point => point.Citations.SequenceEqual([0, 2]));
    }

    [Fact]
    public void The_same_sentence_twice_yields_one_point()
    {
        var summary = Summarize(("a", "The database migration starts on Friday."), ("b", "ok"), ("c", "The database migration starts on Friday."), ("d", "sure"), ("e", "lol"));
        Assert.Single(summary.Points);
    }

    [Fact]
    public void Greetings_are_not_quoted_where_there_is_a_subject()
    {
        var summary = Summarize(("a", "hello everyone, good morning!"), ("b", "hi hi"), ("a", "The payment server rejects every card since the deploy."), ("b", "oh no"));
        Assert.Contains("payment server", summary.Content, StringComparison.Ordinal);
        Assert.DoesNotContain("hello", summary.Content, StringComparison.Ordinal);
    }

    [Fact]
    public void Two_consecutive_messages_of_one_thought_are_one_point_that_cites_both()
    {
        ChatLine[] lines = [Line("민지", "내일 워크숍 버스가", 0), Line("민지", "서울역에서 여덟시에 출발합니다", 5), Line("서준", "네", 9)];
        var summary = Engine.Summarize(lines);
        Assert.Equal([0, 1], Assert.Single(summary.Points).Citations);
    }

    [Fact]
    public void Two_messages_that_are_quoted_together_have_a_mark_between_them()
    {
        ChatLine[] lines = [Line("민지", "내일 워크숍 버스가", 0), Line("민지", "서울역에서 여덟시에 출발합니다", 5), Line("서준", "네", 9)];
        Assert.Equal("민지: 내일 워크숍 버스가 / 서울역에서 여덟시에 출발합니다", Assert.Single(Engine.Summarize(lines).Points).Text);
    }

    [Fact]
    public void What_came_of_a_conversation_is_quoted_line_by_line_the_likeliest_first()
    {
        var summary = Summarize(("민지", "회식 장소 어디로 할까요?"), ("서준", "삼겹살 어때요"), ("하은", "저는 곱창이 좋은데"), ("민지", "그럼 삼겹살집으로 확정! 금요일 7시 예약했어요"), ("서준", "네"));
        Assert.Equal("민지: 삼겹살집으로 확정! 금요일 7시 예약했어요", summary.Outcomes[0].Text);
        Assert.Equal([3], summary.Outcomes[0].Citations);
        Assert.All(summary.Outcomes, outcome => Assert.Single(outcome.Citations));
        Assert.Equal(summary.Outcomes.Select(outcome => outcome.Importance).OrderDescending(), summary.Outcomes.Select(outcome => outcome.Importance));
    }

    [Fact]
    public void What_looks_private_is_not_quoted()
    {
        var summary = Summarize(("하은", "한라 회의실 문이 잠겨있는데 비번 바뀌었나요?"), ("도윤", "이번주부터 2580이에요 확정"), ("하은", "열렸어요 감사합니다"));
        Assert.DoesNotContain("2580", summary.Content + string.Concat(summary.Outcomes.Select(outcome => outcome.Text)), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("oh yes, the server is fixed lol", "the server is fixed")]
    [InlineData("네 그럼 다음주 토요일 11시로 해요 ㅋㅋㅋ", "다음주 토요일 11시로 해요")]
    [InlineData("네 좋아요", "네 좋아요")]
    [InlineData("well known bug, so we wait", "well known bug, so we wait")]
    [InlineData("아니 그거 말고 빨간 거요", "아니 그거 말고 빨간 거요")]
    [InlineData("ok", "ok")]
    public void Interjections_around_a_quote_are_left_out(string text, string trimmed) => Assert.Equal(trimmed, Interjections.Trimmed(text));

    [Theory]
    [InlineData(1, 1)]
    [InlineData(3, 1)]
    [InlineData(8, 2)]
    [InlineData(2_500, 7)]
    public void Longer_conversations_get_more_points_up_to_seven(int lines, int most)
    {
        var summary = Summarize([.. Enumerable.Range(0, lines).Select(i => ($"u{i % 5}", $"subject{i} meets object{i * 7 % 31} beside landmark{i % 13} tomorrow."))]);
        Assert.InRange(summary.Points.Count, 1, most);
        if (lines > 100) Assert.Equal(most, summary.Points.Count);
    }

    [Fact]
    public void Points_are_in_the_order_of_the_conversation_and_cite_only_lines_with_text()
    {
        var chance = new Random(7);
        string[] texts =
        [
            "", "  ", "ㅋㅋㅋ", "😀", "서버 배포 언제 하나요?", "배포는 금요일 저녁입니다.", "\u200B", "Who has the keys?", "no",
            "The keys are in the red drawer near the printer.", "?", "…",
        ];
        for (var round = 0; round < 200; round++)
        {
            var lines = Enumerable.Range(0, chance.Next(1, 40))
                .Select(i => Line($"u{chance.Next(3)}", texts[chance.Next(texts.Length)], 30 * i) with
                {
                    IsSystem = chance.Next(8) == 0,
                    ReplyTo = i > 0 && chance.Next(4) == 0 ? chance.Next(i) : null,
                })
                .ToArray();
            var summary = Engine.Summarize(lines);
            Assert.All(summary.Points, point =>
            {
                Assert.NotEmpty(point.Citations);
                Assert.All(point.Citations, at => Assert.True(!lines[at].IsSystem && lines[at].Content.Trim(' ', '\u200B').Length > 0));
                Assert.False(string.IsNullOrWhiteSpace(point.Text));
            });
            Assert.Equal(summary.Points.Select(point => point.Citations[0]).Order(), summary.Points.Select(point => point.Citations[0]));
            Assert.Equal(lines.Any(line => !line.IsSystem && line.Content.Trim(' ', '\u200B').Length > 0), summary.Points.Count > 0);
        }
    }

    [Fact]
    public void Chatter_alone_still_yields_a_point() => Assert.Single((Summarize(("a", "ㅋㅋㅋ"), ("b", "ㅇㅇ"))).Points);

    [Theory]
    [InlineData("")]
    [InlineData(" \n\t")]
    [InlineData("\u202E\u200B")]
    public void Blank_lines_make_an_empty_summary(string text)
    {
        var summary = Summarize(("a", text));
        Assert.Empty(summary.Points);
        Assert.Equal("", summary.Content);
    }

    [Fact]
    public void Long_messages_are_cut_at_a_word()
    {
        var summary = Summarize(("", string.Join(' ', Enumerable.Range(0, 400).Select(i => $"word{i}"))));
        var text = Assert.Single(summary.Points).Text;
        Assert.InRange(text.Length, 100, 240);
        Assert.Matches(@"word\d+…$", text);
    }

    [Fact]
    public void A_long_message_is_quoted_in_whole_sentences()
    {
        const string message = "Well, hello. The backup of the billing database failed because the disk of the billing server is full. "
            + "I went home early yesterday and had a look at the garden in the rain. See you.";
        var text = Assert.Single(Summarize(("", message)).Points).Text;
        Assert.Contains(text, message, StringComparison.Ordinal);
        Assert.Contains("billing", text, StringComparison.Ordinal);
        Assert.EndsWith(".", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Control_and_bidirectional_characters_are_removed_and_markup_is_kept()
    {
        var summary = Summarize(("eve\u202E", "The <b>server</b>\nroom\u2066 key\u0007 is lost."));
        Assert.Equal("eve: The <b>server</b> room key is lost.", summary.Content);
    }

    [Fact]
    public async Task Each_group_has_its_own_summary()
    {
        ChatLine[] first = [Line("a", "The printer needs toner.", 0)], second = [Line("b", "", 0)], third = [Line("c", "Lunch moves to noon.", 0)];
        var summaries = await Engine.SummarizeAsync(new GroupSummaryRequest([first, second, third], "en", null), default).Cast<GroupReady>().Select(part => part.Summary).ToListAsync();
        Assert.Equal(["a: The printer needs toner.", "", "c: Lunch moves to noon."], summaries.Select(summary => summary.Content));
    }

    [Fact]
    public void A_thousand_messages_always_have_the_same_points()
    {
        var lines = Enumerable.Range(0, 1_000).Select(i => ($"u{i % 9}", $"배포 {i % 83}번 서버에서 오류가 나는데 log{i % 29} 확인했어요? the server number {i % 17} restarted")).ToArray();
        var first = Summarize(lines);
        var second = Summarize(lines);
        Assert.Equal(first.Content, second.Content);
        Assert.Equal(first.Points.Select(point => string.Join(',', point.Citations)), second.Points.Select(point => string.Join(',', point.Citations)));
    }

    private static GroupSummary Summarize(params (string Who, string Text)[] talk) => Engine.Summarize([.. talk.Select((line, i) => Line(line.Who, line.Text, 60 * i))]);

    private static ChatLine Line(string who, string text, int second) => new(who, who, text, DateTimeOffset.UnixEpoch.AddSeconds(second));
}
