namespace AIChat.Domain.Summaries;

public static class SummaryErrors
{
    public static readonly Error HowMany = Error.Invalid("howmany_out_of_range", "howmany is a whole number from 1 to 1000.");
    public static readonly Error Since = Error.Invalid("since_bad", "since is \"unread\" or a time in ISO-8601, such as 2026-01-31T09:00:00Z.");
    public static readonly Error Language = Error.Invalid("language_bad", "language is ko or en.");
    public static readonly Error Level = Error.Invalid("level_bad", "level is low, mid or high.");
    public static readonly Error None = Error.NotFound("summary_not_found", "No summary of this room is stored; request one.");

    public static readonly Error NotFound = Error.NotFound("summary_not_found", "There is no such summary; it may have been removed because one of its messages changed.");
    public static readonly Error Vote = Error.Invalid("vote_bad", "vote is up or down.");
    public static readonly Error Reason = Error.Invalid("reason_too_long", "A reason has at most 500 characters.");
    public static readonly Error Point = Error.Invalid("point_not_found", "point is not one of the summary's points; give level, topic number and index of the point, such as high/0/2, or outcome in place of the index.");

    public static readonly Error StillClassifying = new("still_classifying", "The room's newest messages are still being classified; try again shortly.", ErrorKind.Unavailable)
    {
        RetryAfter = TimeSpan.FromSeconds(5),
    };

    public static readonly Error Changed = new("messages_changed", "Messages were changed while the summary was being written; ask again.", ErrorKind.Unavailable)
    {
        RetryAfter = TimeSpan.FromSeconds(1),
    };

    public static readonly Error ModelUnusable = new("model_unusable", "The language model's answer could not be used.", ErrorKind.Unavailable);

    public static readonly Error ModelAway = new("model_unavailable", "The language model is unavailable now.", ErrorKind.Unavailable)
    {
        RetryAfter = TimeSpan.FromSeconds(30),
    };
}
