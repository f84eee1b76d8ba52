using AIChat.Infrastructure.Topics.Linking;

namespace AIChat.Evaluation.Training;

/// <summary>Choices of the second pass to learn from.</summary>
internal static class SecondSamples
{
    /// <summary>Files a room by the linker, then looks at each judged line again; some are moved where they belong, so that the later ones see a room that improves.</summary>
    public static IEnumerable<ConversationSample> Of(LabelledRoom room, LinkWeights weights, int seed)
    {
        var chance = new Random(seed);
        var linker = new LearnedLinker(weights, isLearning: true);
        var lines = new List<ScoredLine>();
        foreach (var line in room.Lines)
        {
            linker.Link(line);
            if (linker.LastWeighed() is { } weighed)
                lines.Add(weighed);
        }

        var filed = new Clustering(lines);
        var features = new RefinementFeatures(filed);
        var settled = chance.NextDouble();
        for (var at = 0; at < lines.Count; at++)
        {
            if (filed.Numbers[at] < 0 || lines[at].Links.Length == 0 || room.Answered[lines[at].Line.Index] is null)
                continue;
            int? kept = null;
            if (weights.Second is { } model)
                kept = Refinement.Choose(features, at, model, leastGain: 0, out _);
            else
                features.Fill(at);
            var right = Right(room, filed, features, at);
            yield return new ConversationSample(features.Rows.ToArray(), right);
            var chosen = Array.IndexOf(right, true);
            if (chance.NextDouble() < settled)
                filed.Move(at, chosen < features.Numbers.Count ? features.Numbers[chosen] : null);
            else if (weights.Second is not null)
                filed.Move(at, kept);
        }
    }

    private static bool[] Right(LabelledRoom room, Clustering filed, RefinementFeatures features, int at)
    {
        const int near = 60;
        var right = new bool[features.Numbers.Count + 1];
        var gains = new double[features.Numbers.Count];
        var mine = room.Conversations[filed.Lines[at].Line.Index];
        for (var row = 0; row < gains.Length; row++)
        {
            for (var other = Math.Max(0, at - RefinementFeatures.Reach); other <= at + RefinementFeatures.Reach && other < filed.Lines.Count; other++)
            {
                var theirs = room.Conversations[filed.Lines[other].Line.Index];
                if (other == at || filed.Numbers[other] != features.Numbers[row] || theirs < 0)
                    continue;
                gains[row] += theirs == mine ? 1 : Math.Abs(other - at) <= near ? -0.7 : 0;
            }
        }

        right[gains.Length > 0 && gains.Max() > 0 ? Array.IndexOf(gains, gains.Max()) : gains.Length] = true;
        return right;
    }
}
