using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using AIChat.Domain.Topics;

namespace AIChat.Evaluation.Training;

/// <summary>A talk whose turns are known.</summary>
/// <param name="Fold">Talks of one room or dialogue have the same, so that no network sees a part of what it is tried on.</param>
/// <param name="Lines">In order.</param>
/// <param name="Begins">[lines]: whether something else begins with the line.</param>
/// <param name="IsFine">Every turn is marked, however little; otherwise only where another conversation begins.</param>
internal sealed partial record TurnTalk(int Fold, IReadOnlyList<ChatLine> Lines, bool[] Begins, bool IsFine)
{
    /// <summary>Fewest lines of a conversation that is joined with another, and of one that is an example of no turn.</summary>
    public const int Least = 6, Whole = 12;

    private const int Most = 60, PerLog = 6;

    private static readonly DateTimeOffset Start = new(2026, 1, 5, 9, 0, 0, TimeSpan.Zero);

    /// <summary>Whether the n-th log is kept from training.</summary>
    public static bool IsHeldOut(int log) => log % 10 == 9;

    /// <summary>Dialogues of two people who take turns, with every turn that people marked.</summary>
    public static List<TurnTalk> OfTiage(string path)
    {
        using var json = JsonDocument.Parse(File.ReadAllText(path));
        return [.. json.RootElement.EnumerateObject().Select((talk, number) =>
        {
            var lines = talk.Value.EnumerateArray().Select(line => (Text: Untokenized(line[0].GetString()!), Turns: line[1].GetString() == "1")).ToList();
            return new TurnTalk(number, [.. lines.Select((line, i) => new ChatLine("p" + (i % 2), "p" + (i % 2), line.Text, Start.AddMinutes(i)))], [.. lines.Select(line => line.Turns)], IsFine: true);
        })];
    }

    /// <summary>The same dialogues as whole conversations, and each joined with two others: small talk turns, and is one conversation for all that.</summary>
    /// <param name="dialogues">Those of <see cref="OfTiage"/>.</param>
    /// <param name="folds">So many apart, two dialogues are kept from the same network.</param>
    /// <param name="seed">Of people and times.</param>
    public static IEnumerable<TurnTalk> Joined(List<TurnTalk> dialogues, int folds, int seed)
    {
        var chance = new Random(seed);
        foreach (var (dialogue, number) in dialogues.Select((dialogue, number) => (dialogue, number)))
        {
            if (dialogue.Lines.Count >= Whole)
                yield return Joined(dialogue.Fold, [[.. dialogue.Lines]], chance);
            foreach (var other in new[] { number + folds, number + (2 * folds) }.Where(other => other < dialogues.Count))
                yield return Joined(dialogue.Fold, [[.. dialogue.Lines], [.. dialogues[other].Lines]], chance);
        }
    }

    /// <summary>Conversations of the logs, of the developer rooms and of the written rooms: whole ones, and two or three of one room joined.</summary>
    public static List<TurnTalk> OfRooms(string data, string written, int seed)
    {
        // A few conversations of each log, because the logs are many; the written rooms are few, so theirs are joined in several ways.
        List<(List<List<ChatLine>> Conversations, int Times)> rooms =
        [
            .. LabelledRoom.ReadIrc(Path.Combine(data, "irc/train")).Where((_, i) => !IsHeldOut(i)).Select((room, i) => (Some(Conversations(room.Lines, room.Conversations), seed + i), 1)),
            .. Directory.EnumerateFiles(Path.Combine(data, "livechat"), "*.txt").Order(StringComparer.Ordinal).SelectMany(path => ReadLiveChat(path).Chunk(PerLog)).Select(some => (some.ToList(), 1)),
            .. Directory.EnumerateFiles(written, "*.jsonl").Order(StringComparer.Ordinal).Select(path => (ReadWritten(path), 3)),
        ];
        var chance = new Random(seed);
        var talks = new List<TurnTalk>();
        for (var fold = 0; fold < rooms.Count; fold++)
        {
            var room = rooms[fold].Conversations.Where(lines => lines.Count >= Least).ToArray();
            for (var time = 0; time < rooms[fold].Times; time++)
            {
                talks.AddRange(room.Where(lines => lines.Count >= Whole).Select(lines => Joined(fold, [lines], chance)));
                for (var first = 0; first < room.Length && room.Length > 2; first++)
                {
                    var second = (first + 1 + chance.Next(room.Length - 1)) % room.Length;
                    var third = (second + 1 + chance.Next(room.Length - 1)) % room.Length;
                    talks.Add(Joined(fold, third != first && chance.Next(4) == 0 ? [room[first], room[second], room[third]] : [room[first], room[second]], chance));
                }
            }
        }

        return talks;
    }

