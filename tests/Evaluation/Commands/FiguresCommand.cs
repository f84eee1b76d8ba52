using System.CommandLine;
using System.Globalization;
using System.Text;
using AIChat.Domain.Topics;
using AIChat.Evaluation.Irc;
using AIChat.Evaluation.Rooms;
using AIChat.Evaluation.Scoring;
using AIChat.Evaluation.Training;
using AIChat.Infrastructure.Topics.Linking;

namespace AIChat.Evaluation.Commands;

/// <summary>Draws the figures of docs/topics-notebook.md as SVG.</summary>
internal static class FiguresCommand
{
    /// <summary>Colours of conversations; further conversations reuse them.</summary>
    private static readonly string[] Colours =
        ["#1f77b4", "#ff7f0e", "#2ca02c", "#d62728", "#9467bd", "#8c564b", "#e377c2", "#bcbd22", "#17becf", "#393b79", "#ad494a", "#637939", "#7b4173", "#e7ba52", "#3182bd", "#31a354"];

    public static Command Create()
    {
        var data = Options.Data();
        var output = new Option<DirectoryInfo>("--out") { Description = "The folder to draw into.", Required = true };
        var weights = Options.Weights();
        var command = new Command("figures", "Draws a room's timeline, people's conversations above the found ones, and the precision and recall of links.") { data, output, weights };
        command.SetAction(async (result, cancellation) =>
        {
            var (folder, root) = (result.GetRequiredValue(output), result.GetRequiredValue(data).FullName);
            folder.Create();
            var classifier = Options.Classifier(result.GetValue(weights));
            var log = LabelledRoom.ReadIrc(Path.Combine(root, "irc/dev"), "2008-12-11_11")[0];
            await DrawTimelineAsync(classifier, log, 1000, "Ubuntu IRC, 2008-12-11 (irc/dev)", Path.Combine(folder.FullName, "timeline-irc.svg"), cancellation);
            var dialogues = RoomMaker.ReadDialogues(Path.Combine(root, "smilestyle/dialogues.dev.tsv"), "chat");
            var made = RoomMaker.Make(dialogues, RoomHabit.Turns, 4, 12, 1).WithoutNames();
            var korean = LabelledRoom.OfConversations("korean", [.. made.Lines.Take(250)], [.. made.Conversations.Take(250)]);
            await DrawTimelineAsync(classifier, korean, 0, "A made Korean room, nobody named", Path.Combine(folder.FullName, "timeline-korean.svg"), cancellation);
            DrawPrecision(root, Options.WeightsOf(result.GetValue(weights)), Path.Combine(folder.FullName, "links-precision-recall.svg"));
        });
        return command;
    }

    private static async Task DrawTimelineAsync(IConversationClassifier classifier, LabelledRoom room, int start, string title, string path, CancellationToken cancellation)
    {
        const int left = 90, width = 1000, row = 46;
        var found = await classifier.ClassifyAsync(room.Lines, ClassificationMode.Full, null, cancellation);
        var shown = Enumerable.Range(start, room.Lines.Count - start).Where(i => !room.Lines[i].IsSystem).ToList();
        var step = (double)width / shown.Count;
        var svg = new StringBuilder();
        svg.Append(CultureInfo.InvariantCulture, $"<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {left + width + 10} 150\" font-family=\"sans-serif\" font-size=\"13\">\n");
        svg.Append(CultureInfo.InvariantCulture, $"<rect width=\"100%\" height=\"100%\" fill=\"white\"/><text x=\"{left}\" y=\"18\">{title}: {shown.Count} lines, one colour a conversation, grey: alone</text>\n");
        var gold = shown.ConvertAll(i => room.Conversations[i]);
        var auto = shown.ConvertAll(i => found.High[i]);
        var colours = ColoursOf(gold);
        var matched = Match(auto, gold, colours);
        for (var at = 0; at < shown.Count; at++)
        {
            Bar(at, 0, colours.GetValueOrDefault(gold[at], "#cccccc"));
            Bar(at, 1, matched.GetValueOrDefault(auto[at], "#cccccc"));
        }

        svg.Append("<text x=\"8\" y=\"56\">people</text><text x=\"8\" y=\"110\">found</text></svg>\n");
        await File.WriteAllTextAsync(path, svg.ToString(), cancellation);

        void Bar(int at, int which, string colour) => svg.Append(
            CultureInfo.InvariantCulture, $"<rect x=\"{left + (at * step):F1}\" y=\"{30 + (which * (row + 8))}\" width=\"{step + 0.2:F1}\" height=\"{row}\" fill=\"{colour}\"/>\n");
    }

