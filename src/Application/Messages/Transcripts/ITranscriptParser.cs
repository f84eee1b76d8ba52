namespace AIChat.Application.Messages.Transcripts;

/// <summary>Reads one transcript format. A new format is one implementation and its registration in <see cref="TranscriptFormats"/>.</summary>
public interface ITranscriptParser
{
    /// <summary>The name that clients use: <c>format=jsonl</c>.</summary>
    string Name { get; }

    /// <summary>
    /// Reads a file's lines. The parser decides how clocks without a date become times and which lines continue a message: a message of several lines has the number
    /// of the first. It never throws on a line that it cannot read, but rejects it with a stable code.
    /// </summary>
    /// <param name="lines">All lines of the file, to be read once; cancelling ends them.</param>
    /// <param name="firstDay">The day of the first line, for formats whose lines have only a clock.</param>
    /// <returns>By ascending number.</returns>
    IAsyncEnumerable<ReadLine> ParseAsync(IAsyncEnumerable<SourceLine> lines, DateOnly firstDay);
}

/// <summary>A line of the file, numbered from 1; <paramref name="Text"/> is null if the line is longer than <see cref="TranscriptReader.MaxLineLength"/>.</summary>
public readonly record struct SourceLine(long Number, string? Text)
{
    /// <summary>Reads a line that is a message of its own: an oversized line is rejected, a blank one skipped, any other parsed.</summary>
    public ReadLine Read(Func<long, string, ReadLine> parse)
    {
        if (Text is null)
            return ReadLine.Rejected(Number, LineErrors.TooLong);
        return string.IsNullOrWhiteSpace(Text) ? ReadLine.Skipped(Number) : parse(Number, Text);
    }
}
