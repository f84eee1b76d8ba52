using AIChat.Domain.Topics;

namespace AIChat.Infrastructure.Topics.Turns;

/// <summary>Finds where a conversation turns, by a small network over the gaps between its lines (<see cref="TurnModel"/>). An offer to split needs more than a turn: another conversation has to begin.</summary>
internal sealed class DriftDetector(TurnModel model) : IDriftDetector
{
    /// <summary>Smallest number of lines before and after the place of an offer.</summary>
    private const int MinBlock = 6;

    /// <summary>Only that many of the newest lines are searched: an earlier turn has been offered already.</summary>
    private const int Newest = 200;

    /// <summary>Log-odds of an offer, against no other conversation in the whole talk.</summary>
    public const float OfferThreshold = 1.5f;

    /// <summary>Log-odds of a turn. Below 0, because turns are rare and F1 weighs a missed one as much as a wrong one.</summary>
    private const float TurnThreshold = -0.8f;

    public DriftDetector()
        : this(TurnModel.Shipped)
    {
    }

    public int? Find(IReadOnlyList<ChatLine> conversation)
    {
        var (line, odds) = Surest(conversation);
        return odds >= OfferThreshold ? line : null;
    }

    /// <summary>The place where another conversation is likeliest to begin, give or take a line.</summary>
    /// <returns>The first line after it, and the log-odds that it is there, against no such place in the whole conversation; −∞: too few lines.</returns>
    public (int Line, float Odds) Surest(IReadOnlyList<ChatLine> conversation)
    {
        var from = Math.Max(0, conversation.Count - Newest);
        if (conversation.Count - from < 2 * MinBlock)
            return (0, float.NegativeInfinity);
        var (line, odds) = Surest(model.Score(TurnFeatures.Of([.. conversation.Skip(from)])).Seams);
        return (from + line, odds);
    }

    /// <summary>The same from the scores of the gaps.</summary>
    /// <param name="seams">[gaps]: log-odds that another conversation begins, see <see cref="TurnModel.Score"/>.</param>
    public static (int Line, float Odds) Surest(float[] seams)
    {
        var (line, odds) = (0, float.NegativeInfinity);
        for (var at = MinBlock; at <= seams.Length + 1 - MinBlock; at++)
        {
            if (line == 0 || seams[at - 1] > seams[line - 1])
                line = at;
        }

        for (var gap = line - 2; line > 0 && gap <= line; gap++)
            odds = MathF.Max(odds, seams[gap]) + MathF.Log(1 + MathF.Exp(-MathF.Abs(odds - seams[gap])));
        return (line, odds);
    }

    /// <summary>Every line with which the talk turns, however little; more than an offer to split would name.</summary>
    public IReadOnlyList<int> Turns(IReadOnlyList<ChatLine> conversation)
    {
        var odds = model.Score(TurnFeatures.Of(conversation)).Turns;
        return [.. Enumerable.Range(1, odds.Length).Where(gap => odds[gap - 1] >= TurnThreshold)];
    }
}
