namespace AIChat.Infrastructure.Topics.Themes;

/// <summary>How much less similar conversations count that are far apart in time. The room's own pace is the unit, whatever its dates are.</summary>
internal sealed class TimeDamping
{
    /// <summary>Share of the similarity that is lost at great distance in time.</summary>
    private const float MaxDamping = 0.5f;

    /// <summary>Time constant of the damping, in conversations that begin at the room's median pace.</summary>
    private const int Conversations = 10;

    /// <summary>In seconds and not a <see cref="TimeSpan"/>, which cannot hold ten times the distance from the year 1 to 9999.</summary>
    private readonly double _timeConstant;

    /// <param name="starts">When each conversation begins, in any order.</param>
    public TimeDamping(IEnumerable<DateTimeOffset> starts)
    {
        var ordered = starts.Order().ToArray();
        var gaps = ordered.Zip(ordered.Skip(1), (a, b) => (b - a).TotalSeconds).Order().ToArray();
        var median = Median(gaps);

        // A transcript without a clock, or with minutes alone, has most of them begin at once: the others show the pace.
        if (median == 0)
            median = Median(gaps[gaps.TakeWhile(gap => gap == 0).Count()..]);
        _timeConstant = Conversations * median;
    }

    /// <summary>1 for conversations at the same time; falls exponentially with the gap to 1 − <see cref="MaxDamping"/>.</summary>
    public float Nearness(ThemeConversation one, ThemeConversation other)
    {
        var gap = Math.Max((one.From - other.To).TotalSeconds, (other.From - one.To).TotalSeconds);
        return gap <= 0 ? 1 : 1 - MaxDamping + (MaxDamping * (float)Math.Exp(-gap / _timeConstant));
    }

    /// <summary>The lower median, so that of three conversations two near ones decide; 0: there are none.</summary>
    private static double Median(double[] ascending) => ascending.Length == 0 ? 0 : ascending[(ascending.Length - 1) / 2];
}
