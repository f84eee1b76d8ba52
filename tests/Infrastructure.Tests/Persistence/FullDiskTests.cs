using AIChat.Domain.Common;
using AIChat.Domain.Messages;
using AIChat.Domain.Rooms;
using AIChat.Domain.Users;
using AIChat.Tests;

namespace AIChat.Infrastructure.Tests.Persistence;

/// <summary>A disk that is really full: a small file system of its own, so that SQLite meets what it would meet in earnest.</summary>
public sealed class FullDiskTests : IAsyncLifetime
{
    private readonly SmallDisk _disk = new();
    private SqliteStoreFixture _store = null!;
    private Room _room = null!;
    private User _ann = null!;

    public async Task InitializeAsync()
    {
        if (!SmallDisk.IsPossible)
            return;
        _disk.Mount();
        _disk.Fill(leaving: 2 << 20);
        _store = new SqliteStoreFixture(_disk.Folder);
        await _store.InitializeAsync();
        (_ann, _room) = (await _store.JoinAsync(), await _store.OpenRoomAsync());
    }

    public async Task DisposeAsync()
    {
        if (_store is not null)
            await _store.DisposeAsync();
        _disk.GiveBack();
    }

    [SmallDiskFact]
    public async Task Sends_are_refused_until_there_is_room_again_and_nothing_that_was_answered_is_lost()
    {
        var answered = await SendUntilFullAsync();
        Assert.Equal(answered, await StoredAsync());

        _disk.Free();
        answered.Add(await SendAsync("room again"));
        answered.Add(await SendAsync("and again"));
        Assert.Equal(answered, await StoredAsync());
        Assert.Equal(Enumerable.Range(1, answered.Count).Select(i => (long)i), answered.Order());
        Assert.Equal(answered.Count, (await _store.ReloadAsync(_room)).MessageCount);

        await _store.ReopenAsync();
        Assert.Equal(answered, await StoredAsync());
    }

    [SmallDiskFact]
    public async Task Stopping_on_a_full_disk_loses_nothing()
    {
        var answered = await SendUntilFullAsync();
        await _store.CloseAsync();
        _disk.Free();
        await _store.InitializeAsync();
        Assert.Equal(answered, await StoredAsync());
        Assert.Equal(answered.Count + 1, await SendAsync("room again"));
    }

    [SmallDiskFact]
    public async Task Starting_on_a_full_disk_says_so_in_a_sentence()
    {
        await _store.CloseAsync();
        _disk.Fill(leaving: 0);
        var refusal = await Assert.ThrowsAsync<StoreUnavailableException>(_store.InitializeAsync);
        Assert.Equal("storage_full", refusal.Code);
        Assert.Equal($"AICHAT_DATA: the disk that holds {_disk.Folder} is full; make room on it, or choose another folder.", refusal.Message);
        await _store.CloseAsync();
        _disk.Free();
        await _store.InitializeAsync();
        Assert.Equal(1, await SendAsync("room again"));
    }

    /// <summary>Sends, several at once, until three times in a row all are refused for want of space; gives the numbers that were answered, in order.</summary>
    private async Task<List<long>> SendUntilFullAsync()
    {
        var answered = new List<long>();
        var refusedInARow = 0;
        for (var round = 0; round < 1000; round++)
        {
            var before = answered.Count;
            foreach (var send in Enumerable.Range(0, 4).Select(_ => SendAsync(new string('x', 3000))).ToList())
            {
                try
                {
                    answered.Add(await send);
                }
                catch (StoreUnavailableException outage)
                {
                    Assert.Equal("storage_full", outage.Code);
                }
            }

            refusedInARow = answered.Count == before ? refusedInARow + 1 : 0;
            if (refusedInARow == 3)
                return [.. answered.Order()];
        }

        throw new InvalidOperationException("The small disk never got full.");
    }

    private async Task<long> SendAsync(string content) => (await _store.PostAsync(_room, _ann, content)).Seq;

    private async Task<IEnumerable<long>> StoredAsync()
        => (await _store.Messages.ListAsync(MessagesOfRoom.After(_room.Id, 0, 10_000), CancellationToken.None)).Select(message => message.Seq);
}
