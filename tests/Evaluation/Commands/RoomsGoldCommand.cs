using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using AIChat.Domain.Topics;
using AIChat.Evaluation.Scoring;
using AIChat.Infrastructure.Topics.Classifiers;

namespace AIChat.Evaluation.Commands;

/// <summary>Scores conversations in rooms of every kind that there is gold for, beside floors and the results of an earlier run.</summary>
internal static class RoomsGoldCommand
{
    private static readonly (string Name, Func<IReadOnlyList<ChatLine>, IReadOnlyList<int>> Labels)[] FloorMethods =
    [
        ("rules, 10 min", lines => Floors.Conversations(Floors.Rules(lines, TimeSpan.FromMinutes(10)))),
        ("cut at 10 min", lines => Floors.CutAtPauses(lines, TimeSpan.FromMinutes(10))),
        ("every line alone", lines => Floors.Conversations(Floors.EveryLineAlone(lines))),
    ];

    public static Command Create()
    {
        var data = new Option<DirectoryInfo?>("--data") { Description = "The folder that holds the data sets; left out: the rooms of the project alone." };
        var weights = Options.Weights();
        var model = Options.Model();
        var previous = new Option<FileInfo?>("--previous") { Description = "Results of an earlier run, to stand beside these." };
        var output = new Option<FileInfo?>("--out") { Description = "Write the results to this file, for --previous." };
        var found = new Option<FileInfo?>("--labels") { Description = "Write the conversations that are found in full mode to this file, to look where they are wrong." };
        var only = new Option<string[]>("--only") { Description = "Names of sets, or their beginnings.", AllowMultipleArgumentsPerToken = true };
        var address = new Option<string?>("--model-url") { Description = "Instead: a server that speaks OpenAI's chat completions; the rooms of the project are untangled by its model." };
        var name = new Option<string>("--model-name") { Description = "Its model.", DefaultValueFactory = _ => "model" };
        var key = new Option<string?>("--model-key") { Description = "Its key, where it needs one." };
        var rooms = new Option<string?>("--rooms") { Description = "Names of rooms to untangle, with commas between them; left out: all." };
        var command = new Command("rooms-gold", "Scores conversations in written rooms, streams, logs and dialogues.") { data, weights, model, previous, output, found, only, address, name, key, rooms };
        command.SetAction(async (result, cancellation) =>
        {
            if (result.GetValue(address) is { } url)
            {
                var named = result.GetValue(rooms)?.Split(',');
                await ModelRooms.RunAsync(
                    new Uri(url), result.GetValue(name)!, result.GetValue(key), [.. ModelRooms.Own().Where(room => named?.Contains(room.Name) != false)], Options.Classifier(result.GetValue(weights)), cancellation);
                return;
            }

            var earlier = result.GetValue(previous) is { } file ? JsonSerializer.Deserialize<Dictionary<string, double[]>>(await File.ReadAllTextAsync(file.FullName, cancellation))! : [];
            var sets = GoldRooms.Own().Concat(result.GetValue(data) is { } folder ? GoldRooms.Of(folder.FullName) : []);
            if (result.GetValue(only) is { Length: > 0 } names)
                sets = sets.Where(set => Array.Exists(names, name => set.Name.StartsWith(name, StringComparison.Ordinal)));
            using var embeddings = result.GetValue(model) is { } encoder ? new LineEmbeddings(encoder.FullName) : null;
            var labels = new Dictionary<string, IReadOnlyList<IReadOnlyList<int>>>();
            var results = await RunAsync(sets, Options.Classifier(result.GetValue(weights)), embeddings, earlier, labels, cancellation);
            if (result.GetValue(found) is { } labelled)
                await File.WriteAllTextAsync(labelled.FullName, JsonSerializer.Serialize(labels), cancellation);
            if (result.GetValue(output) is { } target)
                await File.WriteAllTextAsync(target.FullName, JsonSerializer.Serialize(results, JsonSerializerOptions.Web), cancellation);
        });
        return command;
    }

