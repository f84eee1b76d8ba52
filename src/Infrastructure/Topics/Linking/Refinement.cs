namespace AIChat.Infrastructure.Topics.Linking;

/// <summary>
/// Local moves once all lines are assigned: each line is scored again against the conversations on either side in time and moved to the one that fits best. Several
/// sweeps, because one move makes others possible.
/// </summary>
internal static class Refinement
{
    private const int Sweeps = 3;

    /// <summary>ln 1.75: the least ratio of likelihoods for a move. Otherwise a chain of close choices would merge conversations.</summary>
    private const float LeastGain = 0.56f;

    /// <param name="clustering">Changed in place.</param>
    /// <param name="isFixed">Whether the line at an index must not move.</param>
    /// <param name="model">Scores the conversations of <see cref="RefinementFeatures"/>.</param>
    /// <param name="cancellation">Stops between lines.</param>
    /// <returns>[lines]: P(the line's conversation) − P(the next best) at its last scoring; null where it was not scored.</returns>
    public static float?[] Run(Clustering clustering, Func<int, bool> isFixed, ConversationScorer model, CancellationToken cancellation)
    {
        var margins = new float?[clustering.Lines.Count];
        var features = new RefinementFeatures(clustering);
        for (var sweep = 0; sweep < Sweeps; sweep++)
        {
            var moved = 0;
            for (var at = 0; at < clustering.Lines.Count; at++)
            {
                cancellation.ThrowIfCancellationRequested();
                if (clustering.Conversations[at] < 0 || isFixed(at))
                    continue;
                var before = clustering.Conversations[at];
                clustering.Move(at, Choose(features, at, model, LeastGain, out var margin));
                margins[at] = margin;
                moved += clustering.Conversations[at] == before ? 0 : 1;
            }

            if (moved == 0)
                break;
        }

        return margins;
    }

    /// <summary>The conversation that fits a line best; the present one where no other is likelier by a factor of e^<paramref name="leastGain"/>; null: one of its own.</summary>
    public static int? Choose(RefinementFeatures features, int at, ConversationScorer model, float leastGain, out float margin)
    {
        features.Fill(at);
        var count = features.Conversations.Count;
        Span<float> logProbabilities = count < 256 ? stackalloc float[count + 1] : new float[count + 1];
        model.Score(features.Rows, logProbabilities);
        var best = count;
        for (var row = 0; row < count; row++)
        {
            if (logProbabilities[row] > logProbabilities[best])
                best = row;
        }

        var present = features.PresentRow(at);
        if (logProbabilities[best] - logProbabilities[present] < leastGain)
            best = present;
        margin = ConversationScorer.Margin(logProbabilities, best);
        return best == count ? null : features.Conversations[best];
    }
}
