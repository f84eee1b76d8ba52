using AIChat.Domain.Messages;
using AIChat.Domain.Topics;

namespace AIChat.Infrastructure.Persistence.Sqlite;

/// <summary>Assigns messages to topics and moves the topics' counters. Every message takes this path, so its statements are prepared (see <see cref="AIChatDbContext.Prepared"/>).</summary>
internal static class TopicAssignmentWrites
{
    private const string FindMessage = """SELECT "Classified", "DeletedAt" IS NOT NULL, "Seq", "CreatedAt" FROM messages WHERE "Id" = @id""";

    private const string CountIn = """
        UPDATE topics SET
            "MessageCount" = "MessageCount" + @count,
            "FirstSeq" = CASE WHEN "LastSeq" = 0 THEN @firstSeq ELSE min("FirstSeq", @firstSeq) END,
            "FirstAt" = CASE WHEN "LastSeq" = 0 THEN @firstAt ELSE min("FirstAt", @firstAt) END,
            "LastAt" = CASE WHEN "LastSeq" = 0 THEN @lastAt ELSE max("LastAt", @lastAt) END,
            "LastSeq" = max("LastSeq", @lastSeq)
        WHERE "Id" = @id
        RETURNING "ParentId"
        """;

    private const string CountOut = """UPDATE topics SET "MessageCount" = max(0, "MessageCount" - 1) WHERE "Id" = @id RETURNING "ParentId" """;

    private static readonly TableColumns<Message> Columns = TableColumns<Message>.Instance;

    private static readonly string AssignMessage = $"""
        UPDATE messages SET
            {string.Join(", ", TopicAssignment.Replaced.Select(each => $"{Columns.NameOf(each.Property)} = {Columns.ParameterOf(each.Property)}"))},
            "Embedding" = CASE WHEN "DeletedAt" IS NULL THEN coalesce(@profile, "Embedding") END
        WHERE "Id" = @id
        """;

    /// <summary>Messages that were assigned before are not counted: the recount that follows counts what moves from one topic to another.</summary>
    public static void Assign(AIChatDbContext context, IReadOnlyList<TopicAssignment> assignments)
    {
        var counts = new Dictionary<string, TopicCount>(StringComparer.Ordinal);
        foreach (var assignment in assignments)
        {
            if (assignment.Topic is { } topic && CountOf(context, assignment.Message) is { } count)
                TopicCount.Add(counts, topic.Value, count);
            context.Prepared(
                AssignMessage,
                [
                    .. TopicAssignment.Replaced.Select(each => (Columns.ParameterOf(each.Property), Columns.Stored(each.Property, each.Value(assignment)))),
                    ("@profile", assignment.NgramProfile),
                    ("@id", assignment.Message.Value),
                ]).ExecuteNonQuery();
        }

        // Conversations, then the themes above them, then those above these.
        while (counts.Count > 0)
        {
            var above = new Dictionary<string, TopicCount>(StringComparer.Ordinal);
            foreach (var (topic, count) in counts)
            {
                var parent = context.Prepared(
                    CountIn,
                    ("@count", count.MessageCount),
                    ("@firstSeq", count.FirstSeq),
                    ("@lastSeq", count.LastSeq),
                    ("@firstAt", count.FirstAt.UtcTicks),
                    ("@lastAt", count.LastAt.UtcTicks),
                    ("@id", topic)).ExecuteScalar() as string;
                if (parent is not null)
                    TopicCount.Add(above, parent, count);
            }

            counts = above;
        }
    }

    /// <summary>Takes one message out of the counts of a conversation and of the themes above it.</summary>
    public static void Forget(AIChatDbContext context, TopicId conversation)
    {
        for (var topic = conversation.Value; topic is not null;)
            topic = context.Prepared(CountOut, ("@id", topic)).ExecuteScalar() as string;
    }

    /// <summary>Null: there is no such message, or it was assigned before.</summary>
    private static TopicCount? CountOf(AIChatDbContext context, MessageId id)
    {
        using var found = context.Prepared(FindMessage, ("@id", id.Value)).ExecuteReader();
        if (!found.Read() || found.GetBoolean(0))
            return null;
        return TopicCount.Of(found.GetInt64(2), new DateTimeOffset(found.GetInt64(3), TimeSpan.Zero), isDeleted: found.GetBoolean(1));
    }
}
