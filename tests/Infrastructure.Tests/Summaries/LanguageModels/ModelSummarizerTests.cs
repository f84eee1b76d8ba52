using AIChat.Domain.Common;
using AIChat.Domain.Rooms;
using AIChat.Domain.Summaries;
using AIChat.Domain.Topics;
using AIChat.Domain.Users;
using AIChat.Infrastructure.LanguageModels;
using AIChat.Infrastructure.Summaries.Extractive;
using AIChat.Infrastructure.Summaries.LanguageModels;
using AIChat.Infrastructure.Topics.Outcomes;
using AIChat.Tests;
using Microsoft.Extensions.Logging.Abstractions;

namespace AIChat.Infrastructure.Tests.Summaries.LanguageModels;

/// <summary>The summarizer against a scripted model server over real HTTP.</summary>
public sealed class ModelSummarizerTests : IAsyncLifetime, IDisposable
{
    private static readonly SpendingAccount Account = new(new UserId("ann"), new RoomId("room"));

    private readonly Ledger _ledger = new();
    private readonly HttpClient _http = new() { Timeout = Timeout.InfiniteTimeSpan };
    private ScriptedModel _server = null!;

    public async Task InitializeAsync() => _server = await ScriptedModel.StartAsync();

    public async Task DisposeAsync() => await _server.DisposeAsync();

    public void Dispose() => _http.Dispose();

    [Fact]
    public async Task Lines_go_to_the_model_numbered_under_labels_and_points_come_back_with_citations()
    {
        _server.Answer = _ => ["""{"topics":[{"topic":1,"name":"회식 장소","points":[{"kind":"decision","text":"P2가 강남역 삼겹살집을 예약했다","cites":[2]}]}]}"""];
        var summary = Assert.Single(await SummarizeAsync([Lines([("민지", "회식 장소는 어디로 예약했어?"), ("서준", "강남역 삼겹살집 예약했어")])], Summarizer(), "ko"));
        var point = Assert.Single(summary.Points);
        Assert.Equal(("서준이 강남역 삼겹살집을 예약했다", PointKind.Decision, false), (point.Text, point.Kind, point.IsWeak));
        Assert.Equal([1], point.Citations);
        Assert.Equal(("openai:scripted", "회식 장소"), (summary.Engine, summary.Name));

        var asked = Assert.Single(_server.Asked);
        Assert.Equal(["P1", "P2"], asked.Topics[0].Lines.Select(line => line.Who));
        Assert.Equal([1, 2], asked.Topics[0].Lines.Select(line => line.Number));
        Assert.DoesNotContain("서준", asked.User, StringComparison.Ordinal);
        Assert.Equal("json_schema", asked.Format);
    }