    /// <summary>Mean scores of a set, in percent: VI, ARI, one-to-one, exact F; for single conversations the share that is kept whole alone.</summary>
    public static double[] Score(GoldSet set, IReadOnlyList<IReadOnlyList<int>> labels)
    {
        if (set.IsSingle)
            return [100.0 * labels.Count(found => found.All(label => label == found[0] && label >= 0)) / labels.Count];
        var scores = new List<ConversationScore>();
        var (pooledFound, pooledGold) = (new Links(), new Links());
        for (var room = 0; room < labels.Count; room++)
        {
            var (found, gold) = (set.IsPooled ? pooledFound : [], set.IsPooled ? pooledGold : []);
            var name = room.ToString("D4", CultureInfo.InvariantCulture);
            found.AddLabels(name, labels[room], set.Start);
            gold.AddLabels(name, set.Rooms[room].Conversations, set.Start);
            if (!set.IsPooled)
                scores.Add(ConversationScore.Of(found, gold, set.Start));
        }

        if (set.IsPooled)
            scores.Add(ConversationScore.Of(pooledFound, pooledGold, set.Start));
        return [scores.Average(score => score.Vi), scores.Average(score => score.Ari), scores.Average(score => score.OneToOne), scores.Average(score => score.ExactF)];
    }

    /// <summary>What a classifier makes of the rooms of a set.</summary>
    public static async Task<IReadOnlyList<IReadOnlyList<int>>> ClassifyAsync(GoldSet set, ConversationClassifier classifier, ClassificationMode mode, CancellationToken cancellation)
    {
        var labels = new List<IReadOnlyList<int>>();
        foreach (var (lines, _) in set.Rooms)
            labels.Add((await classifier.ClassifyAsync(lines, mode, null, cancellation)).High);
        return labels;
    }

    private static async Task<Dictionary<string, double[]>> RunAsync(IEnumerable<GoldSet> sets, ConversationClassifier classifier, LineEmbeddings? embeddings, Dictionary<string, double[]> earlier, Dictionary<string, IReadOnlyList<IReadOnlyList<int>>> found, CancellationToken cancellation)
    {
        Console.WriteLine($"{"",-28}{"method",-18}{"VI",8}{"ARI",8}{"1-1",8}{"exact F",9}   {(earlier.Count > 0 ? "before" : "")}");
        var results = new Dictionary<string, double[]>();
        foreach (var given in sets)
        {
            var set = embeddings is null ? given : given with { Rooms = [.. given.Rooms.Select(room => (embeddings.Fill(room.Lines), room.Conversations))] };
            foreach (var mode in new[] { ClassificationMode.Full, ClassificationMode.Online })
            {
                var watch = Stopwatch.StartNew();
                var labels = await ClassifyAsync(set, classifier, mode, cancellation);
                if (mode == ClassificationMode.Full)
                    found[set.Name] = labels;
                var pace = watch.Elapsed.TotalMilliseconds / set.Rooms.Sum(room => room.Lines.Count);
                Row(mode.ToString().ToLowerInvariant(), Score(set, labels), $"{pace:F2} ms a line");
            }

            foreach (var (name, floor) in FloorMethods)
                Row(name, Score(set, [.. set.Rooms.Select(room => floor(room.Lines))]), "");

            void Row(string method, double[] values, string note)
            {
                var key = $"{set.Name}: {method}";
                results[key] = values;
                Console.WriteLine($"{(method == "full" ? $"{set.Name} ({set.Rooms.Count})" : ""),-28}{method,-18}" + string.Concat(values.Select(value => $"{value,8:F1}"))
                    + (earlier.TryGetValue(key, out var before) ? "    " + string.Join(" / ", before.Select(value => value.ToString("F1", CultureInfo.InvariantCulture))) : "") + (note.Length > 0 ? "   " + note : ""));
            }
        }

        return results;
    }
}
