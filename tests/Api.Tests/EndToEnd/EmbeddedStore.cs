using Microsoft.Data.Sqlite;

namespace AIChat.Api.Tests.EndToEnd;

/// <summary>What lies in a server's embedded database, read beside the server.</summary>
internal static class EmbeddedStore
{
    /// <summary>For a server that is to have one whatever the tests run on.</summary>
    public static readonly (string Name, string Value) Setting = ("MONGODB_URI", string.Empty);

    public static long Count(ServerProcess server, string question) => Ask(server, question, row => row.GetInt64(0)).Single();

    /// <summary>Jobs that look at a whole room with the model (kind 2) and are in one of these states: 0 queued, 1 running, 2 succeeded.</summary>
    public static long EmbeddingJobs(ServerProcess server, string states) => Count(server, $"SELECT count(*) FROM jobs WHERE Kind = 2 AND State IN ({states})");

    public static List<T> Ask<T>(ServerProcess server, string question, Func<SqliteDataReader, T> read)
    {
        using var database = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = Path.Combine(server.Data, "aichat.db"), Mode = SqliteOpenMode.ReadOnly, Pooling = false }.ConnectionString);
        database.Open();
        using var command = database.CreateCommand();
#pragma warning disable CA2100 // constants of the tests
        command.CommandText = question;
#pragma warning restore CA2100
        using var rows = command.ExecuteReader();
        var all = new List<T>();
        while (rows.Read())
            all.Add(read(rows));
        return all;
    }
}