    [Fact]
    public async Task An_outcome_is_checked_like_a_point_and_told_at_once()
    {
        _server.Answer = _ => ["""{"topics":[{"topic":1,"name":"team lunch","outcome":{"text":"P2 booked the noodle place for noon","cites":[2, 99]},"points":[{"kind":"question","text":"P1 asks who comes","cites":[3]}]}]}"""];
        var updates = await Summarizer().SummarizeAsync(new GroupSummaryRequest([Lines([("ann", "where do we eat?"), ("bob", "booked the noodle place for noon"), ("ann", "who comes?")])], "en", Account), default).ToListAsync();
        Assert.Equal("bob booked the noodle place for noon", Assert.IsType<OutcomeReady>(updates[0]).Outcome.Text);
        var summary = Assert.IsType<GroupReady>(updates[^1]).Summary;
        var outcome = Assert.Single(summary.Outcomes);
        Assert.Equal(("bob booked the noodle place for noon", 1), (outcome.Text, Assert.Single(outcome.Citations)));
        Assert.True(outcome.Importance > Assert.Single(summary.Points).Importance);
        Assert.Contains("\"words\": 13,", Assert.Single(_server.Asked).User, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"text":"Quarterly revenue doubled unexpectedly","cites":[1]}""", 1)]
    [InlineData("""{"text":"the printer is broken","cites":[]}""", 0)]
    [InlineData("""{"text":"P9 broke the printer","cites":[1]}""", 0)]
    [InlineData("null", 0)]
    [InlineData("\"the printer\"", 0)]
    public async Task An_outcome_that_is_not_sure_is_none(string outcome, int weakPoints)
    {
        _server.Answer = _ => [$$"""{"topics":[{"topic":1,"name":"x y","outcome":{{outcome}},"points":[{"kind":"statement","text":"The printer is broken","cites":[1]}]}]}"""];
        var summary = Assert.Single(await SummarizeAsync([("ann", "the printer is broken"), ("bob", "which one?")]));
        Assert.Empty(summary.Outcomes);
        Assert.Equal(weakPoints, summary.Points.Count(point => point.IsWeak));
    }

    [Fact]
    public async Task Chatter_of_a_few_lines_may_have_no_point_and_a_longer_talk_is_quoted_then()
    {
        _server.Answer = _ => ["""{"topics":[{"topic":1,"name":"small talk","outcome":null,"points":[]}]}"""];
        var chatter = Assert.Single(await SummarizeAsync([("ann", "haha"), ("bob", "lol")]));
        Assert.Equal(("openai:scripted", 0, 0), (chatter.Engine, chatter.Points.Count, chatter.Outcomes.Count));
        Assert.Null(chatter.InsteadOf);
        var longer = Assert.Single(await SummarizeAsync([.. Enumerable.Range(0, 16).Select(n => ("ann", $"the server{n} restarted after the update of this night"))]));
        Assert.Equal("extractive", longer.Engine);
        Assert.Null(longer.InsteadOf);
    }

    [Fact]
    public async Task What_looks_private_is_not_sent()
    {
        await SummarizeAsync([("ann", "what's the door code?"), ("bob", "it is 7315 today"), ("ann", "and call 010-1234-5678")]);
        var user = Assert.Single(_server.Asked).User;
        Assert.DoesNotContain("7315", user, StringComparison.Ordinal);
        Assert.DoesNotContain("5678", user, StringComparison.Ordinal);
        Assert.Contains("it is ••• today", user, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Labels_are_no_words_of_the_lines_and_the_same_for_a_person_in_all_topics_of_a_call()
    {
        _server.Answer = _ =>
        [
            """
            {"topics":[{"topic":1,"name":"payments down","points":[
            {"kind":"statement","text":"Q1 reports the P0 incident: payments are down","cites":[1]},
            {"kind":"statement","text":"Q2 puts the P1 bug in refunds next","cites":[2]}]},
            {"topic":2,"name":"lunch","points":[{"kind":"statement","text":"Q2 brings soup for Q1","cites":[3]}]}]}
            """,
        ];
        var groups = await SummarizeAsync(
            [
                Lines([("mina", "P0 incident: payments are down since 09:00"), ("joon", "mina: next is the P1 bug in payments refunds")]),
                Lines([("joon", "i bring soup, mina")]),
                Lines([("mina", "the p2 plan is off")]),
            ],
            Summarizer());
        Assert.Equal(["mina reports the P0 incident: payments are down", "joon puts the P1 bug in refunds next"], groups[0].Points.Select(point => point.Text));
        Assert.Equal("joon brings soup for mina", Assert.Single(groups[1].Points).Text);
        var asked = _server.Asked.First();
        Assert.Equal(["Q1", "Q2", "Q2", "Q1"], asked.Topics.SelectMany(topic => topic.Lines).Select(line => line.Who));
        Assert.Contains("by their labels alone (\"Q1\")", asked.System, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Points_without_citations_or_about_unknown_people_are_dropped_and_unsupported_ones_are_weak()
    {
        _server.Answer = _ => ["""
            {"topics":[{"topic":1,"name":"x","points":[
            {"kind":"statement","text":"No proof at all","cites":[]},
            {"kind":"statement","text":"Proof that was not given","cites":[99]},
            {"kind":"statement","text":"P7 was never here","cites":[1]},
            {"kind":"statement","text":"The printer is broken","cites":[1,99]},
            {"kind":"statement","text":"Quarterly revenue doubled unexpectedly again","cites":[1]},
            {"kind":"statement","text":"The printer is broken since 1987","cites":[1]},
            {"kind":"statement","text":"P2 says the printer is broken","cites":[1]}]}]}
            """];
        var summary = Assert.Single(await SummarizeAsync([("ann", "the printer is broken"), ("bob", "which one?")]));
        Assert.Equal([("The printer is broken", false), ("Quarterly revenue doubled unexpectedly again", true), ("The printer is broken since 1987", true), ("bob says the printer is broken", true)], summary.Points.Select(point => (point.Text, point.IsWeak)));
        Assert.All(summary.Points, point => Assert.Equal([0], point.Citations));
    }

    [Fact]
    public async Task A_point_is_streamed_before_the_answer_ends()
    {
        using var told = new ManualResetEventSlim();
        var before = false;
        _server.Answer = _ => Pieces();
        await foreach (var part in Summarizer().SummarizeAsync(new GroupSummaryRequest([Lines([("ann", "the build is red")])], "en", Account), default))
        {
            if (part is PointReady)
                told.Set();
        }

        Assert.True(before);

        IEnumerable<string> Pieces()
        {
            yield return """{"topics":[{"topic":1,"name":"build","points":[{"kind":"statement","text":"The build is red","cites":[1]}""";
            before = told.Wait(Eventually.Timeout);
            yield return "]}]}";
        }
    }

    [Theory]
    [InlineData("ko", "빌드가 병합 뒤로 깨져 있다", 1, true)]
    [InlineData("ko", "빌드가 병합 뒤로 깨져 있다", 2, true)]
    [InlineData("ko", "The build is red since the merge", 1, true)]
    [InlineData("ko", "The build is red since the merge", 2, false)]
    [InlineData("en", "The build is red since the merge", 1, true)]
    [InlineData("en", "The build is red since the merge", 2, true)]
    [InlineData("en", "P1 met P1 at 강남역", 1, true)]
    [InlineData("en", "빌드가 병합 뒤로 깨져 있다", 1, false)]
    [InlineData("en", "빌드가 병합 뒤로 깨져 있다", 2, true)]
    [InlineData("en", "Сборка сломана после слияния", 1, false)]
    public async Task A_point_is_in_the_requested_language_or_in_that_of_its_lines(string language, string text, int cited, bool stays)
    {
        _server.Answer = _ => [$$"""{"topics":[{"topic":1,"name":"x","points":[{"kind":"statement","text":"{{text}}","cites":[{{cited}}]}]}]}"""];
        var summary = Assert.Single(await SummarizeAsync([Lines([("ann", "the build is red since the merge"), ("민지", "병합 뒤로 빌드가 깨졌네, 강남역")])], Summarizer(), language));
        Assert.Equal(stays ? "openai:scripted" : "extractive", summary.Engine);
        Assert.Contains(language == "ko" ? "in Korean" : "in English", Assert.Single(_server.Asked).System, StringComparison.Ordinal);
    }

    [Fact]
    public async Task After_two_failed_calls_the_rest_of_a_request_does_without_the_model()
    {
        _server.Fault = (context, _) =>
        {
            context.Response.StatusCode = 503;
            return Task.FromResult(true);
        };
        var groups = Enumerable.Range(0, 60).Select(topic => Lines([("ann", $"subject number{topic} came up")])).ToList();
        var summaries = await SummarizeAsync(groups, Summarizer());
        Assert.Equal(2, _server.Asked.Count);
        Assert.All(summaries, summary => Assert.Equal(("extractive", SummaryErrors.ModelAway), (summary.Engine, summary.InsteadOf)));
    }

    [Fact]
    public async Task An_answer_without_end_is_not_read_to_its_end()
    {
        _server.Answer = _ => Enumerable.Repeat(new string(' ', 1000), 100_000).Prepend("""{"topics":[{"topic":1,"name":"x","points":[{"kind":"statement","text":"The build is red","cites":[1]}""");
        Assert.Equal("The build is red", Assert.Single(Assert.Single(await SummarizeAsync([("ann", "the build is red")])).Points).Text);
        Assert.Equal(0, _server.Answered);
        Assert.True(Assert.Single(_ledger.Settled).Micros <= _ledger.Reserved[0].Micros);
    }

    [Fact]
    public async Task Points_that_exceed_a_prompt_are_merged_in_rounds()
    {
        var lines = Lines([.. Enumerable.Range(0, 2_000).Select(n => ("zebedee", $"the server{n} in rack{n} restarted after the update of this night and nobody knows why"))]);
        _server.Answer = request => [System.Text.Json.JsonSerializer.Serialize(new { topics = new[] { new { topic = 1, name = "server restarts", points = request.Topics[0].Lines.Take(request.Topics[0].Lines[0].Who is null ? 3 : 12).Select(line => new { kind = "statement", text = line.Text.StartsWith("P1", StringComparison.Ordinal) ? line.Text : "P1 says " + line.Text, cites = new[] { line.Number } }) } } })];
        var summary = Assert.Single(await SummarizeAsync([lines], Summarizer(promptTokens: 3_000)));
        Assert.InRange(summary.Points.Count, 1, 12);
        Assert.Empty(summary.Unread);
        Assert.All(summary.Points, point => Assert.StartsWith("zebedee says", point.Text, StringComparison.Ordinal));
        Assert.All(_server.Asked, asked => Assert.DoesNotContain("zebedee", asked.User, StringComparison.Ordinal));
        var tokens = Microsoft.ML.Tokenizers.TiktokenTokenizer.CreateForEncoding("o200k_base");
        Assert.All(_server.Asked, asked => Assert.InRange(tokens.CountTokens(asked.System + asked.User), 1, 3_000));
    }

    [Fact]
    public async Task A_cancelled_call_is_charged_for_what_it_received()
    {
        _server.Pause = TimeSpan.FromMilliseconds(50);
        _server.Answer = _ => Enumerable.Repeat(" ", 1_000_000).Prepend("""{"topics":[{"topic":1,"name":"x","points":[{"kind":"statement","text":"The build is red","cites":[1]}""");
        using var stopping = new CancellationTokenSource();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
        {
            await foreach (var _ in Summarizer().SummarizeAsync(new GroupSummaryRequest([Lines([("ann", "the build is red")])], "en", Account), stopping.Token))
                await stopping.CancelAsync();
        });
        await Eventually.TrueAsync(() => _server.HungUp > 0, "the server to hear of it");
        Assert.Equal((1, 0), (_server.HungUp, _server.Answered));
        Assert.InRange(Assert.Single(_ledger.Settled).Micros, 1, _ledger.Reserved[0].Micros);
    }

    [Theory]
    [InlineData(401)]
    [InlineData(404)]
    [InlineData(429)]
    [InlineData(500)]
    [InlineData(503)]
    public async Task The_extractive_engine_stands_in_for_a_server_that_refuses_and_says_why(int status)
    {
        _server.Fault = (context, _) =>
        {
            context.Response.StatusCode = status;
            return Task.FromResult(true);
        };
        var summary = Assert.Single(await SummarizeAsync([("ann", "the build is red since the merge")]));
        Assert.Equal(("extractive", SummaryErrors.ModelAway), (summary.Engine, summary.InsteadOf));
        Assert.Contains("build is red", summary.Content, StringComparison.Ordinal);
        Assert.Equal([new Money(0)], _ledger.Settled);
    }

    [Theory]
    [InlineData("")]
    [InlineData("I am sorry, I cannot do that.")]
    [InlineData("{\"topics\": 7}")]
    [InlineData("[1,2,3]")]
    [InlineData("{\"topics\":[{\"topic\":1,\"points\":[{\"text\":5,\"cites\":[1]},{\"text\":\"no cites\"},{\"text\":\"cites a word\",\"cites\":[\"one\"]},{},null]}]}")]
    [InlineData("{\"topics\":[{\"topic\":12,\"points\":[{\"text\":\"of a topic that was not asked for\",\"cites\":[1]}]}]}")]
    public async Task The_extractive_engine_stands_in_for_an_unusable_answer(string answer)
    {
        _server.Answer = _ => [answer];
        var summary = Assert.Single(await SummarizeAsync([("ann", "the build is red since the merge")]));
        Assert.Equal(("extractive", SummaryErrors.ModelUnusable), (summary.Engine, summary.InsteadOf));
    }

    [Fact]
    public async Task Complete_points_of_an_answer_that_breaks_off_count()
    {
        _server.Answer = _ => ["```json\n{\"topics\":[{\"topic\":1,\"name\":\"build\",\"points\":[{\"kind\":\"statement\",\"text\":\"The build is red\",\"cites\":[1]},", "{\"kind\":\"statement\",\"text\":\"half", "never"];
        _server.CutAfter = 2;
        var summary = Assert.Single(await SummarizeAsync([("ann", "the build is red")]));
        Assert.Equal("The build is red", Assert.Single(summary.Points).Text);
    }

    [Fact]
    public async Task A_server_without_schema_support_is_asked_for_plain_JSON_from_then_on()
    {
        _server.Fault = (context, request) =>
        {
            if (request.Format is null)
                return Task.FromResult(false);
            context.Response.StatusCode = 400;
            return Task.FromResult(true);
        };
        var summarizer = Summarizer();
        Assert.Equal("openai:scripted", Assert.Single(await SummarizeAsync([("ann", "the build is red")], summarizer)).Engine);
        Assert.Equal("openai:scripted", Assert.Single(await SummarizeAsync([("ann", "the build is red")], summarizer)).Engine);
        Assert.Equal(["json_schema", "json_object", null, null], _server.Asked.Select(one => one.Format));
    }

    [Fact]
    public async Task A_silent_server_times_out()
    {
        _server.Fault = async (context, _) =>
        {
            await Task.Delay(Timeout.Infinite, context.RequestAborted);
            return true;
        };
        var summary = Assert.Single(await SummarizeAsync([("ann", "the build is red since the merge")], Summarizer(answerTimeout: TimeSpan.FromMilliseconds(300))));
        Assert.Equal("extractive", summary.Engine);
    }

    [Fact]
    public async Task A_spent_budget_prevents_the_call_and_the_summary_says_so()
    {
        _ledger.Refusal = new Error("budget_spent", "spent", ErrorKind.TooMany);
        var summary = Assert.Single(await SummarizeAsync([("ann", "the build is red since the merge")]));
        Assert.Equal(("extractive", "budget_spent"), (summary.Engine, summary.InsteadOf?.Code));
        Assert.Empty(_server.Asked);
    }

    [Fact]
    public async Task Without_an_account_nothing_is_sent()
    {
        var parts = await Summarizer().SummarizeAsync(new GroupSummaryRequest([Lines([("ann", "the build is red")])], "en", null), default).ToListAsync();
        Assert.Equal("extractive", Assert.IsType<GroupReady>(Assert.Single(parts)).Summary.Engine);
        Assert.Empty(_server.Asked);
    }

    [Fact]
    public async Task Small_topics_share_a_call_and_each_keeps_its_own_lines()
    {
        var groups = Enumerable.Range(0, 20).Select(topic => Lines([("ann", $"subject number{topic} came up"), ("bob", $"yes, number{topic}")])).ToList();
        var summaries = await SummarizeAsync(groups, Summarizer());
        Assert.InRange(_server.Asked.Count, 3, 4);
        Assert.Equal(Enumerable.Range(0, 20).Select(topic => $"subject number{topic} came up"), summaries.Select(summary => Assert.Single(summary.Points).Text));
        Assert.Equal(_ledger.Reserved.Count, _ledger.Settled.Count);
        Assert.All(_ledger.Reserved.Zip(_ledger.Settled), pair => Assert.True(pair.Second.Micros <= pair.First.Micros || pair.Second.Micros < 10_000));
    }

    [Fact]
    public async Task A_long_topic_is_read_in_parts_newest_first_and_its_points_are_merged()
    {
        var lines = Lines([.. Enumerable.Range(0, 400).Select(n => ("ann", $"the server{n} in rack{n} restarted after the update of this night and nobody knows why"))]);
        _server.Answer = request => request.Topics[0].Lines[0].Who is null
            ? [System.Text.Json.JsonSerializer.Serialize(new { topics = new[] { new { topic = 1, name = "server restarts", points = new[] { new { kind = "statement", text = "the server restarted after the update", cites = request.Topics[0].Lines.Select(line => line.Number).Take(2) } } } } })]
            : [System.Text.Json.JsonSerializer.Serialize(new { topics = new[] { new { topic = 1, name = "x", points = request.Topics[0].Lines.Take(5).Select(line => new { kind = "statement", text = line.Text, cites = new[] { line.Number } }) } } })];
        var summary = Assert.Single(await SummarizeAsync([lines], Summarizer(promptTokens: 3_000)));
        var point = Assert.Single(summary.Points);
        Assert.Equal("the server restarted after the update", point.Text);
        Assert.Equal(2, point.Citations.Count);
        Assert.Empty(summary.Unread);
        var parts = _server.Asked.Where(one => one.Topics[0].Lines[0].Who is not null).ToList();
        Assert.Equal(400, parts.Sum(one => one.Topics[0].Lines.Count));
        Assert.EndsWith("why", parts[0].Topics[0].Lines[^1].Text, StringComparison.Ordinal);
        Assert.Contains("server399", parts[0].Topics[0].Lines[^1].Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task When_the_budget_ends_the_oldest_lines_are_reported_as_unread()
    {
        _ledger.Calls = 1;
        var lines = Lines([.. Enumerable.Range(0, 400).Select(n => ("ann", $"the server{n} in rack{n} restarted after the update of this night and nobody knows why"))]);
        var summary = Assert.Single(await SummarizeAsync([lines], Summarizer(promptTokens: 3_000)));
        Assert.Equal("openai:scripted", summary.Engine);
        Assert.NotEmpty(summary.Unread);
        Assert.Equal(Enumerable.Range(0, summary.Unread.Count), summary.Unread);
        Assert.Equal("budget_spent", summary.InsteadOf?.Code);
    }

    [Fact]
    public async Task Random_answers_never_yield_a_citation_that_was_not_given()
    {
        var chance = new Random(5);
        var (lines, seen) = (Lines([.. Enumerable.Range(0, 9).Select(n => ($"u{n % 3}", $"line {n} about the kernel and the printer"))]), 0);
        var check = new CitationCheck(lines, new SpeakerLabels(lines), "en");
        for (var round = 0; round < 10_000; round++)
        {
            var pieces = new StreamingJsonReader();
            foreach (var part in Odd(chance).Chunk(7).SelectMany(piece => pieces.Take(new string(piece))))
            {
                if ((part.Point ?? part.Outcome) is not { } written || check.Of(written, number => number is >= 1 and <= 9 ? [number - 1] : null) is not { Point: var kept })
                    continue;
                seen++;
                Assert.NotEmpty(kept.Citations);
                Assert.All(kept.Citations, line => Assert.InRange(line, 0, 8));
                Assert.Equal(kept.Citations.Distinct().Order(), kept.Citations);
                Assert.InRange(kept.Text.Length, 1, PlainSentence.Longest + 20);
            }
        }

        Assert.True(seen > 1_000, $"{seen} points");
    }

    private static string Odd(Random chance)
    {
        var answer = "{\"topics\":[{\"topic\":1,\"name\":\"n\",\"points\":[" + string.Join(',', Enumerable.Range(0, chance.Next(1, 5)).Select(_ =>
            $"{{\"kind\":\"{(chance.Next(3) == 0 ? "odd" : "decision")}\",\"text\":\"{new[] { "the kernel", "P2 printer", "P9", "", "<b>x</b>", "\\u202e", "가나다", "\\\"" }[chance.Next(8)]}\",\"cites\":[{string.Join(',', Enumerable.Range(0, chance.Next(5)).Select(_ => new[] { "-1", "0", "1", "5", "9", "10", "1e9", "\"3\"", "null", "2.5", "99999999999" }[chance.Next(11)]))}]}}")) + "]}]}";
        var letters = answer.ToCharArray();
        for (var flips = chance.Next(4); flips > 0; flips--)
            letters[chance.Next(letters.Length)] = "{}[]\",:\\x1"[chance.Next(10)];
        return new string(letters)[..(chance.Next(3) == 0 ? chance.Next(letters.Length) : letters.Length)];
    }

    private static IReadOnlyList<ChatLine> Lines(IReadOnlyList<(string Who, string Text)> said)
        => [.. said.Select((line, i) => new ChatLine(line.Who, line.Who, line.Text, DateTimeOffset.UnixEpoch.AddMinutes(i)))];

    private ModelSummarizer Summarizer(int promptTokens = 12_000, TimeSpan? answerTimeout = null)
        => new(
            new LanguageModel(new LanguageModelOptions { Address = _server.Address, Key = "secret", Model = "scripted", InputPrice = 1, OutputPrice = 4, PromptTokens = promptTokens, AnswerTimeout = answerTimeout ?? TimeSpan.FromSeconds(20) }, _http),
            _ledger,
            new ExtractiveSummarizer(new OutcomeFinder()),
            NullLogger<ModelSummarizer>.Instance);

    private Task<List<GroupSummary>> SummarizeAsync(IReadOnlyList<(string Who, string Text)> said, ModelSummarizer? summarizer = null) => SummarizeAsync([Lines(said)], summarizer ?? Summarizer());

    private static async Task<List<GroupSummary>> SummarizeAsync(IReadOnlyList<IReadOnlyList<ChatLine>> groups, ModelSummarizer summarizer, string language = "en")
        => await summarizer.SummarizeAsync(new GroupSummaryRequest(groups, language, Account), default).OfType<GroupReady>().Select(part => part.Summary).ToListAsync();

    /// <summary>Records reservations and settlements.</summary>
    private sealed class Ledger : ISpending
    {
        public List<Money> Reserved { get; } = [];

        public List<Money> Settled { get; } = [];

        public Error? Refusal { get; set; }

        public int Calls { get; set; } = int.MaxValue;

        public Task<Result<Reservation>> ReserveAsync(SpendingAccount account, Money most, CancellationToken cancellation)
        {
            if (Refusal is { } refusal)
                return Task.FromResult<Result<Reservation>>(refusal);
            if (Calls-- <= 0)
                return Task.FromResult<Result<Reservation>>(new Error("budget_spent", "spent", ErrorKind.TooMany));
            Reserved.Add(most);
            return Task.FromResult<Result<Reservation>>(new Reservation("r", account, new DateOnly(2026, 1, 1), most));
        }

        public Task SettleAsync(Reservation reservation, Money spent, CancellationToken cancellation)
        {
            Settled.Add(spent);
            return Task.CompletedTask;
        }
    }
}
