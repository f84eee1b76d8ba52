using System.Buffers;
using System.Globalization;
using System.Text;

namespace AIChat.Infrastructure.Topics.Naming;

/// <summary>Makes untrusted text fit to be quoted on one line.</summary>
internal static class PlainText
{
    private static readonly SearchValues<char> Plain = SearchValues.Create(Enumerable.Range(0x21, 0x7E - 0x20).Select(c => (char)c).ToArray());

    /// <summary>
    /// Removes control, format and bidirectional characters and lone surrogates, and turns runs of white space into one space. The joiner between the parts of an emoji is
    /// kept, because without it 👨‍👩‍👧 falls apart. Nothing is escaped; that is the caller's task.
    /// </summary>
    public static string Clean(string text)
    {
        if (text.AsSpan().IndexOfAnyExcept(Plain) < 0) return text;
        var clean = new StringBuilder(text.Length);
        var space = false;
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            if (char.IsWhiteSpace(c) || char.IsControl(c))
            {
                space = clean.Length > 0;
                continue;
            }
            var pair = char.IsHighSurrogate(c) && i + 1 < text.Length && char.IsLowSurrogate(text[i + 1]);
            if (char.IsSurrogate(c) && !pair) continue;
            var category = CharUnicodeInfo.GetUnicodeCategory(text, i);
            if (category == UnicodeCategory.Format && (c != '\u200D' || space || clean.Length == 0)) continue;
            if (space) clean.Append(' ');
            space = false;
            clean.Append(c);
            if (pair) clean.Append(text[++i]);
        }
        return clean.ToString();
    }
}
