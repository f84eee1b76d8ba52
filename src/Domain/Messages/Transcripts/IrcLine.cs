using System.Globalization;
using System.Text.RegularExpressions;

namespace AIChat.Domain.Messages.Transcripts;

public enum IrcLineKind
{
    /// <summary><c>[hh:mm] &lt;nick&gt; text</c></summary>
    Message,

    /// <summary><c>* nick does something</c></summary>
    Action,

    /// <summary><c>=== nick has joined</c></summary>
    System,
}

/// <summary>One line as IRC clients log it.</summary>
/// <param name="Kind">What kind of line.</param>
/// <param name="Nickname">Who; empty for a system line.</param>
/// <param name="Content">The text; for an action what comes after the nickname.</param>
/// <param name="Clock">Time of day, where the line has one.</param>
public sealed partial record IrcLine(IrcLineKind Kind, string Nickname, string Content, TimeOnly? Clock)
{
    /// <summary>Reads a line; null when it is none of the three kinds.</summary>
    public static IrcLine? Parse(string line)
    {
        var match = Pattern().Match(line);
        if (!match.Success)
            return null;
        TimeOnly? clock = null;
        if (match.Groups["clock"] is { Success: true, Value: var written })
        {
            if (!TimeOnly.TryParseExact(written, ["HH:mm", "HH:mm:ss"], CultureInfo.InvariantCulture, DateTimeStyles.None, out var time))
                return null;
            clock = time;
        }

        var text = match.Groups["text"].Value;
        if (match.Groups["said"] is { Success: true, Value: var speaker })
            return new IrcLine(IrcLineKind.Message, speaker, text, clock);
        return match.Groups["did"] is { Success: true, Value: var actor }
            ? new IrcLine(IrcLineKind.Action, actor, text, clock)
            : new IrcLine(IrcLineKind.System, string.Empty, text, clock);
    }

    [GeneratedRegex(@"^(?:\[(?<clock>\d\d:\d\d(?::\d\d)?)\] ?)?(?:<[ @+%&~]?(?<said>[^\s>]+)> ?|\* (?<did>\S+) ?|===(?: |$))(?<text>.*)$", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex Pattern();
}
