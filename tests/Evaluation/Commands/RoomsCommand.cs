using System.CommandLine;
using AIChat.Domain.Topics;
using AIChat.Evaluation.Rooms;
using AIChat.Evaluation.Scoring;
using AIChat.Evaluation.Training;
using AIChat.Infrastructure.Topics.Classifiers;

namespace AIChat.Evaluation.Commands;

/// <summary>Scores conversations in rooms made of separate dialogues.</summary>
internal static class RoomsCommand
{
    public static Command Create()
    {
        var data = Options.Data();
        var column = new Option<string>("--column") { Description = "Style of the dialogues.", DefaultValueFactory = _ => "chat" };
        var live = new Option<int>("--live") { Description = "Dialogues that run side by side.", DefaultValueFactory = _ => 4 };
        var people = new Option<int>("--people") { Description = "People who share them.", DefaultValueFactory = _ => 12 };
        var seeds = new Option<int[]>("--seeds") { Description = "One room is made for each.", DefaultValueFactory = _ => [1, 2, 3], AllowMultipleArgumentsPerToken = true };
        var files = new Option<FileInfo[]>("--files") { Description = "Rooms made elsewhere, one JSON object a line, instead.", AllowMultipleArgumentsPerToken = true };
        var weights = Options.Weights();
        var model = Options.Model();
        var command = new Command("rooms", "Scores conversations in made Korean rooms, with names and without.") { data, column, live, people, seeds, files, weights, model };
        command.SetAction(async (result, cancellation) =>
        {
            var classifier = Options.Classifier(result.GetValue(weights));
            using var embeddings = result.GetValue(model) is { } folder ? new LineEmbeddings(folder.FullName) : null;
            if (result.GetValue(files) is { Length: > 0 } given)
            {
                await ScoreAsync([.. given.Select(file => MadeRoom.Read(file.FullName))], $"{given.Length} rooms from files", classifier, embeddings, cancellation);
                return;
            }

            var dialogues = RoomMaker.ReadDialogues(Path.Combine(result.GetRequiredValue(data).FullName, "smilestyle/dialogues.dev.tsv"), result.GetRequiredValue(column));
            foreach (var (name, made) in BusySources(result.GetRequiredValue(data).FullName, dialogues))
            {
                var rooms = result.GetRequiredValue(seeds).Select(seed => BusyRoom.Make(made, seed)).Select(room => new MadeRoom(room.Lines, room.Conversations)).ToList();
                await ScoreAsync(rooms, $"Busy, {name}", classifier, embeddings, cancellation);
            }

            foreach (var habit in Enum.GetValues<RoomHabit>())
            {
                var rooms = result.GetRequiredValue(seeds).Select(seed => RoomMaker.Make(dialogues, habit, result.GetValue(live), result.GetValue(people), seed));
                await ScoreAsync([.. rooms], $"{habit}, {result.GetValue(column)}, {result.GetValue(live)} live of {result.GetValue(people)}", classifier, embeddings, cancellation);
            }
        });
        return command;
    }

    private static async Task ScoreAsync(IReadOnlyList<MadeRoom> rooms, string title, ConversationClassifier classifier, LineEmbeddings? embeddings, CancellationToken cancellation)
    {
        foreach (var named in new[] { true, false })
        {
            var asked = named ? rooms : [.. rooms.Select(room => room.WithoutNames())];
            if (embeddings is not null)
                asked = [.. asked.Select(room => room with { Lines = embeddings.Fill(room.Lines) })];
            var table = new ScoreTable();
            foreach (var mode in Enum.GetValues<ClassificationMode>())
            {
                var scores = new List<ConversationScore>();
                foreach (var room in asked)
                    scores.Add(Score(room, (await classifier.ClassifyAsync(room.Lines, mode, null, cancellation)).High));
                table.AddMean($"classifier, {mode.ToString().ToLowerInvariant()}", scores);
            }

            table.AddMean("rules alone, 2 min", [.. asked.Select(room => ScoreLinks(room, Floors.Rules(room.Lines, TimeSpan.FromMinutes(2))))]);
            table.AddMean("rules alone, 10 min", [.. asked.Select(room => ScoreLinks(room, Floors.Rules(room.Lines, TimeSpan.FromMinutes(10))))]);
            table.AddMean("previous message", [.. asked.Select(room => ScoreLinks(room, Floors.PreviousMessage(room.Lines)))]);
            table.AddMean("every line alone", [.. asked.Select(room => ScoreLinks(room, Floors.EveryLineAlone(room.Lines)))]);
            table.Print($"{title}, {(named ? "with names" : "without names")}; means of {rooms.Count} rooms{(embeddings is null ? "" : "; " + embeddings.Choice)}");
        }
    }

    /// <summary>Dialogues that no weights were trained on.</summary>
    private static IEnumerable<(string Name, IReadOnlyList<Dialogue> Dialogues)> BusySources(string data, List<List<string>> korean)
    {
        yield return ("Korean", korean.ConvertAll(lines => new Dialogue([.. lines.Select((text, i) => (i % 2, text, (TimeSpan?)null))])));
        yield return ("English, TIAGE", Dialogue.OfTiage(Path.Combine(data, "tiage/anno_dev.json")));
        yield return ("English, IRC", [.. Dialogue.OfIrc(LabelledRoom.ReadIrc(Path.Combine(data, "irc/train")).Where((_, i) => i % 10 == 9)).Take(100)]);
    }

    private static ConversationScore Score(MadeRoom room, IReadOnlyList<int> labels)
    {
        var found = new Links();
        found.AddLabels("room", labels);
        return ConversationScore.Of(found, Gold(room), 0);
    }

    private static ConversationScore ScoreLinks(MadeRoom room, int?[] links)
    {
        var found = new Links();
        found.Add("room", links, 0);
        return ConversationScore.Of(found, Gold(room), 0);
    }

    private static Links Gold(MadeRoom room)
    {
        var gold = new Links();
        gold.AddLabels("room", room.Conversations);
        return gold;
    }
}
