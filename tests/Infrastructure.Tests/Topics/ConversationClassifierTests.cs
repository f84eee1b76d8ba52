using AIChat.Domain.Topics;
using AIChat.Infrastructure.Topics.Classifiers;

namespace AIChat.Infrastructure.Tests.Topics;

public sealed class ConversationClassifierTests
{
    public static TheoryData<ClassificationMode> Modes => [ClassificationMode.Full, ClassificationMode.Online];

    [Theory]
    [MemberData(nameof(Modes))]
    public async Task Themes_are_a_strict_tree_over_conversations(ClassificationMode mode)
    {
        var found = await ClassifyAsync(Talk.Babble(600, seed: 4, people: 30), mode);
        Assert.True(found.High.Max() > 3);
        Assert.All(found.High.Zip(found.Mid).GroupBy(pair => pair.First), conversation => Assert.Single(conversation.Distinct()));
        Assert.All(found.Mid.Zip(found.Low).GroupBy(pair => pair.First), theme => Assert.Single(theme.Distinct()));
    }

    [Theory]
    [MemberData(nameof(Modes))]
    public async Task Links_lead_to_earlier_lines_of_the_same_conversation(ClassificationMode mode)
    {
        var lines = Talk.Babble(600, seed: 5);
        lines[300] = lines[300] with { ReplyTo = 7 };
        lines[40] = lines[40] with { Content = "ㅋㅋ", CreatedAt = lines[40].CreatedAt };
        lines[301] = lines[301] with { ReplyTo = 40 };
        var found = await ClassifyAsync(lines, mode);
        var opened = new HashSet<int>();
        for (var i = 0; i < lines.Count; i++)
        {
            if (found.Links[i] is { } earlier)
            {
                Assert.InRange(earlier, 0, i - 1);
                Assert.Equal(found.High[i], found.High[earlier]);
            }
            else if (found.High[i] >= 0)
            {
                Assert.True(opened.Add(found.High[i]));
            }
        }
    }

    [Theory]
    [MemberData(nameof(Modes))]
    public async Task Labels_count_from_0_in_order_of_first_appearance(ClassificationMode mode)
    {
        var found = await ClassifyAsync(Talk.Babble(300, seed: 6), mode);
        foreach (var labels in new[] { found.High, found.Mid, found.Low })
            Assert.Equal(Enumerable.Range(0, labels.Max() + 1), labels.Where(label => label >= 0).Distinct());
    }

    [Fact]
    public async Task Online_uses_nothing_later_than_each_line()
    {
        var (room, other) = (Talk.Babble(300, seed: 7), Talk.Babble(300, seed: 8));
        var whole = await ClassifyAsync(room, ClassificationMode.Online);
        var changed = await ClassifyAsync([.. room.Take(200), .. other.Skip(200)], ClassificationMode.Online);
        Assert.Equal(whole.Links.Take(200), changed.Links.Take(200));
        Assert.Equal(whole.High.Take(200), changed.High.Take(200));
        Assert.Equal(whole.Mid.Take(200), changed.Mid.Take(200));
        Assert.Equal(whole.Low.Take(200), changed.Low.Take(200));
    }

    [Theory]
    [MemberData(nameof(Modes))]
    public async Task Given_conversations_are_kept_and_may_be_joined(ClassificationMode mode)
    {
        ChatLine[] lines =
        [
            "alice".Says(0, "my sound is gone since the update") with { Conversation = 70 },
            "bob".Says(5, "does anybody know a good editor for large files") with { Conversation = 12 },
            "carol".Says(9, "ㅋㅋ") with { Conversation = -1 },
            "alice".Says(12, "vim can do that, can it not") with { Conversation = 12 },
            "dave".Says(15, "somebody said it was alsa") with { Conversation = 70 },
            "erin".Says(20, "bob: less is enough"),
        ];
        var found = await ClassifyAsync(lines, mode);
        Assert.Equal([0, 1, -1, 1, 0, 1], found.High);
        Assert.Equal([null, null, null, 1, 0, 1], found.Links);
    }

    [Fact]
    public async Task Chatter_that_is_answered_explicitly_was_no_noise()
    {
        ChatLine[] lines = ["민지".Says(0, "오늘 새 가방 샀다"), "서준".Says(4000, "ㅋㅋ"), "하은".Says(4010, "왜 웃어?") with { ReplyTo = 1 }];
        var found = await ClassifyAsync(lines, ClassificationMode.Full);
        Assert.Equal([0, 1, 1], found.High);
        Assert.Equal([null, null, 1], found.Links);
    }

    [Theory]
    [MemberData(nameof(Modes))]
    public async Task Who_answers_the_same_chatter_explicitly_is_in_one_conversation(ClassificationMode mode)
    {
        ChatLine[] lines =
        [
            "민지".Says(0, "오늘 새 가방 샀다"), "서준".Says(4000, "ㅋㅋ"), "하은".Says(4010, "왜 웃어?") with { ReplyTo = 1 },
            "도윤".Says(9000, "내일 비가 온대"), "지우".Says(9030, "그러게 웃을 일인가") with { ReplyTo = 1 },
        ];
        var found = await ClassifyAsync(lines, mode);
        Assert.Equal(found.High[2], found.High[4]);
        Assert.NotEqual(found.High[3], found.High[4]);
        Assert.Equal(mode == ClassificationMode.Full ? [null, null, 1, null, 1] : [null, null, null, null, 2], found.Links);

        // The same line by line, where the earlier conversations are known.
        var later = await ClassifyAsync([.. lines.Select((line, i) => i < 4 ? line with { Conversation = found.High[i] } : line)], ClassificationMode.Online);
        Assert.Equal(later.High[2], later.High[4]);
    }

    [Fact]
    public async Task The_same_window_gives_the_same_answer()
    {
        var lines = Talk.Babble(500, seed: 9);
        var (first, second) = (await ClassifyAsync(lines, ClassificationMode.Full), await ClassifyAsync(lines, ClassificationMode.Full));
        Assert.Equal(first.Links, second.Links);
        Assert.Equal(first.Mid, second.Mid);
        Assert.Equal(first.Low, second.Low);
    }

    [Fact]
    public async Task Progress_reaches_the_number_of_lines()
    {
        var told = new Told();
        await new ConversationClassifier().ClassifyAsync(Talk.Babble(1000, seed: 10), ClassificationMode.Full, told, default);
        Assert.Equal(told.Numbers.Order(), told.Numbers);
        Assert.True(told.Numbers.Count > 3);
        Assert.Equal(1000, told.Numbers[^1]);
    }

    [Fact]
    public async Task Cancellation_stops_the_work() =>
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() =>
            new ConversationClassifier().ClassifyAsync(Talk.Babble(1000, seed: 11), ClassificationMode.Full, null, new CancellationToken(canceled: true)));

    private static Task<Classification> ClassifyAsync(IReadOnlyList<ChatLine> lines, ClassificationMode mode) =>
        new ConversationClassifier().ClassifyAsync(lines, mode, null, default);

    private sealed class Told : IProgress<int>
    {
        public List<int> Numbers { get; } = [];

        public void Report(int value) => Numbers.Add(value);
    }
}
