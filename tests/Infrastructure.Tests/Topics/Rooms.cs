using AIChat.Infrastructure.Topics.Ngrams;
using AIChat.Infrastructure.Topics.Themes;

namespace AIChat.Infrastructure.Tests.Topics;

/// <summary>Dates as they are found in the wild.</summary>
internal static class Rooms
{
    /// <summary>A way to date the lines of a room: by the clock, at once, in the year 1, in 9999, at random, backwards, or most of them at once and one far away.</summary>
    public static Func<int, DateTimeOffset> OddDates(Random chance)
    {
        var kind = chance.Next(7);
        var far = chance.Next(100);
        return i => kind switch
        {
            0 => Talk.Start.AddSeconds(20 * i),
            1 => Talk.Start,
            2 => i % 2 == 0 ? DateTimeOffset.MinValue : DateTimeOffset.MaxValue,
            3 => new DateTimeOffset(chance.NextInt64(DateTimeOffset.MaxValue.UtcTicks), TimeSpan.Zero),
            4 => Talk.Start.AddSeconds(-20 * i),
            5 => i == far % 20 ? DateTimeOffset.UnixEpoch : Talk.Start.AddSeconds(20 * i),
            _ => i % 10 == far % 10 ? Talk.Start.AddTicks(i) : Talk.Start,
        };
    }

    /// <summary>Conversations of random words with such dates.</summary>
    public static ThemeConversation[] Odd(Random chance, int count)
    {
        var date = OddDates(chance);
        return [.. Enumerable.Range(0, count).Select(i =>
        {
            var (one, other) = (date(i), date(i + 1));
            return new ThemeConversation([.. Enumerable.Range(0, chance.Next(2, 5)).Select(_ => new ThemeLine(NgramEmbedder.Embed(Words()), null))], one < other ? one : other, one < other ? other : one);
        })];

        string Words() => string.Join(' ', chance.GetItems(["kernel", "driver", "지갑", "고양이", "여행", "sound", "점심"], 5)) + $" {chance.Next():x}";
    }
}
