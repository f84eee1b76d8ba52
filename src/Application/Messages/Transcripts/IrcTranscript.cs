using AIChat.Domain.Messages.Transcripts;

namespace AIChat.Application.Messages.Transcripts;

/// <summary>Lines as IRC clients log them: <c>[hh:mm] &lt;nick&gt; text</c>, <c>* nick does</c>, <c>=== nick has joined</c>.</summary>
internal sealed class IrcTranscript(DateOnly firstDay)
{
    private readonly IrcClock clock = new(firstDay);

    public ReadLine Parse(long number, string line)
    {
        if (IrcLine.Parse(line) is not { } parsed)
            return new ReadLine(number, null, "line_malformed");
        return new ReadLine(number, new TranscriptLine(number, null, parsed.Nickname, parsed.Content, clock.At(parsed.Clock), null, parsed.Kind == IrcLineKind.System), null);
    }
}
