using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;
using AIChat.Api.Tests.Contract;
using AIChat.Api.Tests.EndToEnd;
using AIChat.Tests;
using Microsoft.Data.Sqlite;
using MongoDB.Bson;
using MongoDB.Driver;

namespace AIChat.Api.Tests.StoredData;

/// <summary>Data of an earlier version opens with everything in it, and life goes on.</summary>
public sealed class StoredDataTests
{
    /// <summary>What may become fewer: caches and leases, topics as the unfinished jobs end, summaries as a message that they cover is edited.</summary>
    private static readonly string[] Transient = ["leases", "seen", "summaries", "summaryParts", "topics"];

    private static readonly (string, string)[] Settings = [("EMBEDDING_MODEL", StoredCopy.Model), ("ADMIN_TOKEN", Snapshot.AdminToken)];

    [Fact]
    public async Task A_data_folder_of_an_earlier_version_opens_with_everything_in_it()
    {
        using var stored = StoredCopy.Unpack("sqlite");
        var before = Tables(stored);
        await using var server = await new ServerProcess(stored.Folder, [("MONGODB_URI", string.Empty), .. Settings]).StartAsync();
        await AssertAllThereAsync(server, stored);
        Assert.Equal(0, await server.TerminateAsync());

        var now = Tables(stored);
        foreach (var (table, (columns, rows)) in before)
        {
            Assert.True(now.ContainsKey(table), $"The table {table} is missing.");
            Assert.True(columns.All(now[table].Columns.Contains), $"Of the columns of {table} are missing: {string.Join(", ", columns.Except(now[table].Columns))}.");
            Assert.True(rows <= now[table].Rows || Transient.Contains(table) || table.StartsWith("message_terms_", StringComparison.Ordinal), $"The table {table} had {rows} rows and has {now[table].Rows}.");
        }
    }

    [FactOnLinux]
    public async Task A_MongoDB_of_an_earlier_version_opens_with_everything_in_it()
    {
        using var stored = StoredCopy.Unpack("mongo");
        var address = new MongoUrlBuilder(await MongoServer.AddressAsync()) { DatabaseName = $"aichat-stored-{Environment.ProcessId}" }.ToMongoUrl();
        using var client = new MongoClient(address);
        var database = client.GetDatabase(address.DatabaseName);
        await stored.RestoreAsync(database);
        await using var server = await new ServerProcess(stored.Folder, [("MONGODB_URI", address.ToString()), .. Settings]).StartAsync();
        await AssertAllThereAsync(server, stored);
        await AssertHangfireGoesOnAsync(stored, database);
        Assert.Equal(0, await server.TerminateAsync());
        Assert.DoesNotContain("JobLoadException", server.Log, StringComparison.Ordinal);

        foreach (var (collection, documents) in stored.Documents().Where(dump => !dump.Collection.StartsWith("hangfire", StringComparison.Ordinal) && !Transient.Contains(dump.Collection)))
        {
            var count = await database.GetCollection<BsonDocument>(collection).CountDocumentsAsync(new BsonDocument());
            Assert.True(documents.Count <= count, $"{collection} had {documents.Count} documents and has {count}.");
        }

        await client.DropDatabaseAsync(address.DatabaseName);
    }

    private static async Task AssertAllThereAsync(ServerProcess server, StoredCopy stored)
    {
        var expected = stored.Expected;
        using var snapshot = new Snapshot(server.Address, expected.Scope);
        AssertSame(expected.Seen, await snapshot.ReadAsync());
        await AssertSessionsAsync(server.Address, expected);
        await AssertJobsEndAsync(server.Address, stored);
        AssertSame(expected.Seen, await snapshot.ReadAsync());
        foreach (var room in expected.Scope.Rooms)
            await AssertGoesOnAsync(server.Address, expected, room);
    }

    private static void AssertSame(JsonObject expected, JsonObject actual)
    {
        var differences = Differences.Between(expected, actual).ToList();
        Assert.True(differences.Count == 0, $"{differences.Count} differences from what was stored:\n{string.Join('\n', differences.Take(20))}");
    }

    private static async Task AssertSessionsAsync(Uri server, Expected expected)
    {
        var person = expected.Scope.People[0];
        using var browser = new HttpClient(new SocketsHttpHandler { UseCookies = false }) { BaseAddress = server };
        browser.DefaultRequestHeaders.Add("Cookie", "aichat_session=" + person.Token);
        Assert.Contains(person.UserId, await browser.GetStringAsync(new Uri("user/me", UriKind.Relative)), StringComparison.Ordinal);
        using var gone = ApiClient.Of(server, expected.LoggedOut, string.Empty);
        Assert.Equal(HttpStatusCode.Unauthorized, (await gone.SendAsync(HttpMethod.Get, "user/me")).Status);
    }

    /// <summary>The jobs that a kill interrupted end as they did then, and each import's room holds every line of the transcript once.</summary>
    private static async Task AssertJobsEndAsync(Uri server, StoredCopy stored)
    {
        var person = stored.Expected.Scope.People[0];
        using var owner = ApiClient.Of(server, person.Token, person.UserId);
        foreach (var end in stored.Expected.Unfinished)
        {
            var id = end["jobId"]!.GetValue<string>();
            await owner.JobDoneAsync(id);
            AssertSame(end, (JsonObject)(await owner.GetAsync($"jobs/{id}")).ToNode());
            if (stored.Uploads.TryGetValue(id, out var transcript))
                await AssertHoldsAsync(owner, end["channelId"]!.GetValue<string>(), transcript);
        }
    }

