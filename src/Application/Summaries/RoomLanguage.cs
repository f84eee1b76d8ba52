namespace AIChat.Application.Summaries;

/// <summary>Detects the language, Korean or English, that most of a room's words are in.</summary>
internal static class RoomLanguage
{
    public const string Korean = "ko";
    public const string English = "en";

    /// <summary>One Hangul syllable carries about as much as 2.5 Latin letters and is weighted so.</summary>
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
