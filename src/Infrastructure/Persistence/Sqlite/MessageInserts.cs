using System.Text.Json;
using AIChat.Domain.Messages;
using AIChat.Domain.Rooms;

namespace AIChat.Infrastructure.Persistence.Sqlite;

/// <summary>Stores new messages of one room: the path that every message takes, so it is written out (see <see cref="AIChatDbContext.Prepared"/>).</summary>
internal static class MessageInserts
{
    public enum Outcome
    {
        Inserted,
        NoRoom,
        Repeated,
    }

    private const string FindRoom = """SELECT "Row", "LastSeq" FROM rooms WHERE "Id" = @id""";

    private const string InsertMessage = """
        INSERT INTO messages ("Id", "RoomId", "Seq", "UserId", "Nickname", "Content", "CreatedAt", "ReplyTo", "ClientMessageId", "Mentions", "ImportedBy", "ImportLine", "Classified")
        VALUES (@id, @room, @seq, @user, @nickname, @content, @at, @reply, @client, @mentions, @import, @line, 0)
        ON CONFLICT ("RoomId", "UserId", "ClientMessageId") WHERE "ClientMessageId" IS NOT NULL DO NOTHING
        RETURNING "Row"
        """;

    private const string MoveRoom = """UPDATE rooms SET "LastSeq" = @seq, "MessageCount" = "MessageCount" + @count, "LastActiveAt" = @now WHERE "Row" = @row""";

    /// <summary>Numbers and stores them, or says why it did not.</summary>
    /// <param name="context">The writer's.</param>
    /// <param name="room">Where to.</param>
    /// <param name="messages">New ones.</param>
    /// <param name="documents">What to index of each (<see cref="SearchIndex.DocumentOf"/>).</param>
    /// <param name="now">When.</param>
    public static Outcome Insert(AIChatDbContext context, RoomId room, IReadOnlyList<Message> messages, IReadOnlyList<string> documents, DateTimeOffset now)
    {
        long row, seq;
        using (var found = context.Prepared(FindRoom, ("@id", room.Value)).ExecuteReader())
        {
            if (!found.Read())
                return Outcome.NoRoom;
            (row, seq) = (found.GetInt64(0), found.GetInt64(1));
        }

        foreach (var (message, document) in messages.Zip(documents))
        {
            message.Number(++seq);
            if (Insert(context, message) is not { } inserted)
                return Outcome.Repeated;
            SearchIndex.Add(context, inserted, document);
        }

        context.Prepared(MoveRoom, ("@seq", seq), ("@count", messages.Count), ("@now", now.UtcTicks), ("@row", row)).ExecuteNonQuery();
        return Outcome.Inserted;
    }

    // Null: its author used its client id before.
    private static long? Insert(AIChatDbContext context, Message message) => (long?)context.Prepared(
        InsertMessage,
        ("@id", message.Id.Value),
        ("@room", message.RoomId.Value),
        ("@seq", message.Seq),
        ("@user", message.UserId?.Value),
        ("@nickname", message.Nickname),
        ("@content", message.Content),
        ("@at", message.CreatedAt.UtcTicks),
        ("@reply", message.ReplyTo?.Value),
        ("@client", message.ClientMessageId),
        ("@mentions", JsonSerializer.Serialize(message.Mentions, JsonSerializerOptions.Default)),
        ("@import", message.ImportedBy?.Value),
        ("@line", message.ImportLine)).ExecuteScalar();
}
