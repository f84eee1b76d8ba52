using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using AIChat.Domain.Topics;
using AIChat.Evaluation.Irc;
using AIChat.Evaluation.Naming;
using AIChat.Evaluation.Rooms;
using AIChat.Infrastructure.Topics.Classifiers;
using AIChat.Infrastructure.Topics.Naming;

namespace AIChat.Evaluation.Commands;

/// <summary>Prints names beside the lines that they name, for a person to judge, and the time that naming takes.</summary>
internal static class NamesCommand
{
    private const int Many = 10_000;

    public static Command Create()
    {
        var data = Options.Data();
        var shown = new Option<int>("--shown") { Description = "Names of each kind.", DefaultValueFactory = _ => 40 };
        var model = Options.Model();
        var train = new Option<DirectoryInfo?>("--train") { Description = "Learn the ranker's weights from the written rooms and write them to this folder, instead." };
        data.Required = false;
        var command = new Command("names", "Scores names against people's titles; with --data also on DialogSum, shows names of IRC conversations and of Korean ones, and times 10,000.") { data, shown, model, train };
        command.SetAction(async (result, cancellation) =>
        {
            if (result.GetValue(train) is { } weights)
            {
                RankerTraining.Write(weights);
                return;
            }

            TitleScores.ShowRooms(result.GetResult(shown) is { Implicit: false });
            await NameFaults.ShowAsync(cancellation);
            NameSteadiness.Show();
            if (result.GetValue(data) is not { } given) return;
            TitleScores.ShowDialogues(given);
            var folder = given.FullName;
            using var embeddings = result.GetValue(model) is { } encoder ? new LineEmbeddings(encoder.FullName) : null;
            var rooms = IrcRoom.ReadAll(Path.Combine(folder, "irc/dev"));
            var dialogues = RoomMaker.ReadDialogues(Path.Combine(folder, "smilestyle/dialogues.dev.tsv"), "chat");
            await ShowAsync("irc/dev", [.. rooms.Select(room => embeddings?.Fill(room.Lines) ?? room.Lines)], result.GetValue(shown), cancellation);
            var made = Enumerable.Range(1, 3).Select(seed => RoomMaker.Make(dialogues, RoomHabit.Turns, 4, 12, seed).Lines);
            await ShowAsync("Korean rooms", [.. made.Select(lines => embeddings?.Fill(lines) ?? lines)], result.GetValue(shown), cancellation);
            await TimeAsync(IrcRoom.ReadAll(Path.Combine(folder, "irc/train")), cancellation);
        });
        return command;
    }

    private static async Task ShowAsync(string title, IReadOnlyList<IReadOnlyList<ChatLine>> rooms, int shown, CancellationToken cancellation)
    {
        Console.WriteLine(title);
        var each = (int)Math.Ceiling(shown / (double)rooms.Count);
        foreach (var room in rooms)
        {
            var groups = await ConversationsAsync(room, cancellation);
            var names = Name(groups, room);
            // Spread over the room, the short ones left out: their name is little more than their text.
            var long_ = Enumerable.Range(0, groups.Count).Where(at => groups[at].Count >= 4).ToArray();
            foreach (var at in long_.Where((_, place) => place % Math.Max(1, long_.Length / each) == 0).Take(each))
                Console.WriteLine($"  {names[at].Name,-40} {groups[at].Count,4}  {Short(groups[at][0])} / {Short(groups[at][1])} / {Short(groups[at][2])}");
        }
    }

    private static async Task TimeAsync(List<IrcRoom> rooms, CancellationToken cancellation)
    {
        var groups = new List<IReadOnlyList<string>>();
        var nicknames = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        for (var at = 0; groups.Count < Many; at = (at + 1) % rooms.Count)
        {
            groups.AddRange(await ConversationsAsync(rooms[at].Lines, cancellation));
            nicknames.UnionWith(rooms[at].Lines.Select(line => line.Nickname).Where(nickname => nickname.Length > 0));
        }

        var many = groups.Take(Many).ToArray();
        var clock = Stopwatch.StartNew();
        new KeywordNamer().Name([.. many.Select(group => new TopicTexts(group))], nicknames, new HashSet<string>());
        FormattableString said = $"{Many} conversations of {many.Average(group => group.Count):F1} lines named in {clock.Elapsed.TotalSeconds:F2} s";
        Console.WriteLine(said.ToString(CultureInfo.InvariantCulture));
    }

    private static async Task<List<IReadOnlyList<string>>> ConversationsAsync(IReadOnlyList<ChatLine> lines, CancellationToken cancellation)
    {
        var found = await new ConversationClassifier().ClassifyAsync(lines, ClassificationMode.Online, null, cancellation);
        return [.. Enumerable.Range(0, lines.Count).Where(at => found.High[at] >= 0).GroupBy(at => found.High[at]).Select(group => (IReadOnlyList<string>)[.. group.Select(at => lines[at].Content)])];
    }

    private static IReadOnlyList<TopicName> Name(IReadOnlyList<IReadOnlyList<string>> groups, IReadOnlyList<ChatLine> lines) =>
        new KeywordNamer().Name([.. groups.Select(group => new TopicTexts(group))], lines.Select(line => line.Nickname).Where(nickname => nickname.Length > 0).ToHashSet(StringComparer.OrdinalIgnoreCase), new HashSet<string>());

    private static string Short(string text) => text.Length > 60 ? text[..60] : text;
}
