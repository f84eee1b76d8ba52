using System.Net;
using AIChat.Api.Tests.Contract;
using AIChat.Tests;

namespace AIChat.Api.Tests.EndToEnd;

/// <summary>Corrections at one server while another files the same room, is told to look at it again, and is killed.</summary>
public sealed class SteeringEnduranceTests
{
    private const int Corrections = 24;

    private static readonly string[] Said = ["does anybody know why the build fails on the arm runner?", "점심 메뉴 추천 좀 해주세요", "the cache key is wrong, clear it", "김치찌개 어때요, 가까운 데로", "which cache do you mean?"];

    [FactOnLinux]
    public async Task What_one_server_put_right_stands_while_the_other_files_looks_again_and_is_killed()
    {
        (string, string)[] shared =
        [
            ("MONGODB_URI", $"{await MongoServer.AddressAsync()}/aichat-steering-{Environment.ProcessId}"), ("COOKIE_SECRET", "a secret that both know"), ("SEND_RATE", "100000"),
        ];
        await using var busy = await new ServerProcess(null, shared).StartAsync();
        await using var other = await new ServerProcess(null, shared).StartAsync();
        using var ann = await ApiClient.JoinAsync(busy.Address, "ann");
        using var bob = await ApiClient.JoinAsync(other.Address, "bob");
        var room = await ann.OpenRoomAsync("steered from two sides");
        using var enough = new CancellationTokenSource();
        var talking = TalkAsync(ann, room, enough.Token);

        var expected = new Dictionary<string, string>(StringComparer.Ordinal);
        var random = new Random(1);
        while (expected.Count < Corrections)
        {
            if (expected.Count == Corrections / 2)
            {
                await busy.KillAsync();
                await busy.StartAsync();
            }

            var crowded = new List<Message>();
            await Eventually.SeenAsync(
                async () =>
                {
                    var messages = await bob.AllMessagesAsync(room);
                    crowded = messages.Where(message => message.TopicId is not null)
                        .GroupBy(message => message.TopicId).Where(topic => topic.Count() > 2).SelectMany(topic => topic)
                        .Where(message => !expected.ContainsKey(message.Id)).ToList();
                    return (Crowded: crowded.Count, messages.Count);
                },
                seen => seen.Crowded > 0,
                "a topic of several messages");
            if (expected.Count % 6 == 0)
                await bob.SendAsync(HttpMethod.Post, $"chat/{room}/reclassify");
            var chosen = crowded[random.Next(crowded.Count)];
            var id = chosen.Id;
            var (status, answer) = await bob.SendAsync(HttpMethod.Post, $"chat/{room}/topics/{chosen.TopicId}/split", new { messageIds = new[] { id } });
            if (status == HttpStatusCode.Created)
                expected[id] = answer.As<Topic>().TopicId;
            else
                Assert.True(status is HttpStatusCode.ServiceUnavailable or HttpStatusCode.NotFound or HttpStatusCode.BadRequest, answer.ToString());
        }

        await enough.CancelAsync();
        await talking;
        await bob.AllClassifiedAsync(room);
        await bob.LookAgainAsync(room);

        var messages = await bob.AllMessagesAsync(room);
        var topicOf = messages.ToDictionary(message => message.Id, message => message.TopicId);
        Assert.All(expected, pair => Assert.Equal(pair.Value, topicOf[pair.Key]));
        var made = await bob.ItemsAsync<Correction>($"chat/{room}/topics/corrections?limit=100");
        Assert.Equal(expected.Values.Order(), made.Select(correction => correction.TopicId).Where(expected.ContainsValue).Order());
        foreach (var topic in await bob.ItemsAsync<Topic>($"chat/{room}/topics?level=high&limit=100"))
        {
            var inside = messages.Count(message => message.TopicId == topic.TopicId);
            Assert.Equal(inside, topic.MessageCount);
        }
    }

    private static async Task TalkAsync(ApiClient ann, string room, CancellationToken enough)
    {
        for (var i = 0; !enough.IsCancellationRequested; i++)
        {
            try
            {
                await ann.SendAsync(HttpMethod.Post, "chat/" + room, new { content = $"{Said[i % Said.Length]} ({i})", clientMessageId = $"m{i}" });
            }
            catch (HttpRequestException)
            {
                // Killed; it comes back.
            }

            await Task.Delay(30, CancellationToken.None);
        }
    }
}
