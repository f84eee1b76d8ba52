using System.CommandLine;
using AIChat.Domain.Topics;
using AIChat.Evaluation.Irc;
using AIChat.Evaluation.Rooms;

namespace AIChat.Evaluation.Commands;

/// <summary>Measures how many messages keep their conversation when a tenth more arrive and the room is classified again.</summary>
internal static class StabilityCommand
{
    public static Command Create()
    {
        var data = Options.Data();
        var weights = Options.Weights();
        var model = Options.Model();
        var command = new Command("stability", "Classifies nine tenths of each room, then all of it, and counts the lines that kept their conversation.") { data, weights, model };
        command.SetAction(async (result, cancellation) =>
        {
            var (root, classifier) = (result.GetRequiredValue(data).FullName, Options.Classifier(result.GetValue(weights)));
            using var embeddings = result.GetValue(model) is { } folder ? new LineEmbeddings(folder.FullName) : null;
            var dialogues = RoomMaker.ReadDialogues(Path.Combine(root, "smilestyle/dialogues.dev.tsv"), "chat");
            var made = Enumerable.Range(1, 5).Select(seed => RoomMaker.Make(dialogues, RoomHabit.Turns, 4, 12, seed).WithoutNames().Lines);
            await ReportAsync("irc/dev", [.. IrcRoom.ReadAll(Path.Combine(root, "irc/dev")).Select(room => embeddings?.Fill(room.Lines) ?? room.Lines)], classifier, cancellation);
            await ReportAsync("Korean rooms, no names", [.. made.Select(lines => embeddings?.Fill(lines) ?? lines)], classifier, cancellation);
        });
        return command;
    }

    private static async Task ReportAsync(string name, IReadOnlyList<IReadOnlyList<ChatLine>> rooms, IConversationClassifier classifier, CancellationToken cancellation)
    {
        var (kept, lines) = (0, 0);
        foreach (var room in rooms)
        {
            var count = room.Count * 10 / 11;
            var before = (await classifier.ClassifyAsync([.. room.Take(count)], ClassificationMode.Full, null, cancellation)).High;
            var after = (await classifier.ClassifyAsync(room, ClassificationMode.Full, null, cancellation)).High;
            kept += Kept(before, [.. after.Take(count)]);
            lines += before.Count(label => label >= 0);
        }

        Console.WriteLine($"{name}: {(double)kept / lines:P2} of {lines} lines keep their conversation");
    }

    /// <summary>Pairs each new conversation with the old one that it shares most lines with, each old one once, and counts the shared lines.</summary>
    private static int Kept(IReadOnlyList<int> before, IReadOnlyList<int> after)
    {
        var kept = 0;
        var (named, taken) = (new HashSet<int>(), new HashSet<int>());
        foreach (var pair in before.Zip(after).Where(pair => pair.First >= 0 && pair.Second >= 0).GroupBy(pair => pair).OrderByDescending(group => group.Count()).ThenBy(group => group.Key))
        {
            if (named.Contains(pair.Key.Second) || !taken.Add(pair.Key.First))
                continue;
            named.Add(pair.Key.Second);
            kept += pair.Count();
        }

        return kept;
    }
}
