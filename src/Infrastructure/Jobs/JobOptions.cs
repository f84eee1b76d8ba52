using AIChat.Infrastructure.Common;

namespace AIChat.Infrastructure.Jobs;

/// <summary>Settings of the background work.</summary>
public sealed class JobOptions
{
    /// <summary>IMPORT_MAX_BYTES: the largest transcript.</summary>
    public long ImportMaxBytes { get; init; }

    /// <summary>RECLASSIFY_MINUTES: the interval at which rooms that changed are reclassified.</summary>
    public int ReclassifyMinutes { get; init; }

    public static JobOptions Read(SettingsReader read) => new()
    {
        ImportMaxBytes = read.Number("IMPORT_MAX_BYTES", 2_000_000_000, 1, long.MaxValue),
        ReclassifyMinutes = read.Number("RECLASSIFY_MINUTES", 5, 1, 59),
    };
}
