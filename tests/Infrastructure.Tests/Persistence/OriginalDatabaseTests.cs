using AIChat.Domain.Messages;
using AIChat.Domain.Rooms;
using AIChat.Domain.Users;
using MongoDB.Bson;
using MongoDB.Driver;

namespace AIChat.Infrastructure.Tests.Persistence;

/// <summary>A database of the original system is migrated.</summary>
public sealed class OriginalDatabaseTests : MigrationTestBase
{
    [Theory]
    [InlineData("rooms", "messages")]
    [InlineData("channels", "chats")]
    public async Task A_database_of_the_original_is_brought_over(string rooms, string messages)
    {
        var created = new DateTime(2021, 5, 1, 12, 0, 0, DateTimeKind.Utc);
        await Original("users").InsertManyAsync([new() { { "nickname", "앤🦊" }, { "userId", "ann" } }, new() { { "nickname", "twin" }, { "userId", "t1" } }, new() { { "nickname", "twin" }, { "userId", "t2" } }]);
        await Original(rooms).InsertManyAsync([new() { { "channelName", "점심" }, { "channelId", "lunch" } }, new() { { "channelName", "empty" }, { "channelId", "empty" } }]);
        await Original(messages).InsertManyAsync(
        [
            Chat("lunch", "twin", "third", created.AddMinutes(3)),
            Chat("lunch", "앤🦊", "김치찌개 first 🍲", created.AddMinutes(1)).Add("topic", 4).Add("embedding", new BsonArray { 0.25, -1.5 }),
            Chat("lunch", "stranger", "second", "2021-05-01T12:02:00.000Z"),
            Chat("lunch", "앤🦊", "  ", created),
            Chat("gone", "앤🦊", "elsewhere", created),
            Chat(BsonNull.Value, "앤🦊", "nowhere", created),
        ]);
        using var folder = new TemporaryFolder();

        var report = await MigrateAsync(Another, "sqlite:" + folder.Path);

        Assert.True(report.IsEqual, Differences(report));
        Assert.Equal(
            [
                "A database of the original's shape. Users: 3; nobody was signed in there, so people join anew, under other ids.",
                "Rooms: 3, of these known from their messages alone: 1; they have no owner.",
                "Messages: 4, of these by nicknames that no user has or several have: 2, with the name alone. Left out, without words or a room: 2.",
                "With a vector or a topic of another model: 1; both stay behind, and the server finds topics anew.",
            ],
            report.Notes);
        await using var arrived = new Closing(new SqliteStoreFixture(folder.Path));
        await arrived.Store.InitializeAsync();
        var lunch = new RoomId("lunch");
        var said = await arrived.Store.Messages.ListAsync(MessagesOfRoom.After(lunch, 0, 9), Never);
        Assert.Equal([(1L, "김치찌개 first 🍲", "ann"), (2L, "second", null), (3L, "third", null)], said.Select(message => (message.Seq, message.Content!, message.UserId?.Value)));
        Assert.Equal(["앤🦊", "stranger", "twin"], said.Select(message => message.Nickname));
        Assert.All(said, message => Assert.True(message is { Classified: false, TopicId: null, NgramProfile: null }));
        var home = (await arrived.Store.Rooms.FindAsync(lunch, Never))!;
        Assert.Equal(("점심", 3L, 3L, 0L), (home.Name, home.LastSeq, home.MessageCount, home.Rev));
        Assert.Equal(created.AddMinutes(3), said[2].CreatedAt.UtcDateTime);
        Assert.Single(await arrived.Store.Messages.SearchAsync(lunch, ["찌개"], null, null, 9, Never));
        Assert.Equal("elsewhere", Assert.Single(await arrived.Store.Messages.ListAsync(MessagesOfRoom.After(new RoomId("gone"), 0, 9), Never)).Content);
        Assert.Equal("앤🦊", (await arrived.Store.Users.FindAsync(new UserId("ann"), Never))!.Nickname);
        Assert.False(UserId.IsWellFormed(home.CreatedBy.Value));

        IMongoCollection<BsonDocument> Original(string collection) => AnotherDatabase.GetCollection<BsonDocument>(collection);

        static BsonDocument Chat(BsonValue room, string nickname, string content, BsonValue createdAt)
            => new() { { "room", room }, { "nickname", nickname }, { "content", content }, { "createdAt", createdAt } };
    }
}
