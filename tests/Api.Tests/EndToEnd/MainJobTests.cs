using System.Net;
using System.Text.Json;

namespace AIChat.Api.Tests.EndToEnd;

/// <summary>The main job from outside: a real log is poured in, and topics, names and a summary with proof come out.</summary>
[Collection(OnOneServer.Name)]
public sealed class MainJobTests(SharedServer server)
{
    private static readonly string Demo = Path.Combine(Root(), "docs", "demo", "busy-room.jsonl");
    private static readonly string[] Levels = ["low", "mid", "high"];

    [Fact]
    public async Task The_demo_becomes_topics_with_names_and_a_summary_whose_every_point_is_proved()
    {
        using var ann = await ApiClient.JoinAsync(server.Address, "ann");
        var lines = await File.ReadAllLinesAsync(Demo);
        Assert.True(lines.Length >= 150);
        var room = await DemoRoomAsync(ann);
        var messages = await ann.AllMessagesAsync(room);
        Assert.Equal(lines.Select(line => JsonElement.Parse(line).GetProperty("content").GetString()), messages.Select(message => message.GetProperty("content").GetString()));

        foreach (var level in Levels)
        {
            var topics = (await ann.GetAsync($"chat/{room}/topics?level={level}&limit=100")).GetProperty("items").EnumerateArray().ToList();
            Assert.NotEmpty(topics);
            Assert.Equal(topics.Count, topics.Select(topic => topic.GetProperty("name").GetString()!.ToUpperInvariant()).Distinct().Count());
            Assert.All(topics, topic =>
            {
                Assert.All(topic.GetProperty("name").GetString()!.Split(' '), word => Assert.False(word.Length > 1 && word[^1] is '을' or '를', word));
                Assert.Equal(topic.GetProperty("messageCount").GetInt64(), topic.GetProperty("participants").EnumerateArray().Sum(person => person.GetProperty("messageCount").GetInt64()));
                Assert.Equal(level == "low", topic.GetProperty("parentId").ValueKind == JsonValueKind.Null);
            });
        }

        var summary = (await ann.SendAsync(HttpMethod.Post, "chat/summary", new { channelId = room, howmany = 200 })).Body;
        var read = summary.GetProperty("messages").EnumerateArray().Select(id => id.GetString()!).ToList();
        Assert.Equal(messages.TakeLast(200).Select(message => message.GetProperty("id").GetString()!), read);
        Assert.Equal(read[0], summary.GetProperty("refChat").GetString());
        foreach (var level in Levels)
        {
            var labels = summary.GetProperty("topics").GetProperty(level).EnumerateArray().Select(label => label.GetInt32()).ToList();
            Assert.Equal(200, labels.Count);
            Assert.Equal(200, summary.GetProperty("topicIds").GetProperty(level).GetArrayLength());
            var topics = summary.GetProperty("summaries").GetProperty(level).EnumerateObject().ToList();
            Assert.Equal(labels.Where(label => label >= 0).Distinct().Count(), topics.Count);
            foreach (var topic in topics)
            {
                foreach (var point in topic.Value.GetProperty("points").EnumerateArray())
                {
                    Assert.NotEqual(0, point.GetProperty("citations").GetArrayLength());
                    Assert.All(point.GetProperty("citations").EnumerateArray(), cited => Assert.Equal(int.Parse(topic.Name, System.Globalization.CultureInfo.InvariantCulture), labels[read.IndexOf(cited.GetString()!)]));
                }
            }
        }
    }

