namespace AIChat.Application.Messages.Transcripts;

/// <summary>One line of a transcript that says something, as the file has it.</summary>
/// <param name="Number">From 1.</param>
/// <param name="Id">The file's own id for it, if it has one.</param>
/// <param name="Nickname">Who speaks.</param>
/// <param name="Content">What is said.</param>
/// <param name="CreatedAt">When.</param>
/// <param name="ReplyTo">The <paramref name="Id"/> of the line that it answers.</param>
/// <param name="IsSystem">"… has joined" and the like.</param>
public sealed record TranscriptLine(long Number, string? Id, string Nickname, string Content, DateTimeOffset CreatedAt, string? ReplyTo, bool IsSystem);

/// <summary>What became of one line of the file: something that was said, a refusal with its code, or neither (a blank line).</summary>
public readonly record struct ReadLine(long Number, TranscriptLine? Line, string? RejectedFor);

public enum TranscriptFormat
{
    Jsonl,
    Irc,
}
