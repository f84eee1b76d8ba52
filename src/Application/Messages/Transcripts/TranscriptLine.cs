namespace AIChat.Application.Messages.Transcripts;

/// <summary>One message of a transcript, as the file has it.</summary>
/// <param name="Number">Its line in the file, from 1.</param>
/// <param name="Id">The file's own id for it; null: none.</param>
/// <param name="Nickname">The author.</param>
/// <param name="Content">The text.</param>
/// <param name="CreatedAt">When it was sent.</param>
/// <param name="ReplyTo">The <paramref name="Id"/> of the message that it replies to.</param>
/// <param name="IsSystem">A system line, such as "… has joined".</param>
public sealed record TranscriptLine(long Number, string? Id, string Nickname, string Content, DateTimeOffset CreatedAt, string? ReplyTo, bool IsSystem);

/// <summary>The outcome of reading one line: a message, a rejection with its code, or neither for a blank line.</summary>
public readonly record struct ReadLine(long Number, TranscriptLine? Line, string? RejectedFor)
{
    public static ReadLine Of(TranscriptLine line) => new(line.Number, line, null);

    /// <param name="number">The line, from 1.</param>
    /// <param name="code">One of <see cref="LineErrors"/>, or a code of the format's own.</param>
    public static ReadLine Rejected(long number, string code) => new(number, null, code);

    public static ReadLine Skipped(long number) => new(number, null, null);
}

/// <summary>Codes of rejected lines that formats share. Clients see them; they never change.</summary>
public static class LineErrors
{
    public const string TooLong = "line_too_long";
    public const string Malformed = "line_malformed";
}
