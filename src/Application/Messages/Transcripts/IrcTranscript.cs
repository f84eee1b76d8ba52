namespace AIChat.Application.Messages.Transcripts;

/// <summary>
/// Logs of IRC clients: <c>[hh:mm] &lt;nick&gt; text</c>, <c>* nick does</c>, <c>=== nick has joined</c>. Clocks are UTC; <see cref="IrcClock"/> finds their days.
/// Each line is a message of its own.
/// </summary>
internal sealed class IrcTranscript : ITranscriptParser
{
    public string Name => "irc";

    public async IAsyncEnumerable<ReadLine> ParseAsync(IAsyncEnumerable<SourceLine> lines, DateOnly firstDay)
    {
        var clock = new IrcClock(firstDay, TimeSpan.Zero);
        await foreach (var line in lines)
            yield return line.Read((number, text) => Parse(number, text, clock));
    }

    private static ReadLine Parse(long number, string text, IrcClock clock)
        => IrcLine.Read(text) is { } read
            ? ReadLine.Of(new TranscriptLine(number, null, read.Nickname ?? string.Empty, read.Content, clock.Next(read.Clock), null, read.Kind == IrcLineKind.System))
            : ReadLine.Rejected(number, LineErrors.Malformed);
}
