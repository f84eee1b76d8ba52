using AIChat.Infrastructure.Topics.Linking;

namespace AIChat.Evaluation.Training;

/// <summary>Samples for the scorer of <see cref="Refinement"/>.</summary>
internal static class RefinementSamples
{
    /// <summary>Assigns a room's lines by the linker, then makes a sample of each annotated line. Some lines are moved to their right conversation, so that later samples see an improved clustering.</summary>
    public static IEnumerable<ConversationSample> Of(LabelledRoom room, LinkWeights weights, int seed)
    {
        var chance = new Random(seed);
        var linker = new LearnedLinker(weights, isTraining: true);
        var lines = new List<ScoredLine>();
        foreach (var line in room.Lines)
        {
            linker.Link(line);
            if (linker.LastScored() is { } scored)
                lines.Add(scored);
        }

        var clustering = new Clustering(lines);
        var features = new RefinementFeatures(clustering);
        var settled = chance.NextDouble();
        for (var at = 0; at < lines.Count; at++)
        {
            if (clustering.Conversations[at] < 0 || lines[at].Links.Length == 0 || room.Answered[lines[at].Observed.Index] is null)
                continue;
            int? kept = null;
            if (weights.Refinement is { } model)
                kept = Refinement.Choose(features, at, model, leastGain: 0, out _);
            else
                features.Fill(at);
            var right = Right(room, clustering, features, at);
            yield return new ConversationSample(features.Rows.ToArray(), right);
            var chosen = Array.IndexOf(right, true);
            if (chance.NextDouble() < settled)
                clustering.Move(at, chosen < features.Conversations.Count ? features.Conversations[chosen] : null);
            else if (weights.Refinement is not null)
                clustering.Move(at, kept);
        }
    }

    private static bool[] Right(LabelledRoom room, Clustering clustering, RefinementFeatures features, int at)
    {
        const int near = 60;
        var right = new bool[features.Conversations.Count + 1];
        var gains = new double[features.Conversations.Count];
        var conversation = room.Conversations[clustering.Lines[at].Observed.Index];
        for (var row = 0; row < gains.Length; row++)
        {
            for (var other = Math.Max(0, at - RefinementFeatures.Reach); other <= at + RefinementFeatures.Reach && other < clustering.Lines.Count; other++)
            {
                var neighbour = room.Conversations[clustering.Lines[other].Observed.Index];
                if (other == at || clustering.Conversations[other] != features.Conversations[row] || neighbour < 0)
                    continue;
                gains[row] += neighbour == conversation ? 1 : Math.Abs(other - at) <= near ? -0.7 : 0;
            }
        }

        right[gains.Length > 0 && gains.Max() > 0 ? Array.IndexOf(gains, gains.Max()) : gains.Length] = true;
        return right;
    }
}
