namespace AIChat.Application.Messages.Transcripts;

/// <summary>The formats by the names that clients use.</summary>
public static class TranscriptFormats
{
    public const string Names = "jsonl, irc";

    public static TranscriptFormat? Find(string? name) => name switch
    {
        "jsonl" => TranscriptFormat.Jsonl,
        "irc" => TranscriptFormat.Irc,
        _ => null,
    };
}
