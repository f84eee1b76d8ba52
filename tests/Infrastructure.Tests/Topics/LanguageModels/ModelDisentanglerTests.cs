using AIChat.Domain.Topics;

namespace AIChat.Infrastructure.Tests.Topics.LanguageModels;

public sealed class ModelDisentanglerTests : DisentanglerTestBase
{
    [Fact]
    public async Task Lines_go_to_the_model_under_labels_and_come_back_with_their_conversations_a_title_and_an_outcome()
    {
        var lines = Lines(("ann", "the build is red since the merge"), ("bob", "who brings soup for lunch?"), ("eve", "i will fix the build today, P1 bug"), ("ann", "i bring soup"), ("bob", "thanks ann"), ("eve", "build is green again"));
        Server.Answer = _ =>
        [
            """
            {"conversations":[{"c":null,"lines":[1,3,6],"title":"red build","outcome":"Q3 fixed the build, it is green again","cites":[3,6]},
            {"c":null,"lines":[2,4,5],"title":"soup for lunch","outcome":"Q1 brings soup","cites":[4]}]}
            """,
        ];
        var found = await Disentangler().DisentangleAsync(await RequestAsync(lines), default);
        Assert.Equal([0, 1, 0, 1, 1, 0], found.Conversations);
        Assert.Equal((6, 6), (found.UpTo, found.Filed));
        Assert.Equal("red build", found.Titles[0]);
        Assert.Equal("soup for lunch", found.Titles[1]);
        Assert.Equal("eve fixed the build, it is green again", found.Outcomes[0].Text);
        Assert.Equal([2, 5], found.Outcomes[0].Lines);
        Assert.Equal([3], found.Outcomes[1].Lines);

        var asked = Assert.Single(Server.Asked);
        Assert.Equal("json_schema", asked.Format);
        Assert.Contains("\"who\":\"Q3\",\"at\":\"01-01 00:02\"", asked.User, StringComparison.Ordinal);
        Assert.DoesNotContain("\"bob", asked.User, StringComparison.Ordinal);
        Assert.Contains("thanks Q1", asked.User, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Lines_of_those_who_keep_theirs_from_models_are_never_sent_and_follow_the_offline_engine()
    {
        var (lines, gold) = Room("en-parents-1", 60);
        var hidden = lines.Select(line => line.Speaker).GroupBy(speaker => speaker).OrderByDescending(group => group.Count()).First().Key;
        lines = lines.ConvertAll(line => line.Speaker == hidden ? line with { ExcludeFromAi = true } : line);
        var goldOf = lines.Zip(gold).DistinctBy(pair => pair.First.Content).ToDictionary(pair => pair.First.Content, pair => pair.Second);
        Server.Answer = asked => [Answer(asked, text => goldOf[text])];
        var request = await RequestAsync(lines);
        var found = await Disentangler().DisentangleAsync(request, default);

        var sent = LinesOf(Assert.Single(Server.Asked)).Select(line => line.Text).ToList();
        Assert.Equal(lines.Where(line => !line.ExcludeFromAi).Select(line => line.Content), sent);
        for (var line = 0; line < lines.Count; line++)
        {
            if (!lines[line].ExcludeFromAi || request.Offline[line] < 0)
                continue;
            var beside = Enumerable.Range(0, lines.Count).Where(other => !lines[other].ExcludeFromAi && request.Offline[other] == request.Offline[line]).ToList();
            Assert.True(beside.Count == 0 || beside.Exists(other => found.Conversations[other] == found.Conversations[line]), lines[line].Content);
        }
    }

    [Fact]
    public async Task What_looks_private_is_masked()
    {
        var lines = Lines(("ann", "what is the door code?"), ("bob", "soup for lunch"), ("eve", "the door code is 4711#"), ("dan", "call me at 010-1234-5678"));
        Server.Answer = _ => ["""{"conversations":[{"c":null,"lines":[1,3],"title":"door code","outcome":"the door code is 4711#","cites":[3]},{"c":null,"lines":[2,4],"title":"","outcome":"","cites":[]}]}"""];
        var found = await Disentangler().DisentangleAsync(await RequestAsync(lines), default);
        Assert.Equal(4, found.Filed);
        Assert.DoesNotContain("4711", Assert.Single(Server.Asked).User, StringComparison.Ordinal);
        Assert.DoesNotContain("1234", Assert.Single(Server.Asked).User, StringComparison.Ordinal);
        Assert.Empty(found.Outcomes);
    }

    [Fact]
    public async Task A_code_is_masked_after_its_announcement_in_the_same_conversation_however_much_is_said_between()
    {
        var lines = Lines(("ann", "what is the door code?"), ("bob", "soup"), ("dan", "or rice"), ("bob", "soup then"), ("dan", "fine"), ("bob", "at noon"), ("eve", "it is 7315"));
        await Disentangler().DisentangleAsync(await RequestAsync(lines) with { Offline = [0, 1, 1, 1, 1, 1, 0] }, default);
        Assert.DoesNotContain("7315", Assert.Single(Server.Asked).User, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Long_rooms_are_asked_in_windows_that_share_lines_and_are_joined_by_them()
    {
        var (lines, gold) = Room("mixed-design-1", 187);
        var goldOf = lines.Zip(gold).DistinctBy(pair => pair.First.Content).ToDictionary(pair => pair.First.Content, pair => pair.Second);
        Server.Answer = asked => [Answer(asked, text => goldOf[text])];
        var found = await Disentangler(promptTokens: 4_000).DisentangleAsync(await RequestAsync(lines), default);
        var windows = Server.Asked.Select(LinesOf).ToList();
        Assert.True(windows.Count > 2, $"{windows.Count} windows");
        Assert.All(windows.Skip(1), window => Assert.Contains(window, line => line.Open is not null));
        Assert.Equal(lines.Count, windows.Sum(window => window.Count(line => line.Open is null)));

        // A conversation that pauses longer than the shared lines cannot be joined by them, but is never mixed with another.
        var pure = found.Conversations.Zip(gold).GroupBy(pair => pair.First).All(group => group.Select(pair => pair.Second).Distinct().Count() == 1);
        Assert.True(pure);
    }

    [Fact]
    public async Task A_conversation_goes_on_with_the_open_one_that_the_answer_names()
    {
        var lines = Lines([("ann", "the build is red"), ("bob", "i look at the build"), .. Enumerable.Range(0, 60).Select(n => ("eve", $"soup {n}")), ("ann", "green again")]);
        lines = lines.Select((line, at) => at < 62 ? line with { Conversation = at < 2 ? 0 : 1 } : line).ToList();
        Server.Answer = asked => [$$"""{"conversations":[{"c":2,"lines":[51],"title":"red build","outcome":"","cites":[]}]}"""];
        var found = await Disentangler().DisentangleAsync(await RequestAsync(lines, from: 62), default);
        Assert.Contains("\"c\":2,\"who\":\"P3\",\"at\":\"01-01 00:01\",\"text\":\"i look at the build\"", Assert.Single(Server.Asked).User, StringComparison.Ordinal);
        Assert.Equal(0, found.Conversations[^1]);
    }

    [Fact]
    public async Task Explicit_replies_and_known_conversations_stand_whatever_the_model_says()
    {
        var lines = Lines(("ann", "red build"), ("bob", "soup for lunch"), ("eve", "i fix it"), ("dan", "me too"), ("ann", "good"));
        lines[2] = lines[2] with { ReplyTo = 0 };
        lines[3] = lines[3] with { Conversation = 7 };
        lines[4] = lines[4] with { Conversation = 8 };
        Server.Answer = _ => ["""{"conversations":[{"c":null,"lines":[1,4,5],"title":"","outcome":"","cites":[]},{"c":null,"lines":[2,3],"title":"","outcome":"","cites":[]}]}"""];
        var found = await Disentangler().DisentangleAsync(await RequestAsync(lines), default);
        Assert.Equal(found.Conversations[0], found.Conversations[2]);
        Assert.NotEqual(found.Conversations[3], found.Conversations[4]);
        Assert.NotEqual(found.Conversations[1], found.Conversations[2]);
    }

    [Theory]
    [InlineData(503)]
    [InlineData(429)]
    public async Task A_model_that_is_away_leaves_the_offline_result_and_may_be_asked_later(int status)
    {
        var (lines, _) = Room("ko-guild-1", 40);
        Server.Fault = (context, _) =>
        {
            context.Response.StatusCode = status;
            return Task.FromResult(true);
        };
        var request = await RequestAsync(lines);
        var found = await Disentangler().DisentangleAsync(request, default);
        Assert.Equal(request.Offline, found.Conversations);
        Assert.Equal((0, 0), (found.UpTo, found.Filed));
    }

    [Fact]
    public async Task A_late_answer_leaves_the_offline_result()
    {
        var (lines, _) = Room("ko-guild-1", 40);
        Server.Pause = TimeSpan.FromSeconds(5);
        var request = await RequestAsync(lines);
        var found = await Disentangler(answerTimeout: TimeSpan.FromMilliseconds(200)).DisentangleAsync(request, default);
        Assert.Equal(request.Offline, found.Conversations);
        Assert.Equal(0, found.Filed);
    }

    [Theory]
    [InlineData("no JSON at all")]
    [InlineData("{}")]
    [InlineData("""{"conversations":[]}""")]
    [InlineData("""{"conversations":[{"c":null,"lines":[1,2,3],"title":"","outcome":"","cites":[]}]}""")]
    [InlineData("""{"conversations":[{"c":null,"lines":[1,2,3,4,4],"title":"","outcome":"","cites":[]}]}""")]
    [InlineData("""{"conversations":[{"c":null,"lines":[1,2,3,4],"title":"","outcome":"","cites":[]},{"c":null,"lines":[4],"title":"","outcome":"","cites":[]}]}""")]
    [InlineData("""{"conversations":[{"c":null,"lines":[1,2,3,4,5],"title":"","outcome":"","cites":[]}]}""")]
    [InlineData("""{"conversations":[{"c":1,"lines":[1,2,3,4],"title":"","outcome":"","cites":[]}]}""")]
    [InlineData("""{"conversations":[{"c":null,"lines":["1",2,3,4],"title":"","outcome":"","cites":[]}]}""")]
    [InlineData("""{"conversations":[{"c":null,"lines":[1,2,3,4],"title":"","outcome":"","cites":[]}""")]
    public async Task An_answer_that_breaks_the_form_leaves_the_offline_result_and_is_not_asked_for_again(string answer)
    {
        Server.Answer = _ => [answer];
        var request = await RequestAsync(Lines(("ann", "red build"), ("bob", "soup for lunch"), ("eve", "i fix it"), ("dan", "me too")));
        var found = await Disentangler().DisentangleAsync(request, default);
        Assert.Equal(request.Offline, found.Conversations);
        Assert.Equal((4, 0), (found.UpTo, found.Filed));
    }

    [Fact]
    public async Task An_answer_unlike_any_room_leaves_the_offline_result()
    {
        var (lines, gold) = Room("en-support-1", 100);
        var request = await RequestAsync(lines);
        var chance = new Random(3);
        var number = 0;
        foreach (var absurd in (Func<string, int>[])[_ => 0, _ => number++, _ => chance.Next(8), _ => number++ < 3 ? number : 0])
        {
            number = 0;
            Server.Answer = asked => [Answer(asked, absurd)];
            var found = await Disentangler().DisentangleAsync(request, default);
            Assert.Equal(request.Offline, found.Conversations);
            Assert.Equal(0, found.Filed);
        }

        var goldOf = lines.Zip(gold).DistinctBy(pair => pair.First.Content).ToDictionary(pair => pair.First.Content, pair => pair.Second);
        Server.Answer = asked => [Answer(asked, text => goldOf[text])];
        Assert.Equal(100, (await Disentangler().DisentangleAsync(request, default)).Filed);
    }

    private static List<ChatLine> Lines(params IReadOnlyList<(string Who, string Text)> said)
        => [.. said.Select((line, i) => new ChatLine(line.Who, line.Who, line.Text, DateTimeOffset.UnixEpoch.AddMinutes(i)))];
}
