using System.Globalization;
using AIChat.Infrastructure.Common;

namespace AIChat.Api.Common;

/// <summary>How often each person may make calls that cost something.</summary>
internal sealed class RateOptions
{
    /// <summary>SEND_RATE: messages a second.</summary>
    public required Rate Send { get; init; }

    /// <summary>SUMMARY_RATE: summaries a minute.</summary>
    public required Rate Summary { get; init; }

    public static RateOptions Read(SettingsReader read) => new()
    {
        Send = Read("SEND_RATE", new Rate(20, 60), read),
        Summary = Read("SUMMARY_RATE", new Rate(30, 20), read),
    };

    private static Rate Read(string name, Rate otherwise, SettingsReader read)
        => read.Parsed(name, text => Parse(text, otherwise), $"is not RATE or RATE/BURST, such as {otherwise.Count}/{otherwise.Burst}; correct it or unset it.") ?? otherwise;

    private static Rate? Parse(string text, Rate otherwise)
    {
        var numbers = text.Split('/').Select(part => int.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0).ToList();
        return numbers.Count <= 2 && numbers.TrueForAll(number => number is >= 1 and <= 1_000_000) ? new Rate(numbers[0], numbers.Count == 2 ? numbers[1] : Math.Max(numbers[0], otherwise.Burst)) : null;
    }
}

/// <param name="Count">Calls in a period.</param>
/// <param name="Burst">Calls at once after a pause.</param>
internal sealed record Rate(int Count, int Burst);
