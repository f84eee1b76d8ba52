namespace AIChat.Infrastructure.Topics.Linking;

/// <summary>
/// Looks at every line again when all around it is filed, both ways in time, and moves it where it fits best; a few sweeps, since one move makes another.
/// </summary>
internal static class Refinement
{
    private const int Sweeps = 3;

    /// <summary>ln 1.75: a line moves to what is that many times as likely, so that conversations do not run into each other by a chain of close choices.</summary>
    private const float LeastGain = 0.56f;

    /// <param name="filed">The lines and their first conversations; moved in place.</param>
    /// <param name="isFixed">Whether a line stays where it is: somebody said so.</param>
    /// <param name="model">Chooses.</param>
    /// <param name="cancellation">Stops between lines.</param>
    /// <returns>Of each line, P(its conversation) − P(the next best) when it was looked at last; null where it stayed by rule.</returns>
    public static float?[] Run(Clustering filed, Func<int, bool> isFixed, ConversationScorer model, CancellationToken cancellation)
    {
        var margins = new float?[filed.Lines.Count];
        var features = new RefinementFeatures(filed);
        for (var sweep = 0; sweep < Sweeps; sweep++)
        {
            var moved = 0;
            for (var at = 0; at < filed.Lines.Count; at++)
            {
                cancellation.ThrowIfCancellationRequested();
                if (filed.Numbers[at] < 0 || isFixed(at))
                    continue;
                var before = filed.Numbers[at];
                filed.Move(at, Choose(features, at, model, LeastGain, out var margin));
                margins[at] = margin;
                moved += filed.Numbers[at] == before ? 0 : 1;
            }

            if (moved == 0)
                break;
        }

        return margins;
    }

    /// <summary>The conversation that fits a line best, the one that it is in where nothing is likelier by e^<paramref name="leastGain"/>; null: one of its own.</summary>
    public static int? Choose(RefinementFeatures features, int at, ConversationScorer model, float leastGain, out float margin)
    {
        features.Fill(at);
        var count = features.Numbers.Count;
        Span<float> chances = count < 256 ? stackalloc float[count + 1] : new float[count + 1];
        model.Score(features.Rows, chances);
        var best = count;
        for (var row = 0; row < count; row++)
        {
            if (chances[row] > chances[best])
                best = row;
        }

        var now = features.RowNow(at);
        if (chances[best] - chances[now] < leastGain)
            best = now;
        margin = ConversationScorer.Margin(chances, best);
        return best == count ? null : features.Numbers[best];
    }
}
