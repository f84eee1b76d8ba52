using System.Globalization;

namespace AIChat.Infrastructure.Topics.Linking;

/// <summary>Lines that say nothing by themselves.</summary>
internal static class FillerDetector
{
    /// <summary>True for a blank text, one of at most two characters, or one of nothing but ㅋㅎㅠㅜ, marks and emoji.</summary>
    public static bool IsFiller(string text)
    {
        var said = 0;
        foreach (var rune in text.EnumerateRunes())
        {
            if (Says(rune) && ++said > 2)
                return false;
        }

        return true;
    }

    /// <summary>What a line adds to a talk; jamo on their own only laugh, cry or agree (ㅇㅇ).</summary>
    private static bool Says(System.Text.Rune rune) =>
        System.Text.Rune.GetUnicodeCategory(rune) is UnicodeCategory.LowercaseLetter or UnicodeCategory.UppercaseLetter or UnicodeCategory.TitlecaseLetter
            or UnicodeCategory.OtherLetter or UnicodeCategory.ModifierLetter or UnicodeCategory.DecimalDigitNumber
            or UnicodeCategory.LetterNumber or UnicodeCategory.OtherNumber or UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark
        && rune.Value is not (>= 0x3131 and <= 0x3163);
}
