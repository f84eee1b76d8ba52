namespace AIChat.Infrastructure.Topics.Linking;

/// <summary>Scales of feature values: counts and times enter as logarithms, so that all values lie within a few units of 0.</summary>
internal static class FeatureScale
{
    /// <summary><see cref="Lines"/> of small counts.</summary>
    private static readonly float[] OfLines = [.. Enumerable.Range(0, 1024).Select(LogarithmOf)];

    /// <summary>ln(1 + minutes) / 2; a negative gap counts as none.</summary>
    public static float Minutes(TimeSpan gap) => (float)Math.Log(1 + Math.Max(0, gap.TotalMinutes)) / 2;

    /// <summary>ln(1 + lines) / 2.</summary>
    public static float Lines(int count) => (uint)count < (uint)OfLines.Length ? OfLines[count] : LogarithmOf(count);

    /// <summary>e^(−gap / <paramref name="seconds"/>); a negative gap counts as none.</summary>
    public static float Decay(TimeSpan gap, int seconds) => (float)Math.Exp(-Math.Max(0, gap.TotalSeconds) / seconds);

    private static float LogarithmOf(int count) => MathF.Log(1 + count) / 2;
}
