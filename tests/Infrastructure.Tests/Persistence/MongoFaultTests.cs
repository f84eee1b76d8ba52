using System.Collections.Concurrent;
using AIChat.Domain.Common;
using AIChat.Domain.Messages;
using AIChat.Infrastructure.Persistence.Mongo;
using AIChat.Tests;

namespace AIChat.Infrastructure.Tests.Persistence;

/// <summary>A database that goes away, at the start, later, and in the middle of a write.</summary>
public sealed class MongoFaultTests : IAsyncLifetime
{
    private const int Cuts = 100;
    private const int Writers = 4;

    private readonly MongoStoreFixture _store;
    private CuttingProxy? _proxy;

    public MongoFaultTests() => _store = new MongoStoreFixture(through: Through);

    public Task InitializeAsync() => _store.InitializeAsync();

    public async Task DisposeAsync()
    {
        _proxy!.IsAway = false;
        await _store.DisposeAsync();
        await _proxy.DisposeAsync();
    }

    [Fact]
    public async Task Cut_a_hundred_times_in_the_middle_of_writing_it_neither_loses_nor_doubles_a_message()
    {
        var room = await _store.OpenRoomAsync();
        var ann = await _store.JoinAsync();
        var acknowledged = new ConcurrentDictionary<string, long>(StringComparer.Ordinal);
        var outages = 0;
        using var enough = new CancellationTokenSource();
        var writers = Enumerable.Range(0, Writers).Select(writer => Task.Run(() => WriteAsync(writer))).ToList();
        for (var cut = 0; cut < Cuts; cut++)
        {
            // Something must be under way each time, or nothing is cut through.
            var before = _proxy!.Passed;
            await Eventually.SeenAsync(() => _proxy.Passed, passed => passed >= before + 20_000, "writing to go on");
            _proxy.Cut();
        }

        await enough.CancelAsync();
        await Task.WhenAll(writers);

        var stored = await _store.Messages.ListAsync(MessagesOfRoom.After(room.Id, 0, int.MaxValue), CancellationToken.None);
        Assert.True(acknowledged.Count > Cuts, $"{acknowledged.Count} messages were acknowledged");
        Assert.Equal(Enumerable.Range(1, stored.Count).Select(seq => (long)seq), stored.Select(message => message.Seq).Order());
        Assert.Equal(stored.Count, stored.Select(message => message.ClientMessageId).Distinct().Count());
        var seqOf = stored.ToDictionary(message => message.ClientMessageId!, message => message.Seq);
        Assert.All(acknowledged, pair => Assert.Equal(pair.Value, seqOf[pair.Key]));

        // A person's client tries again with the same id until it is told that the message is stored.
        async Task WriteAsync(int writer)
        {
            for (var i = 0; !enough.IsCancellationRequested; i++)
            {
                var id = $"{writer}-{i}";
                while (true)
                {
                    try
                    {
                        var appended = Expect.Value(await _store.Messages.AppendAsync(room.Id, [_store.Draft(room, ann, "message " + id, id)], CancellationToken.None));
                        acknowledged[id] = appended.Messages[0].Seq;
                        break;
                    }
                    catch (StoreUnavailableException)
                    {
                        Interlocked.Increment(ref outages);
                    }
                }
            }
        }
    }

    [Fact]
    public async Task Away_it_refuses_with_a_code_and_back_it_goes_on_by_itself()
    {
        var room = await _store.OpenRoomAsync();
        var ann = await _store.JoinAsync();
        await _store.PostAsync(room, ann, "before");
        _proxy!.IsAway = true;
        _proxy.Cut();

        var outage = await Assert.ThrowsAsync<StoreUnavailableException>(() => _store.PostAsync(room, ann, "meanwhile"));
        Assert.Equal("store_unavailable", outage.Code);
        await Assert.ThrowsAsync<StoreUnavailableException>(() => _store.Rooms.FindAsync(room.Id, CancellationToken.None));

        _proxy.IsAway = false;
        await Eventually.TrueAsync(IsBackAsync, "the store to answer again");
        Assert.Equal(2, (await _store.PostAsync(room, ann, "after")).Seq);
        Assert.Equal(["before", "after"], (await _store.Messages.ListAsync(MessagesOfRoom.After(room.Id, 0, 10), CancellationToken.None)).Select(message => message.Content));

        async Task<bool> IsBackAsync()
        {
            try
            {
                return await _store.Rooms.FindAsync(room.Id, CancellationToken.None) is not null;
            }
            catch (StoreUnavailableException)
            {
                return false;
            }
        }
    }

    [Fact]
    public async Task Away_at_the_start_it_is_told_in_one_sentence_after_a_while_without_the_password()
    {
        var address = MongoAddress.Parse("mongodb://127.0.0.1:1/aichat?serverSelectionTimeoutMS=200", "somebody", "secret");
        using var connection = new MongoConnection(address, adjust: null) { StartTimeout = TimeSpan.FromMilliseconds(500) };

        var outage = await Assert.ThrowsAsync<StoreUnavailableException>(() => connection.OpenAsync(CancellationToken.None));

        Assert.StartsWith("MONGODB_URI", outage.Message, StringComparison.Ordinal);
        Assert.Contains("127.0.0.1:1", outage.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", outage.ToString(), StringComparison.Ordinal);
    }

    private string Through(string address) => (_proxy ??= new CuttingProxy(address)).Address.ToString();
}
