using System.Text.Json;
using AIChat.Domain.Topics;
using AIChat.Evaluation.Rooms;
using AIChat.Evaluation.Training;

namespace AIChat.Evaluation.Commands;

/// <summary>A set of rooms whose conversations are known.</summary>
/// <param name="Name">In the table.</param>
/// <param name="Rooms">The rooms; −1: a line whose conversation nobody judged.</param>
internal sealed record GoldSet(string Name, IReadOnlyList<(IReadOnlyList<ChatLine> Lines, IReadOnlyList<int> Conversations)> Rooms)
{
    /// <summary>First scored line of each room.</summary>
    public int Start { get; init; }

    /// <summary>Whether all rooms are scored as one, as papers do with Ubuntu IRC, instead of the mean over rooms.</summary>
    public bool IsPooled { get; init; }

    /// <summary>Whether each room is a single conversation, and the share that is kept whole is the measure.</summary>
    public bool IsSingle { get; init; }
}

/// <summary>Reads and makes the rooms of <see cref="RoomsGoldCommand"/>.</summary>
internal static class GoldRooms
{
    private const int Long = 12;

    private static readonly DateTimeOffset Start = new(2026, 1, 5, 9, 0, 0, TimeSpan.Zero);

    /// <summary>The sets that come with the project.</summary>
    public static IEnumerable<GoldSet> Own()
    {
        yield return Set("demo", [WrittenRoom.ReadFile(Path.Combine(AppContext.BaseDirectory, "demo", "busy-room.jsonl"))]);
        yield return Set("written, to choose by", WrittenRoom.Read("choose"));
        yield return Set("written, learned from", WrittenRoom.Read("learn"));
    }

    /// <summary>The sets of a data folder; those whose files are not there are left out.</summary>
    public static IEnumerable<GoldSet> Of(string data)
    {
        if (Directory.Exists(Path.Combine(data, "streams")))
            yield return Set("streams", [.. Directory.EnumerateFiles(Path.Combine(data, "streams"), "*.jsonl").Order(StringComparer.Ordinal).Select(path => WrittenRoom.ReadFile(path))]);
        if (Directory.Exists(Path.Combine(data, "irc/dev")))
        {
            yield return Irc("irc/dev", Path.Combine(data, "irc/dev"), "", 1000, isMasked: false);
            yield return Irc("irc/dev, names masked", Path.Combine(data, "irc/dev"), "", 1000, isMasked: true);
            yield return Irc("channel-two dev, masked", Path.Combine(data, "irc/channel-two"), "channel-two.dev", 0, isMasked: true);
        }

        var smilestyle = Path.Combine(data, "smilestyle/dialogues.dev.tsv");
        if (File.Exists(smilestyle))
        {
            var chats = RoomMaker.ReadDialogues(smilestyle, "chat");
            foreach (var habit in Enum.GetValues<RoomHabit>())
                yield return new GoldSet($"Korean {habit}, no names".ToLowerInvariant(), [.. Enumerable.Range(1, 5).Select(seed => RoomMaker.Make(chats, habit, 4, 12, seed).WithoutNames()).Select(room => (room.Lines, room.Conversations))]);
            yield return TwoPeople("two people, Korean", chats, 3);
            yield return Singles("single, Korean", RoomMaker.ReadDialogues(smilestyle, "informal"));
        }

        var dialogsum = Path.Combine(data, "dialogsum/dialogsum.dev.jsonl");
        if (File.Exists(dialogsum))
            yield return Singles("single, English", [.. File.ReadLines(dialogsum).Select(line => JsonElement.Parse(line).GetProperty("dialogue").GetString()!.Split('\n').Select(turn => turn.Trim()).ToList())]);
    }

    private static GoldSet Set(string name, List<LabelledRoom> rooms) => new(name, rooms.ConvertAll(room => (room.Lines, (IReadOnlyList<int>)room.Conversations)));

    private static GoldSet Irc(string name, string folder, string prefix, int start, bool isMasked)
    {
        var gold = LabelledRoom.ReadIrc(folder, prefix);
        return new GoldSet(name, gold.ConvertAll(room => ((isMasked ? [.. Names.Strip(room.Lines)] : room.Lines), (IReadOnlyList<int>)room.Conversations))) { Start = start, IsPooled = true };
    }

    /// <summary>Dialogues of the same two people one after the other, half an hour to three hours apart.</summary>
    private static GoldSet TwoPeople(string name, List<List<string>> dialogues, int rooms) => new(name, [.. dialogues.Chunk((dialogues.Count + rooms - 1) / rooms).Select((some, seed) =>
    {
        var chance = new Random(seed);
        var (lines, conversations, at) = (new List<ChatLine>(), new List<int>(), Start);
        for (var dialogue = 0; dialogue < some.Length; dialogue++)
        {
            lines.AddRange(Spoken(some[dialogue], at, chance));
            conversations.AddRange(some[dialogue].Select(_ => dialogue));
            at = lines[^1].CreatedAt.AddMinutes(30 + (150 * chance.NextDouble()));
        }

        return ((IReadOnlyList<ChatLine>)lines, (IReadOnlyList<int>)conversations);
    })]);

    private static GoldSet Singles(string name, List<List<string>> dialogues) => new(name, [.. dialogues.Where(dialogue => dialogue.Count >= Long).Select((dialogue, seed) =>
        ((IReadOnlyList<ChatLine>)[.. Spoken(dialogue, Start, new Random(seed))], (IReadOnlyList<int>)[.. dialogue.Select(_ => 0)]))])
    { IsSingle = true };

    /// <summary>A dialogue of two who take turns, 5 to 60 seconds apart; "#Person2#: " before a text says who speaks.</summary>
    private static IEnumerable<ChatLine> Spoken(List<string> texts, DateTimeOffset at, Random chance)
    {
        for (var i = 0; i < texts.Count; i++)
        {
            var cut = texts[i].StartsWith('#') ? texts[i].IndexOf(':', StringComparison.Ordinal) : -1;
            var speaker = cut > 0 ? texts[i][..cut].Trim('#') : i % 2 == 0 ? "민지" : "서준";
            yield return new ChatLine(speaker, speaker, cut > 0 ? texts[i][(cut + 1)..].Trim() : texts[i], at);
            at = at.AddSeconds(5 + (55 * chance.NextDouble()));
        }
    }
}
