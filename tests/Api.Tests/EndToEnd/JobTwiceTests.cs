using System.Globalization;
using System.Text.Json;
using AIChat.Api.Tests.Contract;
using AIChat.Tests;
using Microsoft.Data.Sqlite;
using MongoDB.Bson;
using MongoDB.Driver;

namespace AIChat.Api.Tests.EndToEnd;

/// <summary>Whatever runs jobs runs them at least once, and sometimes twice: that must change nothing.</summary>
public sealed class JobTwiceTests
{
    [Fact]
    public async Task An_import_that_is_run_again_from_its_beginning_stores_every_line_once()
    {
        await using var server = new ServerProcess();
        await ImportTwiceAsync(server, server, 6_000, job =>
        {
            using var database = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = Path.Combine(server.Data, "aichat.db"), Pooling = false }.ConnectionString);
            database.Open();
            using var rewind = database.CreateCommand();
            rewind.CommandText = "UPDATE jobs SET Cursor = NULL, Done = 0, State = 0 WHERE Id = @id AND State = 1";
            rewind.Parameters.AddWithValue("@id", job);
            Assert.Equal(1, rewind.ExecuteNonQuery());
            return Task.CompletedTask;
        });
    }

    [FactOnLinux]
    public async Task The_same_on_MongoDB_beside_another_server_that_looks_for_work_too()
    {
        var uri = $"{await MongoServer.AddressAsync()}/aichat-twice-{Environment.ProcessId}";
        (string, string)[] shared = [("MONGODB_URI", uri), ("COOKIE_SECRET", "a secret that both know")];
        await using var server = new ServerProcess(null, shared);
        await using var other = await new ServerProcess(null, shared).StartAsync();
        await ImportTwiceAsync(server, other, 5_000, async job =>
        {
            var url = MongoUrl.Create(uri);
            using var client = new MongoClient(url);
            var rewound = await client.GetDatabase(url.DatabaseName).GetCollection<BsonDocument>("jobs").UpdateOneAsync(
                new BsonDocument { { "_id", job }, { "state", 1 } }, new BsonDocument { { "$unset", new BsonDocument("cursor", 1) }, { "$set", new BsonDocument { { "done", 0L }, { "state", 0 } } } });
            Assert.Equal(1, rewound.MatchedCount);
        });
    }

    [FactOnLinux]
    public async Task Looking_at_a_room_again_at_two_servers_at_once_changes_nothing_the_second_time()
    {
        (string, string)[] shared = [("MONGODB_URI", $"{await MongoServer.AddressAsync()}/aichat-again-{Environment.ProcessId}"), ("COOKIE_SECRET", "a secret that both know")];
        await using var one = await new ServerProcess(null, shared).StartAsync();
        await using var other = await new ServerProcess(null, shared).StartAsync();
        using var ann = await ApiClient.JoinAsync(one.Address, "ann");
        using var there = ann.At(other.Address);
        var room = await ann.OpenRoomAsync("looked at twice");
        await ann.JobDoneAsync(await ann.ImportAsync(room, Transcript(400)));
        await ann.AllClassifiedAsync(room);
        await LookAgainAsync();
        var first = await StateAsync();
        await LookAgainAsync();

        Assert.Equal(first, await StateAsync());
        Assert.Contains("\"high\"", first, StringComparison.Ordinal);

        async Task LookAgainAsync()
        {
            var asked = await Task.WhenAll(((ApiClient[])[ann, there, ann, there]).Select(who => who.ReclassifyAsync(room)));
            foreach (var job in asked)
                Assert.Equal("succeeded", (await there.JobDoneAsync(job)).State);
        }

        async Task<string> StateAsync()
        {
            var topics = (await there.GetAsync($"chat/{room}/topics?limit=100")).Items<JsonElement>().Select(topic => topic.ToString());
            var filed = (await there.AllMessagesAsync(room)).Select(message => $"{message.Seq} {message.TopicId}");
            return string.Join('\n', topics.Concat(filed));
        }
    }

    /// <param name="server">Takes the upload, and is killed long before its end: afterwards the upload would be gone.</param>
    /// <param name="asked">Where it is watched.</param>
    /// <param name="lines">Of the transcript.</param>
    /// <param name="rewind">Sets the job back in the store, as if nothing of it had been noted.</param>
    private static async Task ImportTwiceAsync(ServerProcess server, ServerProcess asked, int lines, Func<string, Task> rewind)
    {
        await server.StartAsync();
        using var ann = await ApiClient.JoinAsync(server.Address, "ann");
        using var there = ann.At(asked.Address);
        var room = await ann.OpenRoomAsync("imported twice");
        var job = await ann.ImportAsync(room, Transcript(lines));
        await Eventually.SeenAsync(async () => (await ann.GetAsync<Job>("jobs/" + job)).Done, done => done > 0, "a part of the import");
        await server.KillAsync();
        await rewind(job);
        await server.StartAsync();

        var done = await there.JobDoneAsync(job);
        Assert.Equal(("succeeded", 0L, (long)lines), (done.State, done.RejectedCount, done.Done));
        var messages = await there.AllMessagesAsync(room);
        Assert.Equal(Enumerable.Range(0, lines).Select(Content), messages.Select(message => message.Content));
        Assert.Equal(Enumerable.Range(1, lines).Select(seq => (long)seq), messages.Select(message => message.Seq));
        for (var i = 3; i < lines; i += 3)
            Assert.Equal(messages[i - 2].Id, messages[i].ReplyTo);
    }

    private static string Content(int line) => string.Create(CultureInfo.InvariantCulture, $"line {line} 이야기 {line % 97}");

    /// <summary>Every third line answers the one two before it.</summary>
    private static string Transcript(int lines) => string.Concat(Enumerable.Range(0, lines).Select(i => JsonSerializer.Serialize(new
    {
        id = "l" + i,
        nickname = "p" + (i % 13),
        content = Content(i),
        createdAt = $"2026-01-05T{i / 3600:00}:{i / 60 % 60:00}:{i % 60:00}Z",
        replyTo = i % 3 == 0 && i > 0 ? "l" + (i - 2) : null,
    }) + "\n"));
}
