using System.CommandLine;
using System.Text.Json;
using AIChat.Domain.Topics;
using AIChat.Evaluation.Rooms;
using AIChat.Evaluation.Training;
using AIChat.Infrastructure.Topics.Themes;

namespace AIChat.Evaluation.Commands;

/// <summary>Scores the drift detector: offers at the seam of two concatenated conversations, and offers in whole ones.</summary>
internal static class DriftCommand
{
    private const int Long = 12;

    private static readonly DateTimeOffset Start = new(2026, 1, 5, 9, 0, 0, TimeSpan.Zero);

    public static Command Create()
    {
        var data = Options.Data();
        var report = new Option<bool>("--report") { Description = "The halves to report on; without it, those to tune on." };
        var model = Options.Model();
        var command = new Command("drift", "Scores offers to split conversations.") { data, report, model };
        command.SetAction(result =>
        {
            using var embeddings = result.GetValue(model) is { } folder ? new LineEmbeddings(folder.FullName) : null;
            Run(result.GetRequiredValue(data).FullName, result.GetValue(report), embeddings);
        });
        return command;
    }

    private static void Run(string root, bool odd, LineEmbeddings? embeddings)
    {
        Console.WriteLine($"{"",-40}{"talks",7}{"offers",8}{"at the seam",13}{"precision",11}{"recall",8}   by chance");
        foreach (var (name, all) in Talks(root, odd))
        {
            Glued(name, [.. all.Where(lines => lines.Count >= Long / 2)], embeddings);
            var whole = all.Where(lines => lines.Count >= Long).ToList();
            var offers = whole.Count(lines => new DriftDetector().Find(Said(lines, embeddings)) is not null);
            Console.WriteLine($"{"the same, whole ones of 12 lines and more",-40}{whole.Count,7}{offers,8}{"",13}{(whole.Count == 0 ? 0 : (double)offers / whole.Count),11:P1} of them were offered a split");
        }

        Turns(Path.Combine(root, odd ? "tiage/anno_dev.json" : "tiage/anno_train.json"), embeddings);
    }

    private static IEnumerable<(string Name, List<List<string>> Talks)> Talks(string root, bool odd)
    {
        yield return ("Korean dialogues, smilestyle", [.. RoomMaker.ReadDialogues(Path.Combine(root, "smilestyle/dialogues.dev.tsv"), "informal").Where((_, i) => i % 2 == (odd ? 1 : 0))]);
        yield return ("English dialogues, dialogsum", [.. File.ReadLines(Path.Combine(root, "dialogsum/dialogsum.dev.jsonl")).Where((_, i) => i % 2 == (odd ? 1 : 0))
            .Select(line => JsonElement.Parse(line).GetProperty("dialogue").GetString()!.Split('\n').Select(turn => turn[(turn.IndexOf(':', StringComparison.Ordinal) + 1)..].Trim()).ToList())]);
        yield return ("conversations of Ubuntu IRC", [.. LabelledRoom.ReadIrc(Path.Combine(root, odd ? "irc/dev" : "irc/train")).SelectMany(room => Enumerable.Range(0, room.Lines.Count)
            .Where(line => room.Conversations[line] >= 0).GroupBy(line => room.Conversations[line]).Select(talk => talk.Select(line => room.Lines[line].Content).ToList()))]);
    }

    /// <summary>Concatenates each conversation and the next one; an offer is right within one line of the seam.</summary>
    private static void Glued(string name, List<List<string>> talks, LineEmbeddings? embeddings)
    {
        var (offers, right, chance) = (0, 0, 0.0);
        for (var i = 0; i < talks.Count; i++)
        {
            var (first, second) = (talks[i], talks[(i + 1) % talks.Count]);
            var found = new DriftDetector().Find(Said([.. first, .. second], embeddings));
            offers += found is null ? 0 : 1;
            right += found is { } gap && Math.Abs(gap - first.Count) <= 1 ? 1 : 0;
            chance += 3.0 / (first.Count + second.Count);
        }

        Console.WriteLine($"{name + ", two glued",-40}{talks.Count,7}{offers,8}{right,13}{(double)right / Math.Max(1, offers),11:P1}{(double)right / talks.Count,8:P1}   {chance / talks.Count:P1}");
    }

    /// <summary>Every turn of these dialogues is annotated; the detector offers one at most.</summary>
    private static void Turns(string path, LineEmbeddings? embeddings)
    {
        var (talks, offers, right, turns, gaps) = (0, 0, 0, 0, 0);
        foreach (var talk in JsonElement.Parse(File.ReadAllText(path)).EnumerateObject())
        {
            var lines = talk.Value.EnumerateArray().Select(line => (Text: line[0].GetString()!, Turns: line[1].GetString() == "1")).ToList();
            talks++;
            turns += Enumerable.Range(1, lines.Count - 1).Count(gap => Near(gap));
            gaps += lines.Count - 1;
            if (new DriftDetector().Find(Said([.. lines.Select(line => line.Text)], embeddings)) is not { } found)
                continue;
            offers++;
            right += Near(found) ? 1 : 0;

            bool Near(int gap) => Enumerable.Range(gap - 1, 3).Any(at => at > 0 && at < lines.Count && lines[at].Turns);
        }

        Console.WriteLine($"{"TIAGE, any marked turn",-40}{talks,7}{offers,8}{right,13}{(double)right / Math.Max(1, offers),11:P1}{"",8}   {(double)turns / gaps:P1}");
    }

    private static IReadOnlyList<ChatLine> Said(IReadOnlyList<string> texts, LineEmbeddings? embeddings)
    {
        var lines = texts.Select((line, i) => new ChatLine("p" + (i % 2), "p" + (i % 2), line, Start.AddMinutes(i))).ToList();
        return embeddings?.Fill(lines) ?? lines;
    }
}
