using System.Runtime.CompilerServices;
using System.Text;

namespace AIChat.Application.Messages.Transcripts;

/// <summary>Reads transcripts in bounded memory, however long a line or the file is. A line that cannot be read is rejected; reading continues after it.</summary>
public static class TranscriptReader
{
    /// <summary>In characters. A message of 4,000 characters, escaped and with every field, is far below.</summary>
    public const int MaxLineLength = 256 * 1024;

    /// <param name="content">UTF-8, with or without a byte order mark.</param>
    /// <param name="format">The file's format.</param>
    /// <param name="firstDay">The day of the first line, for formats whose lines have only a clock.</param>
    /// <param name="cancellation">Stops reading.</param>
    public static IAsyncEnumerable<ReadLine> ReadAsync(Stream content, ITranscriptParser format, DateOnly firstDay, CancellationToken cancellation)
        => format.ParseAsync(LinesAsync(content, cancellation), firstDay);

    private static async IAsyncEnumerable<SourceLine> LinesAsync(Stream content, [EnumeratorCancellation] CancellationToken cancellation)
    {
        using var reader = new StreamReader(content, Encoding.UTF8, detectEncodingFromByteOrderMarks: true, leaveOpen: true);
        var buffer = new char[16 * 1024];
        var line = new StringBuilder();
        var tooLong = false;
        var number = 0L;
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

        SourceLine Take()
        {
            var taken = new SourceLine(++number, tooLong ? null : line.ToString().TrimEnd('\r'));
            line.Clear();
            tooLong = false;
            return taken;
        }
    }
}
