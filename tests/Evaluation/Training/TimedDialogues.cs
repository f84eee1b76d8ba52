using System.Globalization;
using System.Text.RegularExpressions;

namespace AIChat.Evaluation.Training;

internal sealed partial record Dialogue
{
    private static readonly TimeSpan LongPause = TimeSpan.FromMinutes(40);

    /// <summary>Whether each line but the first has a known waiting time.</summary>
    public bool HasTimes => Lines.Skip(1).All(line => line.Wait is not null);

    /// <summary>Whether it pauses for 40 minutes or more.</summary>
    public bool Pauses => Lines.Any(line => line.Wait >= LongPause);

    /// <summary>The conversations of a written room, with their times and placeholders for names.</summary>
    public static List<Dialogue> OfWritten(LabelledRoom room)
    {
        var names = new SpokenNames(room.Lines.Select(line => line.Nickname), shortened: true);
        return
        [
            .. Enumerable.Range(0, room.Lines.Count).GroupBy(i => room.Conversations[i])
                .Select(lines => OfLines([.. lines.Select(i => (room.Lines[i].Nickname, room.Lines[i].Content, room.Lines[i].CreatedAt))], names, $"written/{room.Name}"))
                .Where(dialogue => dialogue.Lines.Count > 1),
        ];
    }

    /// <summary>
    /// The conversations of developer rooms, of 2 lines to 60 and 2 to 8 people, with their times and placeholders for names. A file is a room; a row of dashes or a blank
    /// line ends a conversation. What is no line of a speaker (a comment, more lines of a quoted log) is passed over.
    /// </summary>
    public static List<Dialogue> OfLivechat(string folder)
    {
        var dialogues = new List<Dialogue>();
        foreach (var path in Directory.EnumerateFiles(folder, "*.txt").Order(StringComparer.Ordinal))
        {
            var blocks = BlockEnd().Split(File.ReadAllText(path).ReplaceLineEndings("\n")).Select(block => LivechatLine().Matches(block).Select(Line).ToList()).ToList();
            var names = new SpokenNames(blocks.SelectMany(block => block.Select(line => line.Nickname)), shortened: false);
            dialogues.AddRange(blocks.Where(block => block.Count is > 1 and <= 60)
                .Select(block => OfLines(block, names, $"livechat/{Path.GetFileNameWithoutExtension(path)}"))
                .Where(dialogue => dialogue.Speakers is > 1 and <= 8));
        }

        return dialogues;

        // "name: waves" is how an action of the speaker was stored.
        static (string Nickname, string Text, DateTimeOffset At) Line(Match match)
        {
            var (nickname, text) = (match.Groups["nick"].Value, match.Groups["text"].Value.Trim());
            if (text.StartsWith(nickname + ":", StringComparison.OrdinalIgnoreCase))
                text = text[(nickname.Length + 1)..].Trim();
            return (nickname, text, DateTimeOffset.Parse($"{match.Groups["day"]}T{match.Groups["time"]}Z", CultureInfo.InvariantCulture));
        }
    }

    private static Dialogue OfLines(List<(string Nickname, string Text, DateTimeOffset At)> lines, SpokenNames names, string source)
    {
        var people = lines.Select(line => line.Nickname).Distinct(StringComparer.OrdinalIgnoreCase).ToList();
        var before = lines[0].At;
        var made = new List<(int, string, TimeSpan?)>();
        foreach (var (nickname, text, at) in lines.Where(line => line.Text.Length > 0))
        {
            made.Add((Number(nickname), names.Replace(text, Number), at > before ? at - before : TimeSpan.Zero));
            before = at;
        }

        return new Dialogue(made) { Source = source, HasPlaceholders = true };

        int Number(string nickname)
        {
            var number = people.FindIndex(person => person.Equals(nickname, StringComparison.OrdinalIgnoreCase));
            if (number < 0)
                people.Add(nickname);
            return number < 0 ? people.Count - 1 : number;
        }
    }

    [GeneratedRegex(@"\n(?:-{10,}|[ \t]*)(?=\n)", RegexOptions.None, Timeout.Infinite)]
    private static partial Regex BlockEnd();

    [GeneratedRegex(@"^\s*\d*\s*\[(?<day>\d{4}-\d\d-\d\d)[T ](?<time>\d\d:\d\d:\d\d)\S*\] <(?<nick>[^>]+)>(?<text>.*)$", RegexOptions.Multiline, Timeout.Infinite)]
    private static partial Regex LivechatLine();
}