    private static Dictionary<int, string> ColoursOf(List<int> labels) => labels
        .Where(label => label >= 0).GroupBy(label => label).Where(group => group.Count() > 1)
        .Select((group, at) => (group.Key, Colour: Colours[at % Colours.Length])).ToDictionary(pair => pair.Key, pair => pair.Colour);

    /// <summary>A found conversation takes the colour of the gold one that it shares most lines with, if that is still free; else black.</summary>
    private static Dictionary<int, string> Match(List<int> auto, List<int> gold, Dictionary<int, string> colours)
    {
        var matched = auto.Where(label => label >= 0).GroupBy(label => label).Where(group => group.Count() > 1).ToDictionary(group => group.Key, _ => "#333333");
        var taken = new HashSet<int>();
        foreach (var pair in auto.Zip(gold).GroupBy(pair => pair).OrderByDescending(group => group.Count()))
        {
            var (mine, theirs) = pair.Key;
            if (matched.GetValueOrDefault(mine) == "#333333" && colours.TryGetValue(theirs, out var colour) && taken.Add(theirs))
                matched[mine] = colour;
        }

        return matched;
    }

    private static void DrawPrecision(string root, LinkWeights weights, string path)
    {
        const int left = 60, top = 40, side = 420;
        var svg = new StringBuilder();
        svg.Append(CultureInfo.InvariantCulture, $"<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {left + side + 30} {top + side + 50}\" font-family=\"sans-serif\" font-size=\"13\">\n");
        svg.Append(CultureInfo.InvariantCulture, $"<rect width=\"100%\" height=\"100%\" fill=\"white\"/><text x=\"{left}\" y=\"20\">irc/dev, online: links kept from a likelihood on</text>\n");
        for (var tick = 0; tick <= 10; tick += 2)
        {
            svg.Append(CultureInfo.InvariantCulture, $"<path d=\"M{left + (side * tick / 10)} {top}v{side}M{left} {top + (side * tick / 10)}h{side}\" stroke=\"#dddddd\"/>");
            svg.Append(CultureInfo.InvariantCulture, $"<text x=\"{left + (side * tick / 10) - 8}\" y=\"{top + side + 18}\">{tick * 10}</text><text x=\"{left - 30}\" y=\"{top + side - (side * tick / 10) + 5}\">{tick * 10}</text>\n");
        }

        svg.Append(CultureInfo.InvariantCulture, $"<text x=\"{left + (side / 2) - 20}\" y=\"{top + side + 40}\">recall</text><text x=\"8\" y=\"{top - 8}\">precision</text>\n");
        foreach (var (name, masked, colour) in new[] { ("names kept", false, "#1f77b4"), ("names masked", true, "#d62728") })
        {
            var (points, total) = Likelihoods(Path.Combine(root, "irc/dev"), masked, weights);
            var (right, kept) = (0, 0);
            var line = new StringBuilder("M");
            foreach (var (_, isRight) in points.OrderByDescending(point => point.Likelihood))
            {
                kept++;
                right += isRight ? 1 : 0;
                if (kept % 20 == 0 || kept == points.Count)
                    line.Append(CultureInfo.InvariantCulture, $"{(kept <= 20 ? "" : "L")}{left + (side * right / (double)total):F1} {top + side - (side * right / (double)kept):F1}");
            }

            svg.Append(CultureInfo.InvariantCulture, $"<path d=\"{line}\" fill=\"none\" stroke=\"{colour}\" stroke-width=\"2\"/><text x=\"{left + 20}\" y=\"{top + side - (masked ? 20 : 40)}\" fill=\"{colour}\">{name}</text>\n");
        }

        svg.Append("</svg>\n");
        File.WriteAllText(path, svg.ToString());
    }

    private static (List<(float Likelihood, bool IsRight)> Points, int Total) Likelihoods(string folder, bool masked, LinkWeights weights)
    {
        var points = new List<(float, bool)>();
        var gold = Links.ReadGold(folder, 1000);
        foreach (var room in IrcRoom.ReadAll(folder).Select(room => masked ? room.WithoutNames() : room))
        {
            var linker = new LearnedLinker(weights);
            for (var i = 0; i < room.Lines.Count; i++)
            {
                var decision = linker.Link(room.Lines[i]);
                if (i < 1000)
                    continue;
                var likelihood = room.Lines[i].IsSystem ? 0 : decision.Antecedent is null ? linker.Scores.Opens : linker.Scores.Links[..linker.Scores.Count].DefaultIfEmpty().Max();
                points.Add((likelihood, gold[room.Name].Contains((i, decision.Antecedent ?? i))));
            }
        }

        return (points, gold.Values.Sum(pairs => pairs.Count));
    }
}
