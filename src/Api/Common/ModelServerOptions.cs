using System.Globalization;
using AIChat.Infrastructure.Common;

namespace AIChat.Api.Common;

/// <summary>How much the classifier role works on at once.</summary>
internal sealed class ModelServerOptions
{
    /// <summary>MODEL_SERVER_QUEUE: calls of each kind that run at once, and calls that may wait.</summary>
    public required TurnLimits Queue { get; init; }

    public static ModelServerOptions Read(SettingsReader read) => new()
    {
        Queue = read.Parsed("MODEL_SERVER_QUEUE", LimitsOf, "is not RUNNING/WAITING, such as 2/32 (1 to 64, and 0 to 1000); correct it or unset it.")
            ?? new TurnLimits(Math.Clamp(Environment.ProcessorCount, 1, 64), 32),
    };

    private static TurnLimits? LimitsOf(string text)
    {
        var numbers = text.Split('/').Select(part => int.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : -1).ToList();
        return numbers is [>= 1 and <= 64, >= 0 and <= 1000] ? new TurnLimits(numbers[0], numbers[1]) : null;
    }
}

internal sealed record TurnLimits(int Running, int Waiting);
