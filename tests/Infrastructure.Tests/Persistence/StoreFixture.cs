using System.Globalization;
using AIChat.Domain.Common;
using AIChat.Domain.Jobs;
using AIChat.Domain.Messages;
using AIChat.Domain.Rooms;
using AIChat.Domain.Summaries;
using AIChat.Domain.Topics;
using AIChat.Domain.Users;
using AIChat.Infrastructure.Persistence.DataMigration;

namespace AIChat.Infrastructure.Tests.Persistence;

/// <summary>A fresh, empty store behind the domain's ports. A store derives this, and one sealed class from each contract, to be held to the contract.</summary>
public abstract class StoreFixture : IAsyncLifetime
{
    private long _ids;

    public static DateTimeOffset Start { get; } = new(2026, 1, 31, 9, 0, 0, TimeSpan.Zero);

    /// <summary>The time that the store goes by; it stands still unless a test moves it.</summary>
    public EagerTime Time { get; } = new(Start);

    public DateTimeOffset Now => Time.GetUtcNow();

    public abstract IUserRepository Users { get; }

    public abstract IRoomRepository Rooms { get; }

    public abstract IMessageRepository Messages { get; }

    public abstract ITopicRepository Topics { get; }

    public abstract ICorrectionRepository Corrections { get; }

    public abstract IEmbeddingRepository Vectors { get; }

    public abstract ISummaryRepository Summaries { get; }

    public abstract ISpendingRepository Spending { get; }

    public abstract IJobRepository Jobs { get; }

    public abstract ILeaseRepository Leases { get; }

    /// <summary>All entities of a kind, read as they are stored.</summary>
    public abstract Task<IReadOnlyList<T>> AllAsync<T>(string collection)
        where T : class;

    /// <summary>An empty store of this kind, to be filled by a migration.</summary>
    internal abstract MigrationTarget Target();

    public abstract Task InitializeAsync();

    public abstract Task DisposeAsync();

    /// <summary>A new id, later ones sorting after earlier ones.</summary>
    public string NewId() => "id" + Interlocked.Increment(ref _ids).ToString("D8", CultureInfo.InvariantCulture);

    public async Task<User> JoinAsync(string nickname = "Ann")
    {
        var user = Expect.Value(User.Join(new UserId(NewId()), nickname, Now));
        Expect.Value(await Users.AddAsync(user, Session.Start(NewId(), user.Id, Now), CancellationToken.None));
        return user;
    }

    public async Task<Room> OpenRoomAsync(string name = "Lobby")
    {
        var room = Expect.Value(Room.Open(new RoomId(NewId()), name, new UserId("owner"), Now));
        await Rooms.AddAsync(room, CancellationToken.None);
        return room;
    }

    public Message Draft(Room room, User by, string content, string? clientId = null)
        => Expect.Value(Message.Post(new MessageId(NewId()), room, by, content, clientId, null, [], Now));

    public async Task<Message> PostAsync(Room room, User by, string content)
        => Expect.Value(await Messages.AppendAsync(room.Id, [Draft(room, by, content)], CancellationToken.None)).Messages[0];

    public async Task<Message> EditAsync(Message message, string content)
        => Expect.Value(await Messages.ChangeAsync(message.RoomId, message.Id, stored => stored.Edit(content, [], Now), CancellationToken.None));

    public async Task<Message> DeleteAsync(Message message) => Expect.Value(await Messages.ChangeAsync(
        message.RoomId,
        message.Id,
        stored =>
        {
            stored.Delete(Now);
            return null;
        },
        CancellationToken.None));

    public async Task<Message> ReloadAsync(Message message)
    {
        var stored = await Messages.FindAsync(message.RoomId, message.Id, CancellationToken.None);
        Assert.NotNull(stored);
        return stored;
    }

    public async Task<Room> ReloadAsync(Room room)
    {
        var stored = await Rooms.FindAsync(room.Id, CancellationToken.None);
        Assert.NotNull(stored);
        return stored;
    }

    /// <summary>The right to file a room's messages.</summary>
    public async Task<Lease> LeaseAsync(Room room, string holder = "server-1")
    {
        var lease = await Leases.AcquireAsync(RoomLease.TopicsOf(room.Id), holder, TimeSpan.FromMinutes(1), CancellationToken.None);
        Assert.NotNull(lease);
        return lease;
    }
}

internal static class Expect
{
    /// <summary>The value of what must have gone well.</summary>
    public static T Value<T>(Result<T> result)
    {
        Assert.True(result.Succeeded(out var value, out var error), error?.Code);
        return value;
    }
}

/// <summary>What every contract stands on.</summary>
public abstract class StoreContract(StoreFixture store) : IAsyncLifetime
{
    protected static CancellationToken Never => CancellationToken.None;

    protected StoreFixture Store { get; } = store;

    public Task InitializeAsync() => Store.InitializeAsync();

    public Task DisposeAsync() => Store.DisposeAsync();
}
