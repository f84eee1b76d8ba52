using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json;
using AIChat.Api.Tests.Contract;
using AIChat.Tests;
using MongoDB.Bson;
using MongoDB.Driver;

namespace AIChat.Api.Tests.EndToEnd;

public sealed class MigrateTests
{
    private const int Lines = 5000;

    [FactOnLinux]
    public async Task A_migration_killed_and_stopped_in_the_middle_goes_on_and_everybody_finds_everything_as_it_was()
    {
        var address = new MongoUrlBuilder(await MongoServer.AddressAsync()) { DatabaseName = $"aichat-migrate-{Environment.ProcessId}" }.ToString();
        using var mongo = new MongoClient(address);
        var messages = mongo.GetDatabase(new MongoUrl(address).DatabaseName).GetCollection<BsonDocument>("messages");

        await using var embedded = await new ServerProcess(null, ("MONGODB_URI", string.Empty)).StartAsync();
        using var ann = await ApiClient.JoinAsync(embedded.Address, "앤🦊");
        var room = await ann.OpenRoomAsync("점심 🍜");
        var first = await ann.PostAsync(room, "안녕하세요 👋🏽", "once");
        await ann.JobDoneAsync(await ann.ImportAsync(room, Transcript()));
        await ann.SendAsync(HttpMethod.Delete, $"chat/{room}/messages/{(await ann.PostAsync(room, "gone")).Id}");
        await ann.SendAsync(HttpMethod.Post, $"chat/{room}/read", new { seq = 7 });
        Assert.Equal(0, await embedded.TerminateAsync());

        using (var killed = ServerProcess.Begin(embedded.Data, "migrate", "--from", "sqlite:.", "--to", address))
        {
            await Eventually.TrueAsync(async () => await messages.EstimatedDocumentCountAsync() > 0, "messages to arrive");
            killed.Kill();
            await killed.WaitForExitAsync();
        }

        Assert.InRange(await messages.CountDocumentsAsync(new BsonDocument()), 1, Lines);
        var (refused, _, why) = await ServerProcess.RunAsync(Path.GetTempPath(), [("AICHAT_DATA", embedded.Data), ("ASPNETCORE_URLS", "http://127.0.0.1:0"), ("MONGODB_URI", address)]);
        Assert.Equal(1, refused);
        Assert.EndsWith("holds a part of what a migration is to bring; run it to its end, or name another database.", why.Trim(), StringComparison.Ordinal);

        using (var told = ServerProcess.Begin(embedded.Data, "migrate", "--from", "sqlite:.", "--to", address))
        {
            var half = await messages.CountDocumentsAsync(new BsonDocument());
            await Eventually.SeenAsync(() => messages.EstimatedDocumentCountAsync(), count => count > half, "more messages to arrive");
            using (var kill = Process.Start("kill", ["-TERM", told.Id.ToString(CultureInfo.InvariantCulture)]))
                await kill.WaitForExitAsync();
            Assert.Equal("Stopped; the same command goes on from here.", (await told.StandardError.ReadToEndAsync()).Trim());
            await told.WaitForExitAsync();
            Assert.Equal(1, told.ExitCode);
        }

        var (code, output, error) = await ServerProcess.RunAsync(embedded.Data, [], "migrate", "--from", "sqlite:.", "--to", address);
        Assert.True(code == 0, output + error);
        Assert.Contains("Went on where an earlier run was stopped.", output, StringComparison.Ordinal);
        Assert.Contains("All is there: ", output, StringComparison.Ordinal);
        Assert.DoesNotContain("DIFFERS", output, StringComparison.Ordinal);
        Assert.Equal(string.Empty, error);

        // The same folder, for the secret that signs tokens; the embedded database in it is not looked at any more.
        await using var shared = await new ServerProcess(embedded.Data, ("MONGODB_URI", address)).StartAsync();
        using var again = ann.At(shared.Address);
        Assert.Equal(ann.UserId, (await again.GetAsync<Myself>("user/me")).UserId);
        var home = Assert.Single(await again.ItemsAsync<Room>("chat"));
        Assert.Equal((Lines + 2, Lines + 1, Lines + 2 - 7 - 1), (home.LastSeq, home.MessageCount, home.UnreadCount));
        Assert.Equal(first.Id, (await again.PostAsync(room, "안녕하세요 👋🏽", "once")).Id);
        Assert.Equal(Lines + 3, (await again.PostAsync(room, "새 글 🥢")).Seq);
        Assert.Equal(["line 4711 이야기"], (await again.ItemsAsync<Message>($"chat/{room}/messages?q=4711")).Select(message => message.Content));
        await mongo.DropDatabaseAsync(new MongoUrl(address).DatabaseName);
    }

    [FactOnLinux]
    public async Task Whatever_is_refused_is_one_sentence_without_a_password()
    {
        var folder = Directory.CreateTempSubdirectory("aichat-test-");
        foreach (var (from, to, sentence) in new[]
        {
            ("sqlite:none.db", "mongodb://ann:s3cret@127.0.0.1:1/", "--from names no database; give the path of an aichat.db or of the data folder that holds it."),
            ("mongodb://ann:s3cret@", "sqlite:new.db", "--from is neither sqlite:PATH nor an address such as mongodb://host:27017/aichat; correct it."),
            ("sqlite:none.db", "ann:s3cret@a", "--to is neither sqlite:PATH nor an address such as mongodb://host:27017/aichat; correct it."),
        })
        {
            var (code, output, error) = await ServerProcess.RunAsync(folder.FullName, [], "migrate", "--from", from, "--to", to);
            Assert.Equal((1, string.Empty, sentence), (code, output.Trim(), error.Trim()));
        }

        var (help, usage, _) = await ServerProcess.RunAsync(folder.FullName, [], "migrate", "--help");
        Assert.Equal(0, help);
        Assert.Contains("--from", usage, StringComparison.Ordinal);
        folder.Delete(recursive: true);
    }

    private static string Transcript()
    {
        var lines = new StringBuilder();
        for (var i = 1; i <= Lines; i++)
            lines.Append(JsonSerializer.Serialize(new { nickname = $"p{i % 17}", content = $"line {i} 이야기", createdAt = new DateTime(2026, 1, 5, 0, 0, 0, DateTimeKind.Utc).AddSeconds(i) })).Append('\n');
        return lines.ToString();
    }
}
