using AIChat.Domain.Topics;

namespace AIChat.Infrastructure.Tests.Topics;

/// <summary>Shorthand for test rooms.</summary>
internal static class Talk
{
    public static readonly DateTimeOffset Start = new(2026, 3, 2, 9, 0, 0, TimeSpan.Zero);

    public static ChatLine Says(this string speaker, double second, string text) => new("id-" + speaker, speaker, text, Start.AddSeconds(second));

    public static ChatLine System(double second, string text) => new("", "", text, Start.AddSeconds(second), IsSystem: true);

    /// <summary>A random room.</summary>
    public static List<ChatLine> Babble(int lines, int seed, int people = 9)
    {
        string[] words = ["kernel", "driver", "지갑", "고양이", "사진", "update", "wifi", "여행", "제주도", "mount", "sound", "점심", "회의", "일정", "grub", "panic"];
        var chance = new Random(seed);
        var clock = 0.0;
        return [.. Enumerable.Range(0, lines).Select(_ =>
        {
            clock += chance.Next(1, 40);
            var text = string.Join(' ', Enumerable.Range(0, chance.Next(1, 7)).Select(_ => words[chance.Next(words.Length)]));
            return $"p{chance.Next(people)}".Says(clock, chance.Next(5) == 0 ? $"p{chance.Next(people)}: {text}" : text);
        })];
    }
}
