using System.CommandLine;
using Spectre.Console;

namespace AIChat.Evaluation.Training;

/// <summary>Compares spliced rooms with the written ones that they are to prepare for.</summary>
internal static class SplicesCommand
{
    private static readonly string[] Rows =
    [
        "lines",
        "conversations",
        "lines in a conversation",
        "speakers in a conversation",
        "people",
        "hours",
        "% of lines whose speaker's last line was in another conversation",
        "% of lines that name somebody",
        "% of conversations that pause for 40 minutes or more",
        "conversations among ten lines in a row",
    ];

    public static Command Create()
    {
        var data = new Option<DirectoryInfo?>("--data") { Description = "The folder that holds the data sets; left out: dialogues of the written rooms alone." };
        var count = new Option<int>("--rooms") { Description = "Rooms to make.", DefaultValueFactory = _ => 50 };
        var print = new Option<int?>("--print") { Description = "Print the room of this seed instead." };
        var command = new Command("splices", "Statistics of spliced rooms and of written ones: mean, least and greatest decile.") { data, count, print };
        command.SetAction(result => Run(result.GetValue(data)?.FullName, result.GetValue(count), result.GetValue(print)));
        return command;
    }

    private static void Run(string? data, int count, int? print)
    {
        var learn = WrittenRoom.Read("learn");
        var dialogues = learn.SelectMany(Dialogue.OfWritten).ToList();
        if (data is not null)
            dialogues.AddRange(OthersOf(data));
        if (print is { } seed)
        {
            var room = SplicedRoom.Make(dialogues, seed);
            for (var i = 0; i < room.Lines.Count; i++)
                Console.WriteLine($"{room.Lines[i].CreatedAt:dd HH:mm:ss} {room.Conversations[i],2} <{room.Lines[i].Nickname}> {room.Lines[i].Content}");
            return;
        }

        var table = new Table().AddColumns("statistic", "written, learn", "written, choose", $"{count} spliced");
        double[][][] groups =
        [
            [.. learn.Select(Statistics)],
            [.. WrittenRoom.Read("choose").Select(Statistics)],
            [.. Enumerable.Range(1, count).Select(seed => Statistics(SplicedRoom.Make(dialogues, seed)))],
        ];
        for (var row = 0; row < Rows.Length; row++)
            table.AddRow([Rows[row], .. groups.Select(rooms => Summary([.. rooms.Select(room => room[row]).Order()]))]);
        AnsiConsole.Write(table);
    }

    private static IEnumerable<Dialogue> OthersOf(string data) =>
    [
        .. Dialogue.OfLivechat(Path.Combine(data, "livechat")),
        .. Dialogue.OfIrc(LabelledRoom.ReadIrc(Path.Combine(data, "irc/train"))),
        .. Dialogue.OfTiage(Path.Combine(data, "tiage/anno_train.json")),
        .. Dialogue.OfQuestions(Path.Combine(data, "chatbot-ko/ChatbotData.csv"), 1),
    ];

    private static string Summary(double[] values) => $"{values.Average():0.#}  {values[values.Length / 10]:0.#}–{values[^(1 + (values.Length / 10))]:0.#}";

    private static double[] Statistics(LabelledRoom room)
    {
        var names = new SpokenNames(room.Lines.Select(line => line.Nickname), shortened: true);
        var lines = Enumerable.Range(0, room.Lines.Count).ToList();
        var talks = lines.GroupBy(i => room.Conversations[i]).Select(talk => talk.ToList()).ToList();
        var last = new Dictionary<string, int>();
        var elsewhere = 0;
        foreach (var i in lines)
        {
            if (last.TryGetValue(room.Lines[i].Speaker, out var before) && before != room.Conversations[i])
                elsewhere++;
            last[room.Lines[i].Speaker] = room.Conversations[i];
        }

        return
        [
            lines.Count,
            talks.Count,
            talks.Average(talk => talk.Count),
            talks.Average(talk => talk.Select(i => room.Lines[i].Speaker).Distinct().Count()),
            last.Count,
            (room.Lines[^1].CreatedAt - room.Lines[0].CreatedAt).TotalHours,
            100.0 * elsewhere / lines.Count,
            100.0 * lines.Count(i => names.Occur(room.Lines[i].Content)) / lines.Count,
            100.0 * talks.Count(talk => talk.Zip(talk.Skip(1)).Any(two => room.Lines[two.Second].CreatedAt - room.Lines[two.First].CreatedAt >= TimeSpan.FromMinutes(40))) / talks.Count,
            lines.Where(i => i >= 10).Average(i => room.Conversations[(i - 9)..(i + 1)].Distinct().Count()),
        ];
    }
}
