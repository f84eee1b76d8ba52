using System.Runtime.CompilerServices;
using System.Text;

namespace AIChat.Application.Messages.Transcripts;

/// <summary>Reads transcripts line by line, in bounded memory however long a line or the file is. A line that cannot be read is named; the rest goes on.</summary>
public static class TranscriptReader
{
    /// <summary>Longer lines are rejected: a message of 4,000 characters, escaped and with every field, is well below.</summary>
    public const int MaxLineLength = 256 * 1024;

    /// <param name="content">UTF-8, with or without a byte order mark.</param>
    /// <param name="format">How lines are written.</param>
    /// <param name="firstDay">The day of the first line, where lines have only a clock.</param>
    /// <param name="cancellation">Stops reading.</param>
    public static async IAsyncEnumerable<ReadLine> ReadAsync(
        Stream content, TranscriptFormat format, DateOnly firstDay, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var irc = new IrcTranscript(firstDay);
        var number = 0L;
        await foreach (var line in LinesAsync(content, cancellation))
        {
            number++;
            if (line is null)
                yield return new ReadLine(number, null, "line_too_long");
            else if (string.IsNullOrWhiteSpace(line))
                yield return new ReadLine(number, null, null);
            else
                yield return format == TranscriptFormat.Jsonl ? JsonlTranscript.Parse(number, line) : irc.Parse(number, line);
        }
    }

    // Null stands for a line over the limit.
    private static async IAsyncEnumerable<string?> LinesAsync(Stream content, [EnumeratorCancellation] CancellationToken cancellation)
    {
        using var reader = new StreamReader(content, Encoding.UTF8, detectEncodingFromByteOrderMarks: true, leaveOpen: true);
        var buffer = new char[16 * 1024];
        var line = new StringBuilder();
        var tooLong = false;
        int read;
        while ((read = await reader.ReadAsync(buffer, cancellation)) > 0)
        {
            var start = 0;
            for (var end = Array.IndexOf(buffer, '\n', 0, read); end >= 0; end = Array.IndexOf(buffer, '\n', start, read - start))
            {
                Add(buffer.AsSpan(start, end - start));
                yield return Take();
                start = end + 1;
            }

            Add(buffer.AsSpan(start, read - start));
        }

        if (line.Length > 0 || tooLong)
            yield return Take();

        void Add(ReadOnlySpan<char> part)
        {
            tooLong |= line.Length + part.Length > MaxLineLength;
            if (!tooLong)
                line.Append(part);
        }

        string? Take()
        {
            var taken = tooLong ? null : line.ToString().TrimEnd('\r');
            line.Clear();
            tooLong = false;
            return taken;
        }
    }
}
