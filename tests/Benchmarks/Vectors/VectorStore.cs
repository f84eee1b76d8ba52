using AIChat.Benchmarks.Common;
using Microsoft.Data.Sqlite;

namespace AIChat.Benchmarks.Vectors;

/// <summary>What lies in a server's database, read beside it.</summary>
internal sealed class VectorStore(string folder)
{
    readonly string _file = new SqliteConnectionStringBuilder { DataSource = Path.Combine(folder, "aichat.db"), Mode = SqliteOpenMode.ReadOnly, Pooling = false }.ConnectionString;

    /// <summary>How many vectors each model has.</summary>
    public Dictionary<string, long> Models() => Ask("SELECT Model, count(*) FROM vectors GROUP BY Model").ToDictionary(row => (string)row[0], row => (long)row[1]);

    /// <summary>The models that have seen all of a room.</summary>
    public List<string> Seen() => Ask("SELECT DISTINCT Model FROM seen").ConvertAll(row => (string)row[0]);

    /// <summary>How far the job that lets a model see a room is; null: there is none at work.</summary>
    public long? Done() => Ask("SELECT Done FROM jobs WHERE Kind = 2 AND State < 2").ConvertAll(row => (long?)row[0]).SingleOrDefault();

    public async Task WaitAsync(Func<VectorStore, bool> holds, TimeSpan limit, string what, CancellationToken cancellation)
    {
        var began = TimeProvider.System.GetTimestamp();
        while (!holds(this))
        {
            if (TimeProvider.System.GetElapsedTime(began) > limit)
                throw new BenchmarkException($"{what} did not come within {limit.TotalMinutes} minutes.");
            await Task.Delay(250, cancellation);
        }
    }

    List<object[]> Ask(string question)
    {
        using var database = new SqliteConnection(_file);
        database.Open();
        using var command = database.CreateCommand();
#pragma warning disable CA2100 // constants of this file
        command.CommandText = question;
#pragma warning restore CA2100
        using var rows = command.ExecuteReader();
        var all = new List<object[]>();
        while (rows.Read())
        {
            var row = new object[rows.FieldCount];
            rows.GetValues(row);
            all.Add(row);
        }

        return all;
    }
}
