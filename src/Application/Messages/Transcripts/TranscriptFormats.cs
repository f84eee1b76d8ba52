namespace AIChat.Application.Messages.Transcripts;

/// <summary>The transcript formats of this server. Import, <c>classify --format</c> and their messages take the names from here.</summary>
public static class TranscriptFormats
{
    private static readonly ITranscriptParser[] All = [new JsonlTranscript(), new IrcTranscript()];

    public static IReadOnlyList<string> Names { get; } = [.. All.Select(format => format.Name)];

    /// <summary>The format of this name; null: there is none.</summary>
    public static ITranscriptParser? Find(string? name) => Array.Find(All, format => format.Name == name);
}