    private static async Task AssertHoldsAsync(ApiClient owner, string room, string[] transcript)
    {
        var lines = transcript.Where(line => line.StartsWith('{')).Select(line => new Answer(line).As<TranscriptLine>()).ToList();
        var messages = await owner.AllMessagesAsync(room);
        Assert.Equal(Enumerable.Range(1, lines.Count).Select(seq => (long)seq), messages.Select(message => message.Seq));
        Assert.Equal(lines.Select(line => (line.Nickname, (string?)line.Content, line.CreatedAt)), messages.Select(message => (message.Nickname, message.Content, message.CreatedAt)));

        // An answer is linked to an earlier line only.
        var earlier = new Dictionary<string, string?>(StringComparer.Ordinal);
        foreach (var (line, message) in lines.Zip(messages))
        {
            Assert.Equal(line.ReplyTo is null ? null : earlier.GetValueOrDefault(line.ReplyTo), message.ReplyTo);
            earlier[line.Id] = message.Id;
        }
    }

    private static async Task AssertGoesOnAsync(Uri server, Expected expected, string room)
    {
        var person = expected.Scope.People[0];
        using var owner = ApiClient.Of(server, person.Token, person.UserId);
        var seen = expected.Seen["rooms"]![room]!;
        var (lastSeq, rev) = (seen["entered"]![person.UserId]!["room"]!["lastSeq"]!.GetValue<long>(), seen["changes"]!["rev"]!.GetValue<long>());
        var answer = await owner.PostAsync(room, "새 버전에서도 계속해요 🥢");
        Assert.Equal(lastSeq + 1, answer.Seq);

        // The owner has said nothing in a room that is an import alone.
        if (seen["messages"]!.AsArray().FirstOrDefault(message => message!["userId"]?.GetValue<string>() == person.UserId && message["deletedAt"] is null) is { } old)
        {
            var id = old["id"]!.GetValue<string>();
            var retried = await owner.PostAsync(room, old["content"]!.GetValue<string>(), old["clientMessageId"]!.GetValue<string>(), old["replyTo"]?.GetValue<string>());
            Assert.Equal(id, retried.Id);
            await DoneAsync(HttpMethod.Patch, $"messages/{id}", new { content = "edited by a later version" });
            await DoneAsync(HttpMethod.Delete, $"messages/{answer.Id}");
            var messages = await owner.AllMessagesAsync(room);
            Assert.Equal("edited by a later version", messages.Single(message => message.Id == id).Content);
            Assert.NotNull(messages[^1].DeletedAt);
            Assert.Equal(rev + 2, (await owner.GetAsync<EnteredRoom>($"chat/{room}")).Room.Rev);
        }

        if (seen["corrections"]!.AsArray().FirstOrDefault(correction => correction!["undoneAt"] is null) is { } correction)
            await DoneAsync(HttpMethod.Post, $"topics/corrections/{correction["correctionId"]}/undo");

        async Task DoneAsync(HttpMethod method, string path, object? body = null)
        {
            var (status, problem) = await owner.SendAsync(method, $"chat/{room}/{path}", body);
            Assert.True(status is HttpStatusCode.OK or HttpStatusCode.NoContent, $"{method} {path}: {status} {problem}");
        }
    }

    /// <summary>Hangfire runs the calls that it had stored, and its schedule.</summary>
    private static async Task AssertHangfireGoesOnAsync(StoredCopy stored, IMongoDatabase database)
    {
        var jobs = database.GetCollection<BsonDocument>("hangfire.jobGraph");
        var before = stored.Documents().Single(dump => dump.Collection == "hangfire.jobGraph").Documents;
        foreach (var call in before.Where(document => document.GetValue("StateName", string.Empty) == "Enqueued"))
        {
            await Eventually.TrueAsync(
                async () =>
                {
                    var now = await NowAsync(call);
                    Assert.True(now["StateName"] != "Failed", $"Hangfire could not run {call["InvocationData"]}: {now["StateHistory"].AsBsonArray[^1]}");
                    return now["StateName"] == "Succeeded";
                },
                $"Hangfire to run {call["InvocationData"]}");
        }

        foreach (var recurring in before.Where(document => document.GetValue("Key", string.Empty).AsString.StartsWith("recurring-job:", StringComparison.Ordinal)))
            await Eventually.TrueAsync(async () => LastExecution(await NowAsync(recurring)) != LastExecution(recurring), $"{recurring["Key"]} to run again");

        static BsonValue LastExecution(BsonDocument recurring) => recurring["Fields"].AsBsonDocument.GetValue("LastExecution", BsonNull.Value);

        Task<BsonDocument> NowAsync(BsonDocument document) => jobs.Find(new BsonDocument("_id", document["_id"])).SingleAsync();
    }

    private static Dictionary<string, (List<string> Columns, long Rows)> Tables(StoredCopy stored)
    {
        using var database = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = Path.Combine(stored.Folder, "aichat.db"), Mode = SqliteOpenMode.ReadOnly, Pooling = false }.ConnectionString);
        database.Open();
        return Ask("SELECT name FROM sqlite_schema WHERE type = 'table'").ToDictionary(
            table => table,
            table => (Ask($"SELECT name FROM pragma_table_info('{table}')"), long.Parse(Ask($"SELECT count(*) FROM \"{table}\"")[0], CultureInfo.InvariantCulture)),
            StringComparer.Ordinal);

        List<string> Ask(string question)
        {
            using var command = database.CreateCommand();
#pragma warning disable CA2100 // names from the database's own schema
            command.CommandText = question;
#pragma warning restore CA2100
            using var rows = command.ExecuteReader();
            var all = new List<string>();
            while (rows.Read())
                all.Add(rows.GetString(0));
            return all;
        }
    }
}
