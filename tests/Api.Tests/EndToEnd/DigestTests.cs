using System.Globalization;
using System.Net;
using System.Text.Json;
using AIChat.Api.Tests.Contract;
using AIChat.Tests;
using Microsoft.Data.Sqlite;
using MongoDB.Bson;
using MongoDB.Driver;

namespace AIChat.Api.Tests.EndToEnd;

/// <summary>A room's digest: who orders it, and that it comes once.</summary>
public sealed class DigestTests
{
    [Fact]
    public async Task The_owner_says_when_and_everyone_sees_it()
    {
        await using var server = await new ServerProcess().StartAsync();
        using var ann = await ApiClient.JoinAsync(server.Address, "ann");
        using var bob = await ApiClient.JoinAsync(server.Address, "bob");
        var room = await ann.OpenRoomAsync("digest");
        Assert.Equal(new Digest("off", 9, "UTC"), (await bob.GetAsync<EnteredRoom>($"chat/{room}")).Room.Digest);
        var (status, changed) = await PlanAsync(ann, new { cadence = "daily", hour = 7, timeZone = "Asia/Seoul" });
        Assert.Equal((HttpStatusCode.OK, new Digest("daily", 7, "Asia/Seoul")), (status, changed.As<Room>().Digest));
        Assert.Equal(new Digest("daily", 7, "Asia/Seoul"), (await bob.GetAsync<EnteredRoom>($"chat/{room}")).Room.Digest);
        Assert.Equal(new Digest("daily", 7, "Asia/Seoul"), (await bob.ItemsAsync<Room>("chat"))[0].Digest);
        Assert.Equal("room_owner_only", await RefusedAsync(bob, new { cadence = "off" }));
        Assert.Equal("digest_cadence_bad", await RefusedAsync(ann, new { cadence = "weekly" }));
        Assert.Equal("digest_hour_bad", await RefusedAsync(ann, new { cadence = "daily", hour = 24 }));
        foreach (var zone in (string[])["Mars/Olympus", "../../etc/passwd", "", "KST", new string('a', 200)])
            Assert.Equal("digest_time_zone_bad", await RefusedAsync(ann, new { cadence = "daily", timeZone = zone }));
        Assert.Equal("room_nothing_to_change", (await ann.SendAsync(HttpMethod.Patch, $"chat/{room}", new { })).Body.Code);
        Assert.Equal("room_not_found", (await ann.SendAsync(HttpMethod.Patch, "chat/nowhere", new { digest = new { cadence = "off" } })).Body.Code);
        Assert.Equal(new Digest("off", 9, "UTC"), (await PlanAsync(ann, new { cadence = "off" })).Body.As<Room>().Digest);

        Task<(HttpStatusCode Status, Answer Body)> PlanAsync(ApiClient who, object digest) => who.SendAsync(HttpMethod.Patch, $"chat/{room}", new { digest });

        async Task<string> RefusedAsync(ApiClient who, object digest) => (await PlanAsync(who, digest)).Body.Code;
    }

    [Fact]
    public async Task When_its_hour_is_over_it_is_made_and_is_the_latest()
    {
        await using var server = await new ServerProcess().StartAsync();
        using var ann = await ApiClient.JoinAsync(server.Address, "ann");
        var rooms = await PlannedRoomsAsync(ann);
        await server.TerminateAsync();
        await using (var database = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = Path.Combine(server.Data, "aichat.db"), Pooling = false }.ConnectionString))
        {
            database.Open();
            using var back = database.CreateCommand();
            back.CommandText = "UPDATE rooms SET DigestedUpTo = DigestedUpTo - 72000000000 WHERE DigestedUpTo IS NOT NULL";
            Assert.Equal(2, back.ExecuteNonQuery());
        }

        await server.StartAsync();
        await IsMadeAsync(ann, rooms);
    }

    [FactOnLinux]
    public async Task Of_two_servers_one_makes_it()
    {
        var uri = $"{await MongoServer.AddressAsync()}/aichat-digest-{Environment.ProcessId}";
        (string, string)[] shared = [("MONGODB_URI", uri), ("COOKIE_SECRET", "a secret that both know")];
        var url = MongoUrl.Create(uri);
        using var client = new MongoClient(url);
        var database = client.GetDatabase(url.DatabaseName);
        await using var one = await new ServerProcess(null, shared).StartAsync();
        await using var other = new ServerProcess(null, shared);
        using var ann = await ApiClient.JoinAsync(one.Address, "ann");
        var rooms = await PlannedRoomsAsync(ann);
        await one.KillAsync();
        foreach (var planned in await database.GetCollection<BsonDocument>("rooms").Find(new BsonDocument("digestedUpTo", new BsonDocument("$exists", true))).ToListAsync())
        {
            await database.GetCollection<BsonDocument>("rooms").UpdateOneAsync(
                new BsonDocument("channelId", planned["channelId"]), new BsonDocument("$set", new BsonDocument("digestedUpTo", new BsonDateTime(planned["digestedUpTo"].ToUniversalTime().AddHours(-2)))));
        }

        await Task.WhenAll(one.StartAsync(), other.StartAsync());
        await IsMadeAsync(ann, rooms);
        using var there = ann.At(other.Address);
        await IsMadeAsync(there, rooms);
        Assert.Equal(1, await database.GetCollection<BsonDocument>("summaries").CountDocumentsAsync(new BsonDocument("request", "digest")));
    }

    /// <summary>A room with something to say in the last full hour and in this one, and one without.</summary>
    private static async Task<(string Talk, string Silent)> PlannedRoomsAsync(ApiClient ann)
    {
        var talk = await ann.OpenRoomAsync("talk");
        var silent = await ann.OpenRoomAsync("silent");
        var now = TimeProvider.System.GetUtcNow();
        var hour = new DateTimeOffset(now.Year, now.Month, now.Day, now.Hour, 0, 0, TimeSpan.Zero);
        await ann.JobDoneAsync(await ann.ImportAsync(talk, Line(hour.AddMinutes(-50), "the backup server is full again") + Line(hour, "the disk was replaced and all is well")));
        await ann.AllClassifiedAsync(talk);
        foreach (var room in (string[])[talk, silent])
            Assert.Equal(HttpStatusCode.OK, (await ann.SendAsync(HttpMethod.Patch, $"chat/{room}", new { digest = new { cadence = "hourly" } })).Status);
        return (talk, silent);
    }

    private static string Line(DateTimeOffset at, string content)
        => JsonSerializer.Serialize(new { nickname = "kim", content, createdAt = at.ToString("O", CultureInfo.InvariantCulture) }) + "\n";

    private static async Task IsMadeAsync(ApiClient ann, (string Talk, string Silent) rooms)
    {
        Answer digest = default;
        await Eventually.TrueAsync(
            async () =>
            {
                (var status, digest) = await ann.SendAsync(HttpMethod.Get, $"chat/{rooms.Talk}/summary");
                return status == HttpStatusCode.OK;
            },
            "the digest");
        Assert.StartsWith("digest-", digest.As<Summary>().SummaryId, StringComparison.Ordinal);
        Assert.Single(digest.As<Summary>().Messages);
        Assert.Equal(HttpStatusCode.NotFound, (await ann.SendAsync(HttpMethod.Get, $"chat/{rooms.Silent}/summary")).Status);
    }
}
