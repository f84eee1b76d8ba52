namespace AIChat.Infrastructure.Topics.Linking;

/// <summary>Running means over a room's lines: the pace, and how often lines mention someone.</summary>
internal sealed class RoomTempo
{
    /// <summary>The engine's constants were found in rooms with a line every 15 seconds or so.</summary>
    private static readonly TimeSpan UsualGap = TimeSpan.FromSeconds(15);

    private static readonly TimeSpan LongestGap = TimeSpan.FromHours(6);

    /// <summary>Window of the running means, in lines.</summary>
    private const int Window = 200;

    private DateTimeOffset _last;
    private double _logGap = Math.Log(1 + UsualGap.TotalSeconds);
    private int _lines;

    /// <summary>1 in a busy room; in a slower one, the geometric mean of the gaps between lines over <see cref="UsualGap"/>.</summary>
    public double Slowness => Math.Max(1, (Math.Exp(_logGap) - 1) / UsualGap.TotalSeconds);

    /// <summary>Share of lines that mention someone who has spoken before.</summary>
    public double MentionRate { get; private set; } = 0.15;

    public void Add(ObservedLine line)
    {
        // The initial values count as ten lines, so that one mention does not decide the rate.
        var share = 1.0 / Math.Min(Window, _lines + 10);
        MentionRate += share * ((line.Mentions.Count > 0 ? 1 : 0) - MentionRate);
        if (_lines > 0)
        {
            var gap = Math.Clamp((line.At - _last).TotalSeconds, 0, LongestGap.TotalSeconds);
            _logGap += share * (Math.Log(1 + gap) - _logGap);
        }

        _last = line.At;
        _lines++;
    }
}
