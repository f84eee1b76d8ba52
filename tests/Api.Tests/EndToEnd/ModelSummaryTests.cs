using System.Net;
using System.Net.Http.Headers;
using AIChat.Api.Tests.Contract;
using AIChat.Tests;

namespace AIChat.Api.Tests.EndToEnd;

/// <summary>The real server and a language model at the other end of real HTTP.</summary>
public sealed class ModelSummaryTests : IClassFixture<ModelSummaryTests.ModelServer>
{
    internal const string Operator = "an-operator-token";

    private readonly ScriptedModel _model;
    private readonly ServerProcess _server;

    public ModelSummaryTests(ModelServer shared)
    {
        (_model, _server) = (shared.Model, shared.Process);
        _model.Reset();
    }

    [Fact]
    public async Task A_model_sums_up_with_proof_once_and_the_operator_sees_what_it_cost()
    {
        using var ann = await ApiClient.JoinAsync(_server.Address, "ann");
        var room = await ann.OpenRoomAsync("model");
        await ann.PostAsync(room, "the nightly build is red since the merge");
        var first = await SummarizeAsync(ann, room);
        Assert.Equal("openai:scripted", first.Engine);
        var point = first.Summaries.High["0"].Points[0];
        Assert.Equal("the nightly build is red since the merge", point.Text);
        Assert.Equal(first.Messages[0], point.Citations[0]);
        Assert.Equal(("statement", false), (point.Kind, point.Weak));
        Assert.All(_model.Asked, asked => Assert.Equal("Bearer a-key", asked.Token));

        // The same again costs nothing.
        var asked = _model.Asked.Count;
        Assert.Equal(first.SummaryId, (await SummarizeAsync(ann, room)).SummaryId);
        Assert.Equal(asked, _model.Asked.Count);

        var usage = await UsageAsync(_server, Operator);
        Assert.Equal(HttpStatusCode.OK, usage.Status);
        var item = Assert.Single(usage.Body.As<Usage>().Items, item => item.ChannelId == room);
        Assert.Equal((ann.UserId, room, asked), (item.UserId, item.ChannelId, item.Calls));
        Assert.True(item.Spent > 0);
        Assert.Equal(HttpStatusCode.Unauthorized, (await UsageAsync(_server, "another-operator-token")).Status);
        Assert.Equal(HttpStatusCode.Unauthorized, (await UsageAsync(_server, ann.Token)).Status);
        Assert.Equal(HttpStatusCode.BadRequest, (await UsageAsync(_server, Operator, "?month=13")).Status);
        Assert.DoesNotContain("a-key", _server.Log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_a_token_for_operators_there_is_nothing_for_them()
    {
        await using var closed = await new ServerProcess().StartAsync();
        Assert.Equal(HttpStatusCode.NotFound, (await UsageAsync(closed, Operator)).Status);
    }

    [Fact]
    public async Task The_words_of_people_who_keep_theirs_are_in_no_prompt_and_in_no_list_but_counted()
    {
        using var ann = await ApiClient.JoinAsync(_server.Address, "ann");
        using var bob = await ApiClient.JoinAsync(_server.Address, "bob");
        var room = await ann.OpenRoomAsync("kept");
        await bob.PostAsync(room, "bob's first words about the garden");
        await ann.PostAsync(room, "the garden needs water before the weekend");
        await SummarizeAsync(ann, room);
        await bob.SendAsync(HttpMethod.Patch, "user/me", new { excludeFromAi = true });
        await bob.PostAsync(room, "bob's secret about the garden");
        var seen = _model.Asked.Count;
        var summary = await SummarizeAsync(ann, room);
        Assert.Equal(2, summary.LeftOut);
        Assert.Single(summary.Messages);
        Assert.NotEmpty(_model.Asked.Skip(seen));
        Assert.All(_model.Asked.Skip(seen), asked => Assert.DoesNotContain("bob", asked.User, StringComparison.Ordinal));
        Assert.All(_model.Asked, asked => Assert.DoesNotContain("secret", asked.User, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_spent_budget_leaves_quotes_and_says_until_when()
    {
        await using var poor = await new ServerProcess(null, [.. SettingsOf(_model), ("AI_BUDGET_USER", "0.000001")]).StartAsync();
        using var ann = await ApiClient.JoinAsync(poor.Address, "ann");
        var room = await ann.OpenRoomAsync("spent");
        await ann.PostAsync(room, "the nightly build is red since the merge");
        var summary = await SummarizeAsync(ann, room);
        Assert.Equal("extractive", summary.Engine);
        Assert.Equal("budget_spent", summary.InsteadOf?.Code);
        Assert.Equal(1, summary.InsteadOf?.ResetsAt?.Day);
        Assert.Empty(_model.Asked);
    }

    [Fact]
    public async Task A_model_that_is_away_leaves_quotes_and_is_asked_again_when_it_is_back()
    {
        using var ann = await ApiClient.JoinAsync(_server.Address, "ann");
        var room = await ann.OpenRoomAsync("away");
        await ann.PostAsync(room, "the nightly build is red since the merge");
        _model.Fault = (context, _) =>
        {
            context.Response.StatusCode = 403;
            return Task.FromResult(true);
        };
        var summary = await SummarizeAsync(ann, room);
        Assert.Equal(("extractive", "model_unavailable"), (summary.Engine, summary.InsteadOf?.Code));
        _model.Fault = (_, _) => Task.FromResult(false);
        Assert.Equal("openai:scripted", (await SummarizeAsync(ann, room)).Engine);
    }

    [Theory]
    [InlineData("OPENAI_BASE_URL", "not an address")]
    [InlineData("OPENAI_PRICE_INPUT", "cheap")]
    [InlineData("AI_BUDGET_USER", "-3")]
    [InlineData("ADMIN_TOKEN", "short")]
    public async Task A_wrong_setting_stops_the_start_with_one_sentence(string name, string value)
    {
        var data = Directory.CreateTempSubdirectory("aichat-test-").FullName;
        var (code, _, error) = await ServerProcess.RunAsync(data, [("AICHAT_DATA", data), ("OPENAI_API_KEY", "a-key"), ("OPENAI_MODEL", "scripted"), (name, value)]);
        Directory.Delete(data, recursive: true);
        Assert.Equal(1, code);
        Assert.Contains(name, Assert.Single(error.Trim().Split('\n')), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_budget_without_a_price_would_count_nothing_and_stops_the_start()
    {
        var data = Directory.CreateTempSubdirectory("aichat-test-").FullName;
        var (code, _, error) = await ServerProcess.RunAsync(
            data, [("AICHAT_DATA", data), ("OPENAI_BASE_URL", "http://127.0.0.1:9/v1"), ("OPENAI_MODEL", "scripted"), ("AI_BUDGET_TOTAL", "5")]);
        Directory.Delete(data, recursive: true);
        Assert.Equal(1, code);
        Assert.Contains("OPENAI_PRICE_INPUT", Assert.Single(error.Trim().Split('\n')), StringComparison.Ordinal);
    }

    private static Task<Summary> SummarizeAsync(ApiClient client, string room)
        => client.DoneAsync<Summary>(HttpMethod.Post, "chat/summary", new { channelId = room, level = "high" });

    private static async Task<(HttpStatusCode Status, Answer Body)> UsageAsync(ServerProcess server, string token, string query = "")
    {
        using var http = new HttpClient { BaseAddress = server.Address };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        using var answer = await http.GetAsync(new Uri("usage" + query, UriKind.Relative));
        return (answer.StatusCode, new Answer(await answer.Content.ReadAsStringAsync()));
    }

    private static (string Name, string Value)[] SettingsOf(ScriptedModel model) =>
        [("OPENAI_BASE_URL", model.Address.ToString()), ("OPENAI_API_KEY", "a-key"), ("OPENAI_MODEL", "scripted"), ("OPENAI_PRICE_INPUT", "1"), ("OPENAI_PRICE_OUTPUT", "4"), ("ADMIN_TOKEN", Operator)];

    /// <summary>A server with a model, for the tests that need no settings of their own.</summary>
    public sealed class ModelServer : IAsyncLifetime
    {
        public ScriptedModel Model { get; private set; } = null!;

        public ServerProcess Process { get; private set; } = null!;

        public async Task InitializeAsync()
        {
            Model = await ScriptedModel.StartAsync();
            Process = await new ServerProcess(null, SettingsOf(Model)).StartAsync();
        }

        public async Task DisposeAsync()
        {
            await Process.DisposeAsync();
            await Model.DisposeAsync();
        }
    }
}
