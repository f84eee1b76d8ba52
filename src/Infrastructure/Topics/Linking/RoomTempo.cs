namespace AIChat.Infrastructure.Topics.Linking;

/// <summary>How fast a room talks, and how often it names whom it means; follows it line by line.</summary>
internal sealed class RoomTempo
{
    /// <summary>The numbers of this engine were found in rooms of some five lines a minute; in slower ones everything takes longer.</summary>
    private static readonly TimeSpan Usual = TimeSpan.FromSeconds(15);

    private static readonly TimeSpan LongestGap = TimeSpan.FromHours(6);

    /// <summary>Lines that a change of habit takes to show.</summary>
    private const int Memory = 200;

    private DateTimeOffset _last;
    private double _logGap = Math.Log(1 + Usual.TotalSeconds);
    private int _lines;

    /// <summary>1 in a busy room, more in a slower one.</summary>
    public double Slowness => Math.Max(1, (Math.Exp(_logGap) - 1) / Usual.TotalSeconds);

    /// <summary>Share of lines that name somebody who has spoken before.</summary>
    public double Naming { get; private set; } = 0.15;

    public void Take(ObservedLine line)
    {
        // Two handfuls of imagined lines come first, so that one name does not make a custom.
        var share = 1.0 / Math.Min(Memory, _lines + 10);
        Naming += share * ((line.Calls.Count > 0 ? 1 : 0) - Naming);
        if (_lines > 0)
        {
            var gap = Math.Clamp((line.At - _last).TotalSeconds, 0, LongestGap.TotalSeconds);
            _logGap += share * (Math.Log(1 + gap) - _logGap);
        }

        _last = line.At;
        _lines++;
    }
}
