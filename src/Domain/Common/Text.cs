using System.Text;

namespace AIChat.Domain.Common;

/// <summary>Rules for every text that people type.</summary>
public static class Text
{
    /// <summary>Length as people count: Unicode code points, so that an emoji outside the basic plane is one.</summary>
    public static int LengthOf(string text) => text.EnumerateRunes().Count();

    /// <summary>Whether every surrogate has its partner and no NUL is inside: other texts cannot be stored and read back unchanged.</summary>
    public static bool IsStorable(string text)
    {
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == '\0')
                return false;
            if (!char.IsSurrogate(text[i]))
                continue;
            if (i + 1 == text.Length || !char.IsSurrogatePair(text[i], text[i + 1]))
                return false;
            i++;
        }

        return true;
    }

    /// <summary>Whether a one-line label (a nickname, a room's name) holds only characters that show: no control, format (bidirectional marks among them) or line-breaking ones.</summary>
    public static bool IsOneLine(string text)
        => IsStorable(text) && text.EnumerateRunes().All(rune => Rune.GetUnicodeCategory(rune) is not (
            System.Globalization.UnicodeCategory.Control or
            System.Globalization.UnicodeCategory.Format or
            System.Globalization.UnicodeCategory.LineSeparator or
            System.Globalization.UnicodeCategory.ParagraphSeparator or
            System.Globalization.UnicodeCategory.PrivateUse or
            System.Globalization.UnicodeCategory.OtherNotAssigned) || rune.Value == 0x200D);
}
