using System.Net;
using System.Text.Json;
using AIChat.Api.Tests.Contract;
using AIChat.Tests;

namespace AIChat.Api.Tests.EndToEnd;

/// <summary>The real server and a language model that finds a room's conversations, at the other end of real HTTP.</summary>
public sealed class ModelTopicsTests : IClassFixture<ModelSummaryTests.ModelServer>
{
    private static readonly string[] Matters = ["build", "soup", "garden"];

    private static readonly string[] Said = ["the nightly build is red, compiler error {0} in the linker step", "who brings soup for lunch, noodles or pumpkin soup number {0}?", "roses in the garden want water, flower bed {0} is dry"];

    private readonly ScriptedModel _model;
    private readonly ServerProcess _server;

    public ModelTopicsTests(ModelSummaryTests.ModelServer shared)
    {
        (_model, _server) = (shared.Model, shared.Process);
        _model.Reset();
        _model.Answer = asked => [ByMatter(asked)];
    }

    [Fact]
    public async Task A_model_files_what_is_said_from_when_it_is_on_once_and_people_have_the_last_word()
    {
        using var ann = await ApiClient.JoinAsync(_server.Address, "ann");
        using var bob = await ApiClient.JoinAsync(_server.Address, "bob");
        var room = await ann.OpenRoomAsync("by a model");
        await ann.PostAsync(room, "the garden needs water before the weekend");
        Assert.Equal("local", (await ann.GetAsync<EnteredRoom>($"chat/{room}")).Room.TopicsBy);

        // What it costs is known before it is on; only the owner turns it on.
        var cost = (await ann.GetAsync<Quality>($"chat/{room}/topics/quality")).Model!;
        Assert.Equal(("openai:scripted", 0L), (cost.Engine, cost.Waiting));
        Assert.True(cost.Per200Messages > 0 && cost.WholeRoom < cost.Per200Messages);
        Assert.Equal("room_owner_only", (await bob.SendAsync(HttpMethod.Patch, $"chat/{room}", new { topicsBy = "model" })).Body.Code);
        Assert.Equal("topics_by_bad", (await ann.SendAsync(HttpMethod.Patch, $"chat/{room}", new { topicsBy = "magic" })).Body.Code);
        Assert.Equal("model", (await ann.DoneAsync<Room>(HttpMethod.Patch, $"chat/{room}", new { topicsBy = "model" })).TopicsBy);

        await using var hub = await bob.ConnectAsync();
        var heard = Ears.Listen(hub, "topic");
        await hub.AskAsync<Position>("join", room);
        using var eve = await ApiClient.JoinAsync(_server.Address, "eve");
        for (var n = 0; n < 60; n++)
            await (n % 3 == 0 ? ann : n % 3 == 1 ? bob : eve).PostAsync(room, string.Format(System.Globalization.CultureInfo.InvariantCulture, Said[n % 3], n));
        await ann.AllClassifiedAsync(room);
        Assert.Empty(_model.Asked);
        await ann.LookAgainAsync(room);

        var messages = await ann.AllMessagesAsync(room);
        var topicOf = messages.ToDictionary(message => message.Content!, message => message.TopicId);
        Assert.Equal(3, messages.Skip(1).Select(message => message.TopicId).Distinct().Count());
        Assert.All(messages.Skip(1), message => Assert.Equal(topicOf[messages.Skip(1).First(other => MatterOf(other.Content!) == MatterOf(message.Content!)).Content!], message.TopicId));
        var moved = await Ears.NextAsync<System.Text.Json.Nodes.JsonObject>(heard, "topic");
        Assert.Equal(room, (string?)moved["channelId"]);

        // The message from before was never the model's to file; its title and outcome are those of the conversations.
        Assert.All(_model.Asked, asked => Assert.DoesNotContain("water before the weekend", string.Concat(FreeLines(asked)), StringComparison.Ordinal));
        var topics = (await ann.ItemsAsync<Topic>($"chat/{room}/topics?level=high&limit=100")).Where(topic => messages.Skip(1).Any(message => message.TopicId == topic.TopicId)).ToList();
        Assert.Equal(["garden water", "nightly build", "soup lunch"], topics.Select(topic => topic.Name).Order(StringComparer.Ordinal));
        Assert.All(topics, topic => Assert.Equal("auto", topic.NameSource));
        var build = topics.Single(topic => topic.Name == "nightly build");
        Assert.Equal("the nightly build is red, compiler error 57 in the linker step", build.Outcome!.Text);
        Assert.Equal([messages.Single(message => message.Content == build.Outcome.Text).Id], build.Outcome.Citations);

        // Nothing new: nothing is asked, and nothing moves.
        var calls = _model.Asked.Count;
        await ann.LookAgainAsync(room);
        Assert.Equal(calls, _model.Asked.Count);
        Assert.Equal(messages.Select(message => message.TopicId), (await ann.AllMessagesAsync(room)).Select(message => message.TopicId));

        using var usage = new HttpRequestMessage(HttpMethod.Get, new Uri(_server.Address, "usage"));
        usage.Headers.Authorization = new("Bearer", ModelSummaryTests.Operator);
        using var answer = await ann.Http.SendAsync(usage);
        var item = Assert.Single(new Answer(await answer.Content.ReadAsStringAsync()).As<Usage>().Items, item => item.ChannelId == room);
        Assert.Equal((ann.UserId, calls), (item.UserId, item.Calls));

        // A correction stands when the whole room is asked for, which only the owner may want.
        var soup = topics.Single(topic => topic.Name == "soup lunch");
        await bob.DoneAsync<Message>(HttpMethod.Put, $"chat/{room}/messages/{messages[1].Id}/topic", new { topicId = soup.TopicId == messages[1].TopicId ? build.TopicId : soup.TopicId });
        var kept = (await ann.AllMessagesAsync(room))[1].TopicId;
        Assert.Equal("room_owner_only", (await bob.SendAsync(HttpMethod.Post, $"chat/{room}/reclassify?history=true")).Body.Code);
        var started = await ann.DoneAsync<Started>(HttpMethod.Post, $"chat/{room}/reclassify?history=true", expected: HttpStatusCode.Accepted);
        Assert.Equal("succeeded", (await ann.JobDoneAsync(started.JobId)).State);
        Assert.True(_model.Asked.Count > calls);
        Assert.Equal((1, "the garden needs water before the weekend"), (LinesOf(_model.Asked.Last())[0].Number, LinesOf(_model.Asked.Last())[0].Text));
        Assert.Equal(kept, (await ann.AllMessagesAsync(room))[1].TopicId);
    }

    private static string MatterOf(string text) => Array.Find(Matters, matter => text.Contains(matter, StringComparison.Ordinal))!;

    private static List<(int Number, string Text, bool IsFree)> LinesOf(ModelRequest asked) =>
    [
        .. JsonElement.Parse(asked.User).GetProperty("lines").EnumerateArray()
            .Select(line => (line.GetProperty("n").GetInt32(), line.GetProperty("text").GetString()!, !line.TryGetProperty("c", out _))),
    ];

    private static IEnumerable<string> FreeLines(ModelRequest asked) => LinesOf(asked).Where(line => line.IsFree).Select(line => line.Text);

    private static string ByMatter(ModelRequest asked) => JsonSerializer.Serialize(new
    {
        conversations = LinesOf(asked).GroupBy(line => MatterOf(line.Text)).Select(group => new
        {
            c = (int?)null,
            lines = group.Select(line => line.Number),
            title = group.Key switch { "build" => "nightly build", "soup" => "soup lunch", _ => "garden water" },
            outcome = group.Last().Text,
            cites = new[] { group.Last().Number },
        }),
    });
}
