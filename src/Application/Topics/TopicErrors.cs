using AIChat.Domain.Common;

namespace AIChat.Application.Topics;

public static class TopicErrors
{
    public static readonly Error NotFound = Error.NotFound("topic_not_found", "There is no such topic in this room.");
    public static readonly Error Level = Error.Invalid("level_bad", "level is low, mid or high.");
}
