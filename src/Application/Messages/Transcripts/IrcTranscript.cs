namespace AIChat.Application.Messages.Transcripts;

/// <summary>Lines as IRC clients log them: <c>[hh:mm] &lt;nick&gt; text</c>, <c>* nick does</c>, <c>=== nick has joined</c>; clocks are taken for UTC.</summary>
internal sealed class IrcTranscript(DateOnly firstDay)
{
    private readonly IrcClock clock = new(firstDay, TimeSpan.Zero);

    public ReadLine Parse(long number, string line)
    {
        if (IrcLine.Read(line) is not { } read)
            return new ReadLine(number, null, "line_malformed");
        var isSystem = read.Kind == IrcLineKind.System;
        return new ReadLine(number, new TranscriptLine(number, null, read.Nickname ?? string.Empty, read.Content, clock.Next(read.Clock), null, isSystem), null);
    }
}
