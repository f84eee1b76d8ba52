namespace AIChat.Domain.Topics;

public static class TopicErrors
{
    public static readonly Error NotFound = Error.NotFound("topic_not_found", "There is no such topic in this room.");
    public static readonly Error Level = Error.Invalid("level_bad", "level is low, mid or high.");
    public static readonly Error NameEmpty = Error.Invalid("topic_name_empty", "Give the topic a name of 1 to 80 characters.");
    public static readonly Error NameTooLong = Error.Invalid("topic_name_too_long", "A topic's name has at most 80 characters.");
    public static readonly Error NameBad = Error.Invalid("topic_name_bad", "A topic's name is one line without control characters.");
    public static readonly Error NotConversation = Error.Invalid("topic_not_high", "Only conversations (level high) can be merged, split or moved to.");
    public static readonly Error MergeTooFew = Error.Invalid("merge_too_few", "Give 2 to 100 different topicIds.");
    public static readonly Error SplitBad = Error.Invalid("split_bad", "Give messageIds of this conversation: at least one, and not all of them.");
    public static readonly Error CorrectionNotFound = Error.NotFound("correction_not_found", "There is no such correction in this room.");
    public static readonly Error CorrectionUndone = Error.Conflict("correction_undone", "This correction was undone already.");
    public static readonly Error CorrectionBuiltUpon = Error.Conflict("correction_built_upon", "A later correction builds on this one; undo that one first.");
    public static readonly Error CorrectionTooLarge = Error.Conflict("correction_too_large", "These conversations have more than 20,000 messages together; split messages off in smaller parts.");

    public static readonly Error Busy = new("room_busy", "Another server is classifying this room; try again in a moment.", ErrorKind.Unavailable) { RetryAfter = TimeSpan.FromSeconds(1) };

    public static readonly Error NoEmbedder = Error.Conflict("semantic_unavailable", "No sentence encoder is loaded; search by words.");
    public static readonly Error QueryKept = Error.Conflict("semantic_kept", "You exclude your messages from remote models, and this search would send your query to one; search by words.");

    public static readonly Error EmbedderAway = new("semantic_away", "The sentence encoder is unavailable now; try again shortly, or search by words.", ErrorKind.Unavailable)
    {
        RetryAfter = TimeSpan.FromSeconds(10),
    };
}
