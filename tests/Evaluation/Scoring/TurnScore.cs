using AIChat.Evaluation.Training;
using AIChat.Infrastructure.Topics.Turns;

namespace AIChat.Evaluation.Scoring;

/// <summary>How many of the turns that people marked are found, at exactly their line.</summary>
internal readonly record struct TurnScore(int Marked, int Found, int Right)
{
    public double Precision => (double)Right / Math.Max(1, Found);

    public double Recall => (double)Right / Math.Max(1, Marked);

    public double F1 => 2.0 * Right / Math.Max(1, Marked + Found);

    public static TurnScore Of(IEnumerable<TurnTalk> talks, DriftDetector detector)
    {
        var (marked, found, right) = (0, 0, 0);
        foreach (var talk in talks)
        {
            var turns = detector.Turns(talk.Lines);
            marked += talk.Begins.Count(begins => begins);
            found += turns.Count;
            right += turns.Count(turn => talk.Begins[turn]);
        }

        return new TurnScore(marked, found, right);
    }

    public override string ToString() => $"{Marked} marked, {Found} found, {Right} right; precision {Precision:P1}, recall {Recall:P1}, F1 {F1:P1}";
}
