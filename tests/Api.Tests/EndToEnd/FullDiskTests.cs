using System.Net;
using AIChat.Api.Tests.Contract;
using AIChat.Tests;

namespace AIChat.Api.Tests.EndToEnd;

/// <summary>A disk that runs full under the real process.</summary>
public sealed class FullDiskTests : IAsyncLifetime
{
    private readonly SmallDisk _disk = new(megabytes: 24);

    public Task InitializeAsync()
    {
        if (SmallDisk.IsPossible)
            _disk.Mount();
        return Task.CompletedTask;
    }

    public Task DisposeAsync()
    {
        _disk.GiveBack();
        return Task.CompletedTask;
    }

    [SmallDiskFact]
    public async Task What_it_cannot_keep_is_refused_and_nothing_that_it_took_is_lost()
    {
        await using var server = await new ServerProcess(_disk.Folder, ("SEND_RATE", "100000")).StartAsync();
        using var writer = await ApiClient.JoinAsync(server.Address, "writer");
        var room = await writer.OpenRoomAsync("full");
        _disk.Fill(leaving: 4 << 20);

        var taken = new List<string>();
        string? refusal = null;
        for (var i = 0; refusal is null && i < 20_000; i++)
        {
            var (status, body) = await writer.SendAsync(HttpMethod.Post, "chat/" + room, new { content = $"{i} {new string((char)('가' + i), 1000)}" });
            if (status == HttpStatusCode.Created)
            {
                taken.Add(body.As<Message>().Id);
                continue;
            }

            Assert.Equal(HttpStatusCode.ServiceUnavailable, status);
            refusal = body.Code;
        }

        Assert.Equal("storage_full", refusal);
        Assert.NotEmpty(taken);
        Assert.Equal(taken, await IdsAsync());

        // Room again: it goes on by itself.
        _disk.Free();
        await Eventually.TrueAsync(
            async () => (await writer.SendAsync(HttpMethod.Post, "chat/" + room, new { content = "room again", clientMessageId = "after" })).Status is HttpStatusCode.Created or HttpStatusCode.OK,
            "writing to work again");
        Assert.Equal(taken.Count + 1, (await IdsAsync()).Count);
        await server.KillAsync();
        await server.StartAsync();
        var ids = await IdsAsync();
        Assert.Equal(taken, ids[..^1]);

        async Task<List<string>> IdsAsync()
        {
            var all = await writer.AllMessagesAsync(room);
            Assert.Equal(Enumerable.Range(1, all.Count).Select(seq => (long)seq), all.Select(message => message.Seq));
            return all.ConvertAll(message => message.Id);
        }
    }
}
