using System.Globalization;

namespace AIChat.Infrastructure.Topics.Linking;

/// <summary>Recognises lines without content of their own.</summary>
internal static class FillerDetector
{
    /// <summary>True for a blank text, one of at most two characters, or one of nothing but ㅋㅎㅠㅜ, punctuation and emoji.</summary>
    public static bool IsFiller(string text)
    {
        var content = 0;
        foreach (var rune in text.EnumerateRunes())
        {
            if (IsContent(rune) && ++content > 2)
                return false;
        }

        return true;
    }

    /// <summary>Whether a character carries content: letters, digits and their marks. Single jamo only laugh, cry or agree (ㅇㅇ).</summary>
    private static bool IsContent(System.Text.Rune rune) =>
        System.Text.Rune.GetUnicodeCategory(rune) is UnicodeCategory.LowercaseLetter or UnicodeCategory.UppercaseLetter or UnicodeCategory.TitlecaseLetter
            or UnicodeCategory.OtherLetter or UnicodeCategory.ModifierLetter or UnicodeCategory.DecimalDigitNumber
            or UnicodeCategory.LetterNumber or UnicodeCategory.OtherNumber or UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark
        && rune.Value is not (>= 0x3131 and <= 0x3163);
}
