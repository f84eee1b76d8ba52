using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using AIChat.Domain.Topics;
using AIChat.Infrastructure.Topics.Outcomes;

namespace AIChat.Evaluation.Training;

/// <summary>Scores <see cref="OutcomeFinder"/> on the written rooms to choose by, given their conversations; with <c>--out</c>, trains its weights on the rooms to learn from first.</summary>
internal static class OutcomesCommand
{
    private const int Steps = 4_000;
    private const double Rate = 0.5, Decay = 1e-3;
    private const int Folds = 6;

    public static Command Create()
    {
        var output = new Option<FileInfo?>("--out") { Description = "The file of weights to write." };
        var command = new Command("outcomes", "Scores, or trains, what finds a conversation's outcome.") { output };
        command.SetAction(result => Run(result.GetValue(output)));
        return command;
    }

    private static void Run(FileInfo? output)
    {
        OutcomeFinder finder;
        if (output is null)
        {
            finder = new OutcomeFinder();
        }
        else
        {
            var weights = Train([.. Read("learn")]);
            File.WriteAllLines(output.FullName, weights.Select((weight, i) => string.Create(CultureInfo.InvariantCulture, $"{(OutcomeFeature)i} {weight:F3}")));
            finder = new OutcomeFinder(OutcomeFinder.Read(File.ReadLines(output.FullName)));
            CrossValidate();
        }

        foreach (var set in (string[])["learn", "choose"])
        {
            var conversations = Read(set).ToList();
            Console.WriteLine($"{set,-8}{"precision",10}{"recall",8}{"any line right",16}");
            Report("found", conversations, conversation => finder.Choose(conversation.Lines));
            Report("last two", conversations, conversation => [.. Enumerable.Range(0, conversation.Lines.Count).TakeLast(2)]);
            Report("last", conversations, conversation => [conversation.Lines.Count - 1]);
        }
    }

    /// <summary>How each room to learn from is judged by what was learned from the others.</summary>
    private static void CrossValidate()
    {
        var all = Read("learn").ToList();
        var finderOf = new Dictionary<string, OutcomeFinder>(StringComparer.Ordinal);
        var fold = all.Select(conversation => conversation.Room).Distinct(StringComparer.Ordinal).Index().ToDictionary(each => each.Item, each => each.Index % Folds, StringComparer.Ordinal);
        for (var held = 0; held < Folds; held++)
        {
            var finder = new OutcomeFinder([.. Train([.. all.Where(conversation => fold[conversation.Room] != held)]).Select(weight => (float)weight)]);
            foreach (var room in fold.Keys.Where(room => fold[room] == held))
                finderOf[room] = finder;
        }

        Console.WriteLine($"{"others",-8}{"precision",10}{"recall",8}{"any line right",16}");
        Report("found", all, conversation => finderOf[conversation.Room].Choose(conversation.Lines));
    }

    private static void Report(string name, List<Conversation> conversations, Func<Conversation, IReadOnlyList<int>> choose)
    {
        var (right, found, wanted, hit) = (0, 0, 0, 0);
        foreach (var conversation in conversations)
        {
            var chosen = choose(conversation);
            var shared = chosen.Count(conversation.Outcome.Contains);
            (right, found, wanted, hit) = (right + shared, found + chosen.Count, wanted + conversation.Outcome.Count, hit + (shared > 0 ? 1 : 0));
        }

        Console.WriteLine($"{name,-8}{100.0 * right / found,10:F1}{100.0 * right / wanted,8:F1}{100.0 * hit / conversations.Count,16:F1}");
    }

    /// <summary>Logistic regression by gradient descent over standardized features, with an L2 penalty (ridge).</summary>
    private static double[] Train(IReadOnlyList<Conversation> conversations)
    {
        var rows = conversations.SelectMany(conversation => OutcomeFeatures.Of(conversation.Lines).Chunk(OutcomeFeatures.Count)).ToList();
        var labels = conversations.SelectMany(conversation => Enumerable.Range(0, conversation.Lines.Count).Select(i => conversation.Outcome.Contains(i) ? 1.0 : 0)).ToList();
        var width = OutcomeFeatures.Count;
        var means = Enumerable.Range(0, width).Select(f => f == 0 ? 0 : rows.Average(row => (double)row[f])).ToArray();
        var deviations = Enumerable.Range(0, width).Select(f => f == 0 ? 1 : Math.Sqrt(rows.Average(row => Math.Pow(row[f] - means[f], 2))) + 1e-9).ToArray();
        var standardized = rows.ConvertAll(row => row.Select((value, f) => (value - means[f]) / deviations[f]).ToArray());
        var weights = new double[width];
        for (var step = 0; step < Steps; step++)
        {
            var gradient = new double[width];
            for (var i = 0; i < standardized.Count; i++)
            {
                var row = standardized[i];
                var odds = 0.0;
                for (var f = 0; f < width; f++)
                    odds += row[f] * weights[f];
                var error = (1 / (1 + Math.Exp(-odds))) - labels[i];
                for (var f = 0; f < width; f++)
                    gradient[f] += error * row[f];
            }

            for (var f = 0; f < width; f++)
                weights[f] -= Rate * ((gradient[f] / standardized.Count) + (f == 0 ? 0 : Decay * weights[f]));
        }

        // As weights of the plain features.
        var plain = weights.Select((weight, f) => weight / deviations[f]).ToArray();
        plain[0] = weights[0] - Enumerable.Range(1, width - 1).Sum(f => plain[f] * means[f]);
        return plain;
    }

    private static IEnumerable<Conversation> Read(string set)
    {
        foreach (var path in Directory.EnumerateFiles(Path.Combine(AppContext.BaseDirectory, "WrittenRooms", set), "*.jsonl").Order(StringComparer.Ordinal))
        {
            var room = WrittenRoom.ReadFile(path);
            using var gold = JsonDocument.Parse(File.ReadAllText(Path.ChangeExtension(path, ".gold.json")));
            var outcomes = gold.RootElement.GetProperty("conversations").EnumerateObject().SelectMany(conversation => conversation.Value.GetProperty("outcomeLines").EnumerateArray()).Select(id => id.GetString()!).ToHashSet(StringComparer.Ordinal);
            var ids = File.ReadLines(path).Where(line => line.Length > 0).Select(IdOf).ToList();
            foreach (var conversation in Enumerable.Range(0, room.Lines.Count).GroupBy(i => room.Conversations[i]))
            {
                int[] members = [.. conversation];
                yield return new Conversation(room.Name, [.. members.Select(i => room.Lines[i])], [.. Enumerable.Range(0, members.Length).Where(i => outcomes.Contains(ids[members[i]]))]);
            }
        }
    }

    private static string IdOf(string line)
    {
        using var json = JsonDocument.Parse(line);
        return json.RootElement.GetProperty("id").GetString()!;
    }

    /// <param name="Room">The room's name.</param>
    /// <param name="Lines">Oldest first.</param>
    /// <param name="Outcome">Indices of the lines that say what came of it.</param>
    private sealed record Conversation(string Room, IReadOnlyList<ChatLine> Lines, IReadOnlySet<int> Outcome)
    {
        public Conversation(string room, IReadOnlyList<ChatLine> lines, int[] outcome)
            : this(room, lines, outcome.ToHashSet())
        {
        }
    }
}
