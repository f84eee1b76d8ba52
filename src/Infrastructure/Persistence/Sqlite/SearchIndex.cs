using System.Globalization;
using System.Text;
using AIChat.Domain.Messages;
using Microsoft.EntityFrameworkCore;

namespace AIChat.Infrastructure.Persistence.Sqlite;

/// <summary>
/// The words of messages in an FTS5 table without content: one document a message, its rowid the message's row, its tokens the message's search terms. A token is
/// the room's row, an x and the term, so that it belongs to one room, and the pairs that begin with a character are the tokens that begin with it. ASCII
/// characters other than letters and digits, at which the tokenizer would cut, are moved to the private use area. Candidates are always checked against the text.
/// </summary>
internal static class SearchIndex
{
    public const string Create = "CREATE VIRTUAL TABLE message_terms USING fts5(terms, content='', contentless_delete=1, detail=none, tokenize='ascii')";

    /// <summary>The index entry of a text. It is made before the writer is asked, because making it takes longer than writing it.</summary>
    public static string DocumentOf(long room, string content)
    {
        var start = StartOf(room);
        var document = new StringBuilder();
        foreach (var term in SearchTerms.ToIndex(content))
            AppendToken(document, start, term).Append(' ');
        return document.ToString();
    }

    public static void Add(AIChatDbContext context, long row, string document)
        => context.Prepared("INSERT INTO message_terms(rowid, terms) VALUES (@row, @terms)", ("@row", row), ("@terms", document)).ExecuteNonQuery();

    public static Task RemoveAsync(AIChatDbContext context, long row) => context.Database.ExecuteSqlAsync($"DELETE FROM message_terms WHERE rowid = {row}");

    /// <summary>Rows of messages that may hold all of the words, the newest first, below a row.</summary>
    public static Task<List<long>> FindAsync(AIChatDbContext context, long room, IReadOnlyList<string> foldedWords, long below, int limit, CancellationToken cancellation)
    {
        var query = string.Join(" AND ", foldedWords.SelectMany(word => IsOneCharacter(word)
            ? [TokenOf(room, word) + "*"]
            : SearchTerms.ToLookUp(word).Select(pair => TokenOf(room, pair))));
        return context.Database
            .SqlQuery<long>($"SELECT rowid AS \"Value\" FROM message_terms WHERE message_terms MATCH {query} AND rowid < {below} ORDER BY rowid DESC LIMIT {limit}")
            .ToListAsync(cancellation);
    }

    private static bool IsOneCharacter(string word) => word.EnumerateRunes().Count() == 1;

    private static string StartOf(long room) => string.Create(CultureInfo.InvariantCulture, $"{room}x");

    private static string TokenOf(long room, string term) => AppendToken(new StringBuilder(), StartOf(room), term).ToString();

    private static StringBuilder AppendToken(StringBuilder document, string start, string term)
    {
        const char privateUse = '\ue000';
        document.Append(start);
        foreach (var character in term)
            document.Append(char.IsAscii(character) && !char.IsAsciiLetterOrDigit(character) ? (char)(privateUse + character) : character);
        return document;
    }
}
