using AIChat.Evaluation.Scoring;

namespace AIChat.Infrastructure.Tests.Topics;

/// <summary>The expected numbers are those of the measure's reference script for the same links.</summary>
public sealed class ScoreTests
{
    private const string GoldOne =
        "0 0;1 1;2 2;0 3;4 2;3 5;6 6;7 7;8 7;9 9;5 9;10 10;6 11;12 12;13 9;14 14;15 10;16 15;17 17;18 18;14 19;19 20;19 21;22 18;23 19;21 24;20 24;25 20";

    private const string GoldTwo =
        "0 0;1 1;2 2;3 2;4 4;5 1;6 6;2 7;8 5;9 4;7 10;11 8;12 9;13 13;13 14;15 15;13 16;13 17;15 18;17 19;20 17;21 19;17 22;22 23;24 22;25 24";

    private const string Predicted =
        "one 4 4;one 5 3;one 6 6;one 7 7;one 8 7;one 9 9;one 10 10;one 11 6;one 12 12;one 13 9;one 14 14;one 15 10;one 16 13;one 17 17;one 18 18;one 19 14;"
        + "one 20 19;one 21 19;one 22 18;one 23 19;one 24 24;one 25 20;two 4 0;two 5 1;two 6 6;two 7 2;two 8 5;two 9 4;two 10 7;two 11 8;two 12 9;two 13 13;"
        + "two 14 14;two 15 15;two 16 13;two 17 11;two 18 15;two 19 17;two 20 17;two 21 17;two 22 17;two 23 22;two 24 22;two 25 25";

    [Fact]
    public void Agrees_with_the_papers_script_in_every_measure()
    {
        var folder = Directory.CreateTempSubdirectory();
        try
        {
            File.WriteAllLines(Path.Combine(folder.FullName, "one.annotation.txt"), GoldOne.Split(';').Select(pair => pair + " -"));
            File.WriteAllLines(Path.Combine(folder.FullName, "two.annotation.txt"), GoldTwo.Split(';').Select(pair => pair + " -"));
            var predictions = Path.Combine(folder.FullName, "predictions.txt");
            File.WriteAllLines(predictions, Predicted.Split(';'));

            var score = ConversationScore.Of(Links.ReadPredictions(predictions), Links.ReadGold(folder.FullName, 4), 4);

            double[] expected = [81.8182, 78.2609, 80.0, 84.3384, 56.4779, 77.2727, 83.1352, 54.5455, 54.5455, 54.5455];
            double[] found =
            [
                score.LinkPrecision, score.LinkRecall, score.LinkF, score.Vi, score.Ari, score.OneToOne, score.Shen,
                score.ExactPrecision, score.ExactRecall, score.ExactF,
            ];
            Assert.All(expected.Zip(found), pair => Assert.Equal(pair.First, pair.Second, 0.001));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public void Equal_ranks_share_their_mean() => Assert.Equal(0.9487, Spearman.Of([1, 2, 3, 4], [1, 2, 2, 4]), 0.0001);
}
