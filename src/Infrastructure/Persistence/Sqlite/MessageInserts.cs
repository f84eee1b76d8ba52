using System.Collections.Concurrent;
using AIChat.Domain.Messages;
using AIChat.Domain.Rooms;

namespace AIChat.Infrastructure.Persistence.Sqlite;

/// <summary>Stores new messages of one room. Every message takes this path, so its statements are prepared (see <see cref="AIChatDbContext.Prepared"/>).</summary>
internal static class MessageInserts
{
    public enum Outcome
    {
        Inserted,
        NoRoom,
        Repeated,
    }

    private const string FindRoom = """SELECT "Row", "LastSeq" FROM rooms WHERE "Id" = @id""";

    private const string MoveRoom = """UPDATE rooms SET "LastSeq" = @seq, "MessageCount" = "MessageCount" + @count, "LastActiveAt" = @now WHERE "Row" = @row""";

    private static readonly TableColumns<Message> Columns = TableColumns<Message>.Instance;

    // A statement for each set of columns that messages have values for (sent, with a reply, imported…); the other columns are null by default.
    private static readonly ConcurrentDictionary<ulong, string> Statements = new();

    /// <summary>Gives the messages the room's next numbers and stores them.</summary>
    /// <param name="context">The writer's context.</param>
    /// <param name="room">The room of all messages.</param>
    /// <param name="messages">Messages without a number.</param>
    /// <param name="documents">The entry of each message in the search index (<see cref="SearchIndex.DocumentOf"/>).</param>
    /// <param name="now">The room's new time of activity.</param>
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

    /// <summary>The row of the stored message; null: its author used its client id before.</summary>
    private static long? Insert(AIChatDbContext context, Message message)
    {
        var values = Columns.PresentValuesOf(message, out var columns);
        if (!Statements.TryGetValue(columns, out var sql))
            Statements[columns] = sql = StatementOf(values);
        return (long?)context.Prepared(sql, values).ExecuteScalar();
    }

    private static string StatementOf(ReadOnlySpan<(string Name, object? Value)> values)
    {
        var parameters = new List<string>();
        foreach (var (name, _) in values)
            parameters.Add(name);
        return $"""
            INSERT INTO messages ({string.Join(", ", parameters.Select(name => $"\"{name[1..]}\""))}) VALUES ({string.Join(", ", parameters)})
            ON CONFLICT ("RoomId", "UserId", "ClientMessageId") WHERE "ClientMessageId" IS NOT NULL DO NOTHING
            RETURNING "Row"
            """;
    }
}
