using AIChat.Domain.Messages;

namespace AIChat.Infrastructure.Persistence.Sqlite;

/// <summary>Files messages and moves the counters of their topics: the other path that every message takes (see <see cref="AIChatDbContext.Prepared"/>).</summary>
internal static class TopicAssignmentWrites
{
    private const string FindMessage = """SELECT "Classified", "DeletedAt" IS NOT NULL, "Seq", "CreatedAt" FROM messages WHERE "Id" = @id""";

    private const string FileMessage = """
        UPDATE messages SET "Classified" = 1, "TopicId" = @topic, "LinkTo" = @link, "LinkMargin" = @margin, "Embedding" = CASE WHEN "DeletedAt" IS NULL THEN coalesce(@vector, "Embedding") END
        WHERE "Id" = @id
        """;

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

    /// <summary>Messages that were filed before are not counted: what moves from one topic to another is counted by the recount that follows.</summary>
    public static void File(AIChatDbContext context, IReadOnlyList<TopicAssignment> verdicts)
    {
        var counts = new Dictionary<string, Count>(StringComparer.Ordinal);
        foreach (var verdict in verdicts)
        {
            if (Filed(context, verdict.Message) is { } message && message.IsNew && verdict.Topic is { } topic)
                counts[topic.Value] = counts.TryGetValue(topic.Value, out var count) ? count.With(message.Count) : message.Count;
            context.Prepared(
                FileMessage, ("@topic", verdict.Topic?.Value), ("@link", verdict.LinkTo?.Value), ("@margin", verdict.Margin), ("@vector", verdict.NgramProfile), ("@id", verdict.Message.Value)).ExecuteNonQuery();
        }

        // Conversations, then the themes above them, then those above these.
        while (counts.Count > 0)
        {
            var above = new Dictionary<string, Count>(StringComparer.Ordinal);
            foreach (var (topic, count) in counts)
            {
                var parent = context.Prepared(
                    CountIn,
                    ("@count", count.Messages),
                    ("@firstSeq", count.FirstSeq),
                    ("@lastSeq", count.LastSeq),
                    ("@firstAt", count.FirstAt),
                    ("@lastAt", count.LastAt),
                    ("@id", topic)).ExecuteScalar() as string;
                if (parent is not null)
                    above[parent] = above.TryGetValue(parent, out var sum) ? sum.With(count) : count;
            }

            counts = above;
        }
    }

    /// <summary>Counts one message out of a conversation and of the themes above it.</summary>
    public static void Forget(AIChatDbContext context, TopicId conversation)
    {
        for (var topic = conversation.Value; topic is not null;)
            topic = context.Prepared(CountOut, ("@id", topic)).ExecuteScalar() as string;
    }

    private static (bool IsNew, Count Count)? Filed(AIChatDbContext context, MessageId id)
    {
        using var found = context.Prepared(FindMessage, ("@id", id.Value)).ExecuteReader();
        if (!found.Read())
            return null;
        var (seq, at) = (found.GetInt64(2), found.GetInt64(3));
        return (!found.GetBoolean(0), new Count(found.GetBoolean(1) ? 0 : 1, seq, seq, at, at));
    }

    private readonly record struct Count(long Messages, long FirstSeq, long LastSeq, long FirstAt, long LastAt)
    {
        public Count With(Count other) => new(
            Messages + other.Messages,
            Math.Min(FirstSeq, other.FirstSeq),
            Math.Max(LastSeq, other.LastSeq),
            Math.Min(FirstAt, other.FirstAt),
            Math.Max(LastAt, other.LastAt));
    }
}
