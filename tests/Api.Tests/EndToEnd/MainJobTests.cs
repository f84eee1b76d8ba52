using System.Globalization;
using System.Net;
using System.Text.Json;
using AIChat.Api.Tests.Contract;

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
        Assert.Equal(lines.Select(line => new Answer(line).As<TranscriptLine>().Content), messages.Select(message => message.Content));

        foreach (var level in Levels)
        {
            var topics = await ann.ItemsAsync<Topic>($"chat/{room}/topics?level={level}&limit=100");
            Assert.NotEmpty(topics);
            Assert.Equal(topics.Count, topics.Select(topic => topic.Name.ToUpperInvariant()).Distinct().Count());
            Assert.All(topics, topic =>
            {
                Assert.All(topic.Name.Split(' '), word => Assert.False(word.Length > 1 && word[^1] is '을' or '를', word));
                Assert.Equal(topic.MessageCount, topic.Participants.Sum(person => person.MessageCount));
                Assert.Equal(level == "low", topic.ParentId is null);
            });
        }

        var summary = await ann.DoneAsync<Summary>(HttpMethod.Post, "chat/summary", new { channelId = room, howmany = 200 });
        var read = summary.Messages.ToList();
        Assert.Equal(messages.TakeLast(200).Select(message => message.Id), read);
        Assert.Equal(read[0], summary.RefChat);
        foreach (var level in Levels)
        {
            var labels = summary.Topics.Of(level);
            Assert.Equal(200, labels.Count);
            Assert.Equal(200, summary.TopicIds.Of(level).Count);
            var topics = summary.Summaries.Of(level);
            Assert.Equal(labels.Where(label => label >= 0).Distinct().Count(), topics.Count);
            foreach (var (number, topic) in topics)
            {
                foreach (var point in topic.Points)
                {
                    Assert.NotEmpty(point.Citations);
                    Assert.All(point.Citations, cited => Assert.Equal(int.Parse(number, CultureInfo.InvariantCulture), labels[read.IndexOf(cited)]));
                }
            }
        }
    }

    [Fact]
    public async Task A_summary_is_served_again_until_something_that_it_covers_changes()
    {
        using var ann = await ApiClient.JoinAsync(server.Address, "ann");
        var room = await ann.OpenRoomAsync("summaries");
        var secret = (await ann.PostAsync(room, "the launch code is heliotrope, tell nobody please")).Id;
        await ann.PostAsync(room, "and the meeting about the budget is on Friday at ten");
        var request = new { channelId = room };
        var first = (await ann.DoneAsync<Summary>(HttpMethod.Post, "chat/summary", request)).SummaryId;

        Assert.Equal(first, (await ann.DoneAsync<Summary>(HttpMethod.Post, "chat/summary", request)).SummaryId);
        Assert.Equal(first, (await ann.GetAsync<Summary>($"chat/{room}/summary")).SummaryId);

        await ann.SendAsync(HttpMethod.Delete, $"chat/{room}/messages/{secret}");
        Assert.Equal(HttpStatusCode.NotFound, (await ann.SendAsync(HttpMethod.Get, $"chat/{room}/summary")).Status);
        var after = (await ann.SendAsync(HttpMethod.Post, "chat/summary", request)).Body;
        Assert.NotEqual(first, after.As<Summary>().SummaryId);
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

        Assert.Equal(0, job.RejectedCount);
        Assert.Equal(Shape(await ann.AllMessagesAsync(room)), Shape(await ann.AllMessagesAsync(copy)));

        static List<string> Shape(List<Message> messages)
        {
            var seqs = messages.ToDictionary(message => message.Id, message => message.Seq, StringComparer.Ordinal);
            return [.. messages.Select(message => string.Join('|', message.Nickname, message.Content, message.CreatedAt,
                message.ReplyTo is { } answered ? seqs[answered] : 0))];
        }
    }

    [Fact]
    public async Task Looking_again_at_a_room_that_has_not_changed_changes_nothing()
    {
        using var ann = await ApiClient.JoinAsync(server.Address, "ann");
        var room = await DemoRoomAsync(ann);
        await ann.LookAgainAsync(room);
        var before = await EverythingAsync();
        await ann.LookAgainAsync(room);
        Assert.Equal(before, await EverythingAsync());

        async Task<string> EverythingAsync()
            => (await ann.GetAsync($"chat/{room}/topics?limit=100")).ToString() + JsonSerializer.Serialize(await ann.AllMessagesAsync(room));
    }

    [Fact]
    public async Task The_classifier_alone_gives_the_same_shape_and_obeys_replies()
    {
        using var ann = await ApiClient.JoinAsync(server.Address, "ann");
        var chats = (await File.ReadAllLinesAsync(Demo)).Select(line => new Answer(line).As<TranscriptLine>()).ToList();
        foreach (var mode in (string[])["full", "online"])
        {
            var found = await ann.DoneAsync<Prediction>(HttpMethod.Post, "predict", new { channelId = "label", chats, mode, summarize = true });
            var (high, links) = (found.Topics.High, found.Links);
            Assert.Equal((chats.Count, chats.Count), (high.Count, links.Count));
            var ids = chats.ConvertAll(chat => chat.Id);
            for (var i = 0; i < chats.Count; i++)
            {
                Assert.True(links[i] is not { } link || (link < i && high[link] == high[i]));
                if (chats[i].ReplyTo is { } answered)
                    Assert.Equal(ids.IndexOf(answered), links[i]);
            }

            Assert.Equal(high.Where(label => label >= 0).Distinct().Count(), found.Summaries.High.Count);
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
        Assert.Equal(214, new Answer(await File.ReadAllTextAsync(Path.Combine(folder.FullName, "out.json"))).As<ClassifiedFile>().Topics.High.Count);
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
        Assert.Equal(("succeeded", 0L), (job.State, job.RejectedCount));
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
