using System.Text.Json;
using AIChat.Domain.Messages;
using AIChat.Domain.Rooms;

namespace AIChat.Infrastructure.Persistence.Sqlite;

/// <summary>Stores new messages of one room: the path that every message takes, so it is written out (see <see cref="AIChatDbContext.Prepared"/>).</summary>
internal static class MessageInserts
{
    private const string FindRoom = """SELECT "Row", "LastSeq" FROM rooms WHERE "Id" = @id""";

    private const string InsertMessage = """
        INSERT INTO messages ("Id", "RoomId", "Seq", "UserId", "Nickname", "Content", "CreatedAt", "ReplyTo", "ClientMessageId", "Mentions", "ImportedBy", "ImportLine", "Classified")
        VALUES (@id, @room, @seq, @user, @nickname, @content, @at, @reply, @client, @mentions, @import, @line, 0)
        RETURNING "Row"
        """;

    private const string MoveRoom = """UPDATE rooms SET "LastSeq" = @seq, "MessageCount" = "MessageCount" + @count, "LastActiveAt" = @now WHERE "Row" = @row""";

    /// <summary>Numbers and stores them; false when there is no such room.</summary>
    public static bool Insert(AIChatDbContext context, RoomId room, IReadOnlyList<Message> messages, DateTimeOffset now)
    {
        long row, seq;
        using (var found = context.Prepared(FindRoom, ("@id", room.Value)).ExecuteReader())
        {
            if (!found.Read())
                return false;
            (row, seq) = (found.GetInt64(0), found.GetInt64(1));
        }

        foreach (var message in messages)
        {
            message.Number(++seq);
            SearchIndex.Add(context, row, Insert(context, message), message.Content!);
        }

        context.Prepared(MoveRoom, ("@seq", seq), ("@count", messages.Count), ("@now", now.UtcTicks), ("@row", row)).ExecuteNonQuery();
        return true;
    }

    private static long Insert(AIChatDbContext context, Message message) => (long)context.Prepared(
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
        ("@line", message.ImportLine)).ExecuteScalar()!;
}
