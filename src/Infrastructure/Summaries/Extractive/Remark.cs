using AIChat.Domain.Topics;
using AIChat.Infrastructure.Topics.Naming;

namespace AIChat.Infrastructure.Summaries.Extractive;

/// <summary>A line, or consecutive lines of one speaker that belong together.</summary>
/// <param name="Lines">Indices within the group, ascending.</param>
/// <param name="Speaker">Identifies the speaker.</param>
/// <param name="Nickname">Cleaned; may be empty.</param>
/// <param name="Text">Cleaned; not empty.</param>
internal sealed record Remark(IReadOnlyList<int> Lines, string Speaker, string Nickname, string Text)
{
    /// <summary>Lines are joined only if they follow quickly and stay short together.</summary>
    private const int LongestMerge = 120;

    /// <summary>Between two messages that are quoted together.</summary>
    private const string Mark = " / ";

    private static readonly TimeSpan Quickly = TimeSpan.FromSeconds(30);

    /// <summary>The sentences' ranges in <see cref="Text"/>.</summary>
    public IReadOnlyList<Range> Sentences { get; } = Split(Text);

    public bool Asks => Text.AsSpan().TrimEnd(" ~.!ㅋㅎㅠㅜ)").EndsWith("?", StringComparison.Ordinal) || Text[^1] is '？';

    /// <summary>The remarks of a group; blank lines and system lines are skipped.</summary>
    public static List<Remark> Of(IReadOnlyList<ChatLine> lines)
    {
        List<Remark> remarks = [];
        for (var i = 0; i < lines.Count; i++)
        {
            var line = lines[i];
            var text = line.IsSystem ? "" : PlainText.Clean(line.Content);
            if (text.Length == 0) continue;
            if (remarks is [.., var last] && last.Lines[^1] == i - 1 && last.Continues(line, lines[i - 1], text))
                remarks[^1] = new Remark([.. last.Lines, i], last.Speaker, last.Nickname, $"{last.Text}{Mark}{text}");
            else
                remarks.Add(new Remark([i], line.Speaker, PlainText.Clean(line.Nickname), text));
        }
        return remarks;
    }

    private bool Continues(ChatLine next, ChatLine last, string text) =>
        next.Speaker == Speaker
        && next.CreatedAt - last.CreatedAt <= Quickly
        && Text.Length + text.Length < LongestMerge
        && Text[^1] is not ('.' or '!' or '?' or '？' or '。')
        && (next.ReplyTo is null || next.ReplyTo == last.ReplyTo);

    private static List<Range> Split(string text)
    {
        List<Range> sentences = [];
        var start = 0;
        for (var i = 0; i < text.Length; i++)
        {
            var ends = text[i] is '。' or '？' or '！' || (text[i] is '.' or '!' or '?' or '…' && (i + 1 == text.Length || text[i + 1] == ' '));
            if (!ends) continue;
            // "Mr. White" and "3. then" are not sentence ends.
            if (text[i] == '.' && IsAbbreviation(text.AsSpan(start, i - start))) continue;
            sentences.Add(start..(i + 1));
            start = i + 1;
            while (start < text.Length && text[start] == ' ') start++;
            i = start - 1;
        }
        if (start < text.Length) sentences.Add(start..text.Length);
        return sentences;
    }

    private static bool IsAbbreviation(ReadOnlySpan<char> before)
    {
        var word = before[(before.LastIndexOf(' ') + 1)..];
        return word is "Mr" or "Mrs" or "Ms" or "Dr" or "St" or "vs" or "e.g" or "i.e" or "No" || (word.Length == 1 && char.IsAsciiLetterUpper(word[0]) && word[0] != 'I')
            || (word.Length is 1 or 2 && before.Length == word.Length && word.IndexOfAnyExceptInRange('0', '9') < 0);
    }
}