    [Fact]
    public async Task A_summary_is_served_again_until_something_that_it_covers_changes()
    {
        using var ann = await ApiClient.JoinAsync(server.Address, "ann");
        var room = await ann.OpenRoomAsync("summaries");
        var secret = (await ann.PostAsync(room, "the launch code is heliotrope, tell nobody please")).GetProperty("id").GetString();
        await ann.PostAsync(room, "and the meeting about the budget is on Friday at ten");
        var request = new { channelId = room };
        var first = (await ann.SendAsync(HttpMethod.Post, "chat/summary", request)).Body.GetProperty("summaryId").GetString();

        Assert.Equal(first, (await ann.SendAsync(HttpMethod.Post, "chat/summary", request)).Body.GetProperty("summaryId").GetString());
        Assert.Equal(first, (await ann.GetAsync($"chat/{room}/summary")).GetProperty("summaryId").GetString());

        await ann.SendAsync(HttpMethod.Delete, $"chat/{room}/messages/{secret}");
        Assert.Equal(HttpStatusCode.NotFound, (await ann.SendAsync(HttpMethod.Get, $"chat/{room}/summary")).Status);
        var after = (await ann.SendAsync(HttpMethod.Post, "chat/summary", request)).Body;
        Assert.NotEqual(first, after.GetProperty("summaryId").GetString());
        Assert.DoesNotContain("heliotrope", after.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_export_writes_import_reads_back_to_the_same_messages_and_links()
    {
        using var ann = await ApiClient.JoinAsync(server.Address, "ann");
        var room = await DemoRoomAsync(ann);
        var copy = await ann.OpenRoomAsync("copy");
        var export = await ann.Http.GetStringAsync(new Uri($"chat/{room}/export?format=jsonl", UriKind.Relative));
        var job = await ann.JobDoneAsync(await ann.ImportAsync(copy, export));

        Assert.Equal(0, job.GetProperty("rejectedCount").GetInt64());
        Assert.Equal(Shape(await ann.AllMessagesAsync(room)), Shape(await ann.AllMessagesAsync(copy)));

        static List<string> Shape(List<JsonElement> messages)
        {
            var seqs = messages.ToDictionary(message => message.GetProperty("id").GetString()!, message => message.GetProperty("seq").GetInt64(), StringComparer.Ordinal);
            return [.. messages.Select(message => string.Join('|', message.GetProperty("nickname"), message.GetProperty("content"), message.GetProperty("createdAt"),
                message.GetProperty("replyTo").GetString() is { } answered ? seqs[answered] : 0))];
        }
    }

    [Fact]
    public async Task Looking_again_at_a_room_that_has_not_changed_changes_nothing()
    {
        using var ann = await ApiClient.JoinAsync(server.Address, "ann");
        var room = await DemoRoomAsync(ann);
        await LookAgainAsync();
        var before = await EverythingAsync();
        await LookAgainAsync();
        Assert.Equal(before, await EverythingAsync());

        async Task LookAgainAsync() => Assert.Equal("succeeded", (await ann.JobDoneAsync((await ann.SendAsync(HttpMethod.Post, $"chat/{room}/reclassify")).Body.GetProperty("jobId").GetString()!)).GetProperty("state").GetString());

        async Task<string> EverythingAsync()
            => (await ann.GetAsync($"chat/{room}/topics?limit=100")).ToString() + string.Concat((await ann.AllMessagesAsync(room)).Select(message => message.ToString()));
    }

    [Fact]
    public async Task The_classifier_alone_gives_the_same_shape_and_obeys_replies()
    {
        using var ann = await ApiClient.JoinAsync(server.Address, "ann");
        var chats = (await File.ReadAllLinesAsync(Demo)).Select(line => JsonElement.Parse(line)).ToList();
        foreach (var mode in (string[])["full", "online"])
        {
            var (status, found) = await ann.SendAsync(HttpMethod.Post, "predict", new { channelId = "label", chats, mode, summarize = true });
            Assert.Equal(HttpStatusCode.OK, status);
            var high = found.GetProperty("topics").GetProperty("high").EnumerateArray().Select(label => label.GetInt32()).ToList();
            var links = found.GetProperty("links").EnumerateArray().Select(link => link.ValueKind == JsonValueKind.Null ? (int?)null : link.GetInt32()).ToList();
            Assert.Equal((chats.Count, chats.Count), (high.Count, links.Count));
            var ids = chats.ConvertAll(chat => chat.GetProperty("id").GetString()!);
            for (var i = 0; i < chats.Count; i++)
            {
                Assert.True(links[i] is not { } link || (link < i && high[link] == high[i]));
                if (chats[i].TryGetProperty("replyTo", out var answered))
                    Assert.Equal(ids.IndexOf(answered.GetString()!), links[i]);
            }

            Assert.Equal(high.Where(label => label >= 0).Distinct().Count(), found.GetProperty("summaries").GetProperty("high").EnumerateObject().Count());
        }

        Assert.Equal(HttpStatusCode.OK, (await ann.SendAsync(HttpMethod.Post, "predict", new { chats = Array.Empty<object>() })).Status);
    }

    [Fact]
    public async Task Classify_works_from_a_terminal_and_leaves_nothing_behind()
    {
        var folder = Directory.CreateTempSubdirectory("aichat-test-");
        File.Copy(Demo, Path.Combine(folder.FullName, "room.jsonl"));
        var (code, output, error) = await ServerProcess.RunAsync(folder.FullName, [], "classify", "room.jsonl", "--format", "jsonl", "--json", "out.json");

        Assert.Equal((0, string.Empty), (code, error));
        Assert.Contains("214 messages", output, StringComparison.Ordinal);
        Assert.DoesNotContain('\u001b', output);
        using (var json = JsonDocument.Parse(await File.ReadAllTextAsync(Path.Combine(folder.FullName, "out.json"))))
            Assert.Equal(214, json.RootElement.GetProperty("topics").GetProperty("high").GetArrayLength());
        Assert.Equal(["out.json", "room.jsonl"], folder.GetFileSystemInfos().Select(entry => entry.Name).Order(StringComparer.Ordinal));
        var (missing, _, why) = await ServerProcess.RunAsync(folder.FullName, [], "classify", "nothing.jsonl", "--format", "jsonl");
        folder.Delete(recursive: true);
        Assert.Equal(1, missing);
        Assert.Contains("nothing.jsonl", why, StringComparison.Ordinal);
    }

    private static async Task<string> DemoRoomAsync(ApiClient owner)
    {
        var room = await owner.OpenRoomAsync("demo");
        var job = await owner.JobDoneAsync(await owner.ImportAsync(room, await File.ReadAllTextAsync(Demo)));
        Assert.Equal(("succeeded", 0), (job.GetProperty("state").GetString(), job.GetProperty("rejectedCount").GetInt32()));
        await owner.AllClassifiedAsync(room);
        return room;
    }

    private static string Root()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "AIChat.sln")))
            folder = Path.GetDirectoryName(folder) ?? throw new InvalidOperationException("Not inside the repository.");
        return folder;
    }
}
