using System.Globalization;
using System.Text;
using AIChat.Domain.Messages;
using Microsoft.EntityFrameworkCore;

namespace AIChat.Infrastructure.Persistence.Sqlite;

/// <summary>
/// The words of messages in an FTS5 table without content: one document a message, its rowid the message's row, its tokens the message's search terms. A token is
/// the room's row and the term's code points in six hexadecimal digits each, so that it belongs to one room, survives any tokenizer, and the pairs that begin with
/// a character are the tokens that begin with its digits.
/// </summary>
internal static class SearchIndex
{
    public const string Create = "CREATE VIRTUAL TABLE message_terms USING fts5(terms, content='', contentless_delete=1, detail=none, tokenize='ascii')";

    public static void Add(AIChatDbContext context, long room, long row, string content)
    {
        var document = string.Join(' ', SearchTerms.ToIndex(content).Select(term => TokenOf(room, term)));
        context.Prepared("INSERT INTO message_terms(rowid, terms) VALUES (@row, @terms)", ("@row", row), ("@terms", document)).ExecuteNonQuery();
    }

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

    private static string TokenOf(long room, string term)
    {
        var token = new StringBuilder().Append(CultureInfo.InvariantCulture, $"r{room}x");
        foreach (var rune in term.EnumerateRunes())
            token.Append(CultureInfo.InvariantCulture, $"{rune.Value:x6}");
        return token.ToString();
    }
}
