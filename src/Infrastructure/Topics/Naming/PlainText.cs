using System.Buffers;
using System.Globalization;
using System.Text;

namespace AIChat.Infrastructure.Topics.Naming;

/// <summary>Untrusted text made fit to be quoted on one line.</summary>
internal static class PlainText
{
    private static readonly SearchValues<char> s_plain = SearchValues.Create(Enumerable.Range(0x21, 0x7E - 0x20).Select(c => (char)c).ToArray());

    /// <summary>
    /// Without control, format and bidirectional characters and lone surrogates; runs of white space become one space. The joiner between the parts of
    /// an emoji is kept, for without it 👨‍👩‍👧 falls apart. Nothing is escaped: that is for whoever shows it.
    /// </summary>
    public static string Clean(string text)
    {
        if (text.AsSpan().IndexOfAnyExcept(s_plain) < 0) return text;
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
