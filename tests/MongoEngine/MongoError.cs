using MongoDB.Bson;
using Npgsql;

namespace AIChat.MongoEngine;

/// <summary>A failure as MongoDB's clients know it.</summary>
internal sealed class MongoError(int code, string name, string message, params string[] labels) : Exception(message)
{
    public const int WriteConflict = 112;

    public const string Transient = "TransientTransactionError";

    // DocumentDB's own SQLSTATEs and what MongoDB calls them.
    private static readonly Dictionary<string, (int Code, string Name)> Known = new(StringComparer.Ordinal)
    {
        ["M0001"] = (2, "BadValue"),
        ["M0003"] = (9, "FailedToParse"),
        ["M0004"] = (14, "TypeMismatch"),
        ["M0008"] = (26, "NamespaceNotFound"),
        ["M0009"] = (27, "IndexNotFound"),
        ["M000E"] = (43, "CursorNotFound"),
        ["M000F"] = (48, "NamespaceExists"),
        ["M000M"] = (66, "ImmutableField"),
        ["M000R"] = (85, "IndexOptionsConflict"),
        ["M000S"] = (86, "IndexKeySpecsConflict"),
        ["M001C"] = (11000, "DuplicateKey"),
        ["M00CO"] = (121, "DocumentValidationFailure"),
        ["23505"] = (11000, "DuplicateKey"),
        ["23P01"] = (11000, "DuplicateKey"),
        ["57014"] = (50, "MaxTimeMSExpired"),
        ["42P01"] = (26, "NamespaceNotFound"),
        ["0A000"] = (115, "CommandNotSupported"),
    };

    public int Code => code;

    public static MongoError NoTransaction => new(251, "NoSuchTransaction", "The transaction was aborted.", Transient);

    /// <summary>From what DocumentDB writes into an answer: the five characters of an SQLSTATE, six bits each, or MongoDB's own number.</summary>
    public static MongoError FromAnswer(int code, string message)
        => code < 100_000 ? new MongoError(code, "Error", message) : FromState(string.Concat(Enumerable.Range(0, 5).Select(at => (char)(((code >> (6 * at)) & 63) + '0'))), message);

    public static MongoError From(Exception failure) => failure switch
    {
        MongoError known => known,
        PostgresException postgres => FromState(postgres.SqlState, postgres.MessageText),
        _ => new MongoError(1, "InternalError", $"{failure.GetType().Name}: {failure.Message}"),
    };

    public BsonDocument ToDocument()
    {
        var document = new BsonDocument { { "ok", 0.0 }, { "errmsg", Message }, { "code", code }, { "codeName", name } };
        if (labels.Length > 0)
            document.Add("errorLabels", new BsonArray(labels));
        return document;
    }

    private static MongoError FromState(string state, string message)
    {
        if (state is "40001" or "40P01" or "55P03")
            return new MongoError(WriteConflict, "WriteConflict", message, Transient);
        return Known.TryGetValue(state, out var known) ? new MongoError(known.Code, known.Name, message) : new MongoError(1, "InternalError", $"{state}: {message}");
    }
}
