using AIChat.Application.Messages.Transcripts;
using AIChat.Domain.Topics;

namespace AIChat.Evaluation.Irc;

/// <summary>A log file as a room. Each line of the file is a line of the room, so that line numbers are indices.</summary>
internal sealed record IrcRoom(string Name, IReadOnlyList<ChatLine> Lines)
{
    private const string Ending = ".ascii.txt";

    public static List<IrcRoom> ReadAll(string folder, string prefix = "") =>
        [.. Directory.EnumerateFiles(folder, prefix + "*" + Ending).Order(StringComparer.Ordinal).Select(Read)];

    public static IrcRoom Read(string path)
    {
        var clock = new IrcClock(new DateOnly(2020, 1, 1), TimeSpan.Zero);
        var lines = new List<ChatLine>();
        foreach (var text in File.ReadLines(path))
        {
            // What is no line of the format (a notice, say) stays as a line of the system: the annotation counts it.
            var line = IrcLine.Read(text) ?? new IrcLine(IrcLineKind.System, null, text, null);
            var nickname = line.Nickname ?? "";
            lines.Add(new ChatLine(nickname, nickname, line.Content, clock.Next(line.Clock), IsSystem: line.Kind == IrcLineKind.System));
        }

        return new IrcRoom(Path.GetFileName(path)[..^Ending.Length], lines);
    }

    /// <summary>The room with every nickname removed from the texts.</summary>
    public IrcRoom WithoutNames() => this with { Lines = [.. Names.Strip(Lines)] };
}
