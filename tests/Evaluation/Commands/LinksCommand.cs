using System.CommandLine;
using System.CommandLine.Parsing;
using AIChat.Domain.Topics;
using AIChat.Evaluation.Irc;
using AIChat.Evaluation.Scoring;
using AIChat.Infrastructure.Topics.Classifiers;

namespace AIChat.Evaluation.Commands;

/// <summary>Scores links and conversations on annotated IRC logs.</summary>
internal static class LinksCommand
{
    /// <summary>Lines before this one are context only, except in channel-two, where all lines are scored.</summary>
    private const int FirstScored = 1000;

    public static Command Create()
    {
        var data = Options.Data();
        var set = new Option<string>("--set") { Description = "The files to score; irc/held-out: every tenth of irc/train, which no weights saw.", DefaultValueFactory = _ => "irc/dev" };
        set.AcceptOnlyFromAmong("irc/dev", "irc/train", "irc/held-out", "irc/channel-two", "irc/channel-two-pilot");
        var mode = new Option<ClassificationMode?>("--mode") { Description = "online or full; both where left out." };
        var mask = new Option<bool>("--mask-names") { Description = "Take every spoken nickname out of the texts first." };
        var url = new Option<Uri?>("--url")
        {
            Description = "Ask a running server instead of the classifier in this process.",
            CustomParser = given => Uri.TryCreate(given.Tokens[0].Value, UriKind.Absolute, out var uri) ? uri : Refused(given),
        };
        var token = new Option<string?>("--token") { Description = "What to show that server: MODEL_SERVER_TOKEN of a classifier alone; left out, it is joined like any other." };
        var weights = Options.Weights();
        var model = Options.Model();
        var command = new Command("links", "Scores links and conversations on IRC logs.") { data, set, mode, mask, url, token, weights, model };
        command.SetAction((result, cancellation) => RunAsync(
            result.GetRequiredValue(data), result.GetRequiredValue(set), result.GetValue(mode), result.GetValue(mask),
            result.GetValue(url) is { } server ? () => new PredictClient(server, result.GetValue(token)) : null, Options.Classifier(result.GetValue(weights)), result.GetValue(model), cancellation));
        return command;
    }

    private static Uri? Refused(ArgumentResult given)
    {
        given.AddError($"{given.Tokens[0].Value} is no address like http://localhost:8080.");
        return null;
    }

    private static async Task RunAsync(DirectoryInfo data, string set, ClassificationMode? onlyMode, bool mask, Func<PredictClient>? connect, ConversationClassifier classifier, DirectoryInfo? model, CancellationToken cancellation)
    {
        var channelTwo = set.StartsWith("irc/channel-two", StringComparison.Ordinal);
        var prefix = channelTwo ? set.EndsWith("pilot", StringComparison.Ordinal) ? "channel-two.pilot" : "channel-two.dev" : "";
        var start = channelTwo ? 0 : FirstScored;
        var heldOut = set == "irc/held-out";
        var folder = Path.Combine(data.FullName, channelTwo ? "irc/channel-two" : heldOut ? "irc/train" : set);
        var gold = Links.ReadGold(folder, start, prefix);
        var rooms = IrcRoom.ReadAll(folder, prefix).Where((_, i) => !heldOut || i % 10 == 9).Select(room => mask ? room.WithoutNames() : room).ToList();
        foreach (var other in gold.Keys.Except(rooms.Select(room => room.Name)).ToList())
            gold.Remove(other);
        if (model is not null)
        {
            using var embeddings = new LineEmbeddings(model.FullName);
            Console.WriteLine(embeddings.Choice);
            rooms = rooms.ConvertAll(room => room with { Lines = embeddings.Fill(room.Lines) });
        }

        var table = new ScoreTable();
        foreach (var mode in onlyMode is { } one ? [one] : Enum.GetValues<ClassificationMode>())
        {
            using var server = connect?.Invoke();
            var (links, labels) = (new Links(), new Links());
            var watch = System.Diagnostics.Stopwatch.StartNew();
            foreach (var room in rooms)
            {
                var found = server is null
                    ? await classifier.ClassifyAsync(room.Lines, mode, null, cancellation)
                    : await server.PredictAsync(room.Name, room.Lines, mode, cancellation);
                links.Add(room.Name, found.Links, start);
                labels.AddLabels(room.Name, found.High, start);
            }

            Console.WriteLine($"{mode.ToString().ToLowerInvariant()}: {watch.Elapsed.TotalMilliseconds / rooms.Sum(room => room.Lines.Count):F3} ms a line");
            Console.WriteLine(WrongLinks.Of(links, gold));
            var name = (server is null ? "classifier" : "server") + $", {mode.ToString().ToLowerInvariant()}";
            table.Add(name, ConversationScore.Of(links, gold, start));
            table.Add(name + ", conversations only", ConversationScore.Of(labels, gold, start));
        }

        AddFloor("rules alone, 10 min", lines => Floors.Rules(lines, TimeSpan.FromMinutes(10)));
        AddFloor("previous message", Floors.PreviousMessage);
        AddFloor("every line alone", Floors.EveryLineAlone);
        table.Print($"{set}{(mask ? ", names masked" : "")}{(model is null ? "" : ", " + model.Name)}: {rooms.Count} files, scored from line {start}");

        void AddFloor(string name, Func<IReadOnlyList<ChatLine>, int?[]> floor)
        {
            var links = new Links();
            foreach (var room in rooms)
                links.Add(room.Name, floor(room.Lines), start);
            table.Add(name, ConversationScore.Of(links, gold, start));
        }
    }
}
