namespace AIChat.Application.Summaries;

/// <summary>Which of the two languages most of a room's words are in.</summary>
internal static class RoomLanguage
{
    public const string Korean = "ko";
    public const string English = "en";

    /// <summary>A syllable block of Hangul says about as much as two and a half Latin letters, so they are weighed like that.</summary>
    public static string Of(IEnumerable<string> texts)
    {
        long hangul = 0, latin = 0;
        foreach (var c in texts.SelectMany(text => text))
        {
            if (c is >= '가' and <= '힣')
                hangul++;
            else if (char.IsAsciiLetter(c))
                latin++;
        }

        return hangul * 5 >= latin * 2 && hangul > 0 ? Korean : English;
    }
}
