namespace AIChat.Application.Messages.Transcripts;

public enum IrcLineKind
{
    Message,

    /// <summary><c>/me</c>: the speaker describes an action.</summary>
    Action,

    /// <summary>Written by the server or the client: joins, parts, topics.</summary>
    System,
}

/// <summary>One line of an IRC log.</summary>
/// <param name="Kind">Message, action or system line.</param>
/// <param name="Nickname">The speaker; null on a system line.</param>
/// <param name="Content">The text without the format's marks; may be empty.</param>
/// <param name="Clock">The log's wall clock, to the minute or the second; null: the line has none.</param>
public sealed record IrcLine(IrcLineKind Kind, string? Nickname, string Content, TimeOnly? Clock)
{
    private static readonly string[] Clocks = ["HH:mm", "HH:mm:ss"];

    /// <summary>
    /// Reads <c>[hh:mm] &lt;nick&gt; text</c> (the clock may have seconds), <c>* nick text</c> and <c>=== text</c> (both with or without a clock).
    /// </summary>
    /// <returns>Null for any other line.</returns>
    public static IrcLine? Read(string line)
    {
        var rest = line.AsSpan().TrimEnd("\r\n");
        TimeOnly? clock = null;
        if (rest.StartsWith("["))
        {
            var end = rest.IndexOf(']');
            if (end < 0 || !TimeOnly.TryParseExact(rest[1..end], Clocks, null, System.Globalization.DateTimeStyles.None, out var read))
                return null;
            clock = read;
            rest = rest[(end + 1)..].TrimStart(' ');
        }

        if (rest.StartsWith("==="))
            return new IrcLine(IrcLineKind.System, null, rest[3..].TrimStart(' ').ToString(), clock);
        if (rest.StartsWith("* "))
            return OfSpeaker(IrcLineKind.Action, rest[2..].TrimStart(' '), rest[2..].TrimStart(' ').IndexOf(' '), clock);
        if (clock is not null && rest.StartsWith("<") && rest.IndexOf('>') is > 1 and var close)
            return OfSpeaker(IrcLineKind.Message, rest[1..], close - 1, clock);
        return null;
    }

    private static IrcLine? OfSpeaker(IrcLineKind kind, ReadOnlySpan<char> rest, int nicknameEnd, TimeOnly? clock)
    {
        var nickname = nicknameEnd < 0 ? rest : rest[..nicknameEnd];
        if (nickname.IsEmpty || nickname.ContainsAny(' ', '\t'))
            return null;
        var content = nicknameEnd < 0 ? [] : rest[(nicknameEnd + 1)..];
        if (content.StartsWith(" "))
            content = content[1..];
        return new IrcLine(kind, nickname.ToString(), content.ToString(), clock);
    }
}