    private static List<List<ChatLine>> Some(List<List<ChatLine>> conversations, int seed)
    {
        var some = conversations.Where(lines => lines.Count >= Least).ToArray();
        new Random(seed).Shuffle(some);
        return [.. some.Take(PerLog)];
    }

    /// <summary>One conversation after the other, with people and times that seldom give the seam away.</summary>
    public static TurnTalk Joined(int fold, IReadOnlyList<List<ChatLine>> conversations, Random chance)
    {
        var (cast, times) = (chance.Next(4), chance.Next(2));
        var lines = new List<ChatLine>();
        var begins = new List<bool>();
        foreach (var conversation in conversations)
        {
            var seam = lines.Count;
            var people = conversation.Select(line => line.Speaker).Distinct().ToList();
            foreach (var (line, at) in conversation.Take(Most).Select((line, at) => (line, at)))
            {
                // Two people by turns, the same people in another part, or those who spoke.
                var speaker = cast switch
                {
                    0 or 1 => "p" + (lines.Count % 2),
                    2 => "p" + people.IndexOf(line.Speaker),
                    _ => line.Speaker,
                };
                var wait = times == 0 ? TimeSpan.FromMinutes(1)
                    : at > 0 ? line.CreatedAt - conversation[at - 1].CreatedAt
                    : (conversation[1 + chance.Next(conversation.Count - 1)].CreatedAt - conversation[0].CreatedAt) / (conversation.Count - 1) * Math.Exp(3 * chance.NextDouble());
                lines.Add(line with { Speaker = speaker, Nickname = speaker, CreatedAt = lines.Count == 0 ? Start : lines[^1].CreatedAt + wait, ReplyTo = null });
                begins.Add(seam > 0 && at == 0);
            }
        }

        return new TurnTalk(fold, lines, [.. begins], IsFine: false);
    }

    public static List<List<ChatLine>> Conversations(IReadOnlyList<ChatLine> lines, IReadOnlyList<int> conversations)
        => [.. Enumerable.Range(0, lines.Count).Where(line => conversations[line] >= 0 && !lines[line].IsSystem).GroupBy(line => conversations[line]).Select(talk => talk.Select(line => lines[line]).ToList())];

    /// <summary>"he ' s fine ." as people write it.</summary>
    private static string Untokenized(string text) => LooseMark().Replace(text.Replace(" ' ", "'", StringComparison.Ordinal), "${mark}");

    private static List<List<ChatLine>> ReadLiveChat(string path)
    {
        var conversations = new List<List<ChatLine>> { new() };
        foreach (var text in File.ReadLines(path))
        {
            if (text.StartsWith("-----", StringComparison.Ordinal))
                conversations.Add([]);
            else if (LiveChatLine().Match(text) is { Success: true } line)
                conversations[^1].Add(new ChatLine(line.Groups["who"].Value, line.Groups["who"].Value, line.Groups["text"].Value, DateTimeOffset.Parse(line.Groups["time"].Value, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal)));
        }

        return conversations;
    }

    private static List<List<ChatLine>> ReadWritten(string path)
        => [.. File.ReadLines(path).Select(line => JsonElement.Parse(line)).GroupBy(line => line.GetProperty("conversation").GetString()!)
            .Select(talk => talk.Select(line => new ChatLine(line.GetProperty("nickname").GetString()!, line.GetProperty("nickname").GetString()!, line.GetProperty("content").GetString()!, line.GetProperty("createdAt").GetDateTimeOffset())).ToList())];

    [GeneratedRegex(@" (?<mark>[.,!?;:])", RegexOptions.ExplicitCapture, Timeout.Infinite)]
    private static partial Regex LooseMark();

    [GeneratedRegex(@"^\[+(?<time>[^\]]+)\] <(?<who>[^>]*)> (?<text>.*)$", RegexOptions.ExplicitCapture, Timeout.Infinite)]
    private static partial Regex LiveChatLine();
}
