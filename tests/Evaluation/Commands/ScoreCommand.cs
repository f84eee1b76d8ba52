using System.CommandLine;
using AIChat.Evaluation.Scoring;

namespace AIChat.Evaluation.Commands;

/// <summary>Scores the links of any program.</summary>
internal static class ScoreCommand
{
    public static Command Create()
    {
        var gold = new Argument<DirectoryInfo>("gold") { Description = "Folder of NAME.annotation.txt files: lines 'a b -'." };
        var predictions = new Argument<FileInfo>("predictions") { Description = "Lines 'NAME LINE ANTECEDENT'; the same number twice starts a conversation." };
        var start = new Option<int>("--start") { Description = "First scored line of each file.", DefaultValueFactory = _ => 1000 };
        gold.AcceptExistingOnly();
        predictions.AcceptExistingOnly();
        var command = new Command("score", "Scores a file of predicted links.") { gold, predictions, start };
        command.SetAction(result =>
        {
            var truth = Links.ReadGold(result.GetRequiredValue(gold).FullName, result.GetValue(start));
            var found = Links.ReadPredictions(result.GetRequiredValue(predictions).FullName);
            var missing = truth.Keys.Where(name => !found.ContainsKey(name)).ToList();
            if (missing.Count > 0)
            {
                Console.Error.WriteLine("No predictions for " + string.Join(", ", missing));
                return 1;
            }

            var table = new ScoreTable();
            table.Add("predictions", ConversationScore.Of(found, truth, result.GetValue(start)));
            table.Print($"{truth.Count} files, scored from line {result.GetValue(start)}");
            return 0;
        });
        return command;
    }
}
