namespace AIChat.Application.Summaries;

/// <summary>How long a summary may be, and what of its topics is shown within that.</summary>
internal static class SummaryLength
{
    /// <summary>120 words for 100 messages, 220 for 500, in between and beyond by this power of their number.</summary>
    private const double WordsOfHundred = 120, Power = 0.3766;

    private const int MostWords = 400, FewestWords = 30;

    /// <summary>A point beside another of its topic is worth this share of itself, once for each other one, so that a summary tells of many topics.</summary>
    private const double BesideAnother = 0.5;

    /// <summary>A summary has at most this share of the words that were said.</summary>
    private const double Share = 0.25;

    /// <param name="messages">Number of messages that were asked for.</param>
    /// <param name="said">Number of their words.</param>
    /// <returns>The most words of all outcomes and points of a level.</returns>
    public static int Words(int messages, int said)
        => (int)Math.Min(Math.Min(MostWords, (WordsOfHundred * Math.Pow(messages / 100.0, Power)) + 0.5), Math.Max(FewestWords, Share * said));

    /// <summary>
    /// Chooses what is worth most for its length, topic by topic its first outcome before all else, until the words are used up. A point that cites nothing but what is cited
    /// already adds nothing. Of topics of one message nothing is chosen where there are others.
    /// </summary>
    public static IReadOnlyList<ShownPart> Choose(IReadOnlyList<(WrittenPart Part, int Messages)> topics, int words)
    {
        var shown = topics.Select(_ => new ShownPart()).ToList();
        var isAnyLonger = topics.Any(topic => topic.Messages > 1);
        var candidates = Enumerable.Range(0, topics.Count)
            .Where(topic => topics[topic].Messages > 1 || !isAnyLonger)
            .SelectMany(topic => topics[topic].Part.Outcomes.Concat(topics[topic].Part.Points).Select((point, place) => (Topic: topic, Point: point, IsOutcome: place == 0 && topics[topic].Part.Outcomes.Count > 0)))
            .ToList();

        // Where everything is too long, something is better than nothing.
        var left = Math.Max(words, candidates.Where(each => MayBeFirst(each.Topic, each.IsOutcome)).Select(each => each.Point.Words).DefaultIfEmpty().Min());
        while (candidates.Exists(each => Fits(each.Topic, each.Point, each.IsOutcome)))
        {
            var best = candidates.Where(each => Fits(each.Topic, each.Point, each.IsOutcome)).MaxBy(each => Worth(each.Topic, each.Point));
            candidates.Remove(best);
            var (topic, point, isOutcome) = best;
            shown[topic] = isOutcome ? shown[topic] with { Outcome = point } : shown[topic] with { Points = [.. shown[topic].Points, point] };
            left -= point.Words;
        }

        return shown;

        double Worth(int topic, WrittenPoint point) => point.Importance / point.Words * Math.Pow(BesideAnother, shown[topic].All.Count());

        bool Fits(int topic, WrittenPoint point, bool isOutcome)
            => point.Words <= left && (MayBeFirst(topic, isOutcome) || shown[topic].Outcome is not null) && point.Citations.Except(shown[topic].All.SelectMany(each => each.Citations), StringComparer.Ordinal).Any();

        bool MayBeFirst(int topic, bool isOutcome) => isOutcome || topics[topic].Part.Outcomes.Count == 0;
    }
}

/// <summary>The outcome and the points of a topic that a summary shows.</summary>
internal sealed record ShownPart
{
    public WrittenPoint? Outcome { get; init; }

    public IReadOnlyList<WrittenPoint> Points { get; init; } = [];

    public IEnumerable<WrittenPoint> All => Outcome is null ? Points : Points.Prepend(Outcome);

    public bool IsAny => Outcome is not null || Points.Count > 0;
}
