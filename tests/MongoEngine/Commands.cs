using System.Collections.Concurrent;
using System.Globalization;
using System.Security.Cryptography;
using MongoDB.Bson;
using MongoDB.Bson.Serialization;
using Npgsql;
using NpgsqlTypes;

namespace AIChat.MongoEngine;

/// <summary>MongoDB's commands as calls of DocumentDB's functions in PostgreSQL. What it does not know is refused as MongoDB refuses what it does not know.</summary>
internal sealed class Commands(NpgsqlDataSource postgres, Topology topology, int port) : IDisposable
{
    private const int MaxTries = 20;

    private readonly Transactions _transactions = new(postgres);
    private readonly ConcurrentDictionary<long, Cursor> _cursors = new();

    public void Dispose()
    {
        _transactions.Dispose();
        postgres.Dispose();
    }

    /// <param name="raw">The command's document.</param>
    /// <param name="documents">What came in a sequence beside it: documents to insert, updates, deletes.</param>
    /// <param name="database">Where the command does not say itself.</param>
    public async Task<byte[]> RunAsync(byte[] raw, byte[] documents, string? database)
    {
        using var command = new RawBsonDocument(raw);
        var name = command.GetElement(0).Name;
        if (Greetings.Answer(name, topology, port) is { } greeting)
            return Ok(greeting);
        if (name is "commitTransaction" or "abortTransaction")
        {
            await _transactions.FindAsync(command);
            await _transactions.EndAsync(command);
            return Ok([]);
        }

        var transaction = await _transactions.FindAsync(command);
        if (transaction?.IsDead == true)
            throw MongoError.NoTransaction;
        var call = new Call(command, raw, documents, database ?? command["$db"].AsString, transaction, transaction?.Connection ?? await postgres.OpenConnectionAsync());
        try
        {
            if (transaction is not null)
                transaction.IsBusy = true;
            return await AnswerAsync(name, call);
        }
        catch (Exception failure) when (transaction is not null && failure is PostgresException or MongoError)
        {
            await transaction!.KillAsync();
            throw Described(failure, call);
        }
        catch (PostgresException failure)
        {
            throw Described(failure, call);
        }
        finally
        {
            if (transaction is not null)
                (transaction.IsBusy, transaction.Used) = (false, Environment.TickCount64);
            else if (!call.KeepsConnection)
                await call.Connection.DisposeAsync();
        }
    }

    private async Task<byte[]> AnswerAsync(string name, Call call)
    {
        switch (name)
        {
            case "insert" or "update" or "delete":
                return await WriteAsync(name, call);
            case "findAndModify" or "findandmodify":
                return await FindAndModifyAsync(call);
            case "find" or "aggregate" or "listCollections" or "listIndexes":
                return await OpenCursorAsync(name, call);
            case "getMore":
                return await MoreAsync(call);
            case "killCursors":
                return await KillCursorsAsync(call);
            case "count" or "distinct":
                return await OneAsync(call, $"SELECT document::bytea FROM documentdb_api.{name}_query($1,$2)", call.Database, call.Raw);
            case "create":
                return await OneAsync(call, "SELECT documentdb_api.create_collection_view($1,$2)::bytea", call.Database, call.Raw);
            case "createIndexes":
                return Indexes(await OneAsync(call, "SELECT documentdb_api_internal.create_indexes_non_concurrently($1,$2,true)::bytea", call.Database, call.Raw));
            case "dropIndexes":
                return Indexes(await OneAsync(call, "CALL documentdb_api.drop_indexes($1,$2::bytea,NULL::documentdb_core.bson)", call.Database, call.Raw));
            case "drop":
                await RowAsync(call, "SELECT documentdb_api.drop_collection($1,$2)", call.Database, call.Collection);
                return Ok(new BsonDocument("ns", call.Namespace));
            case "dropDatabase":
                await RowAsync(call, "SELECT documentdb_api.drop_database($1)::text", call.Database);
                return Ok(new BsonDocument("dropped", call.Database));
            case "listDatabases":
                return await OneAsync(call, "SELECT documentdb_api.list_databases($1)::bytea", call.Raw);
            case "renameCollection":
                return await OneAsync(call, "SELECT documentdb_api.rename_collection($1::bytea::documentdb_core.bson)::bytea", call.Raw);
            case "collMod":
                return await OneAsync(call, "SELECT documentdb_api.coll_mod($1,$2,$3)::bytea", call.Database, call.Collection, call.Raw);
            case "collStats":
                return await OneAsync(call, "SELECT documentdb_api.coll_stats($1,$2,$3)::bytea", call.Database, call.Collection, 1.0);
            case "dbStats" or "dbstats":
                return await OneAsync(call, "SELECT documentdb_api.db_stats($1,$2)::bytea", call.Database, 1.0);
            case "explain":
                return await ExplainAsync(call);
            default:
                throw new MongoError(59, "CommandNotFound", $"no such command: '{name}'");
        }
    }

    private static async Task<byte[]> WriteAsync(string name, Call call)
    {
        for (var tries = 0; ; tries++)
        {
            var row = await RowAsync(call, $"SELECT p_result::bytea, p_success FROM documentdb_api.{name}($1,$2,$3,NULL)", call.Database, call.Raw, call.Documents.Length == 0 ? DBNull.Value : call.Documents);
            if (row[1] is true)
                return (byte[])row[0]!;
            var answer = Parsed((byte[])row[0]!);
            var errors = answer.TryGetValue("writeErrors", out var listed) ? listed.AsBsonArray.Cast<BsonDocument>().ToList() : [];
            foreach (var error in errors)
            {
                var known = MongoError.FromAnswer(error["code"].AsInt32, error["errmsg"].AsString);
                (error["code"], error["errmsg"]) = (known.Code, Message(known, call));
            }

            var isConflict = errors.Count > 0 && errors.TrueForAll(error => error["code"] == MongoError.WriteConflict) && answer.GetValue("n", 0).ToInt32() == 0;
            if (isConflict && await MayTryAgainAsync(call, tries))
                continue;
            if (call.Transaction is not null)
                await call.Transaction.KillAsync();
            return answer.ToBson();
        }
    }

    private static async Task<byte[]> FindAndModifyAsync(Call call)
    {
        for (var tries = 0; ; tries++)
        {
            var row = await RowAsync(call, "SELECT p_result::bytea, p_success FROM documentdb_api.find_and_modify($1,$2,NULL)", call.Database, call.Raw);
            var answer = Parsed((byte[])row[0]!);
            if (row[1] is true || !answer.Contains("code"))
                return (byte[])row[0]!;
            var error = MongoError.FromAnswer(answer["code"].AsInt32, answer["errmsg"].AsString);
            if (error.Code != MongoError.WriteConflict || !await MayTryAgainAsync(call, tries))
                throw error;
        }
    }

    /// <summary>A write that met another one is tried again by MongoDB itself; only in a transaction that is for the client to do.</summary>
    private static async Task<bool> MayTryAgainAsync(Call call, int tries)
    {
        if (call.Transaction is not null || tries == MaxTries)
            return false;

        // Those who met once would meet again if they came back together.
        await Task.Delay(RandomNumberGenerator.GetInt32(1, 10 << int.Min(tries, 5)));
        return true;
    }

    private async Task<byte[]> OpenCursorAsync(string name, Call call)
    {
        var function = name switch { "listCollections" => "list_collections", "listIndexes" => "list_indexes", _ => name };
        var row = await RowAsync(call, $"SELECT cursorpage::bytea, continuation::bytea, persistconnection, cursorid FROM documentdb_api.{function}_cursor_first_page($1,$2)", call.Database, call.Raw);
        if (row[1] is byte[] continuation)
        {
            call.KeepsConnection = row[2] is true;
            _cursors[(long)row[3]!] = new Cursor(call.KeepsConnection && call.Transaction is null ? call.Connection : null, continuation);
        }

        return (byte[])row[0]!;
    }

    private async Task<byte[]> MoreAsync(Call call)
    {
        var id = call.Command.GetElement(0).Value.ToInt64();
        if (!_cursors.TryRemove(id, out var cursor))
            throw new MongoError(43, "CursorNotFound", string.Create(CultureInfo.InvariantCulture, $"cursor id {id} not found"));
        var ended = true;
        try
        {
            var row = await RowAsync(cursor.Connection ?? call.Connection, "SELECT cursorpage::bytea, continuation::bytea FROM documentdb_api.cursor_get_more($1,$2,$3)", call.Database, call.Raw, cursor.Continuation);
            if (row[1] is byte[] continuation)
            {
                _cursors[id] = cursor with { Continuation = continuation };
                ended = false;
            }

            return (byte[])row[0]!;
        }
        finally
        {
            if (ended && cursor.Connection is not null)
                await cursor.Connection.DisposeAsync();
        }
    }

    private async Task<byte[]> KillCursorsAsync(Call call)
    {
        var killed = new BsonArray();
        foreach (var id in call.Command["cursors"].AsBsonArray.Select(value => value.ToInt64()))
        {
            if (!_cursors.TryRemove(id, out var cursor))
                continue;
            if (cursor.Connection is not null)
                await cursor.Connection.DisposeAsync();
            killed.Add(id);
        }

        return Ok(new BsonDocument { { "cursorsKilled", killed }, { "cursorsNotFound", new BsonArray() }, { "cursorsAlive", new BsonArray() }, { "cursorsUnknown", new BsonArray() } });
    }

    private static async Task<byte[]> ExplainAsync(Call call)
    {
        var explained = call.Command["explain"].AsBsonDocument;
        var kind = explained.GetElement(0).Name;
        await using var explain = Made(
            call.Connection, $"EXPLAIN (FORMAT TEXT) SELECT document FROM documentdb_api_catalog.bson_aggregation_{(kind == "aggregate" ? "pipeline" : kind)}($1,$2)", call.Database, explained.ToBson());
        var plan = new BsonArray();
        await using var reader = await explain.ExecuteReaderAsync();
        while (await reader.ReadAsync())
            plan.Add(reader.GetString(0));
        return Ok(new BsonDocument("queryPlanner", new BsonDocument("plan", plan)));
    }

    private static byte[] Indexes(byte[] answer)
    {
        var document = Parsed(answer);
        if (document.GetValue("ok", true).ToBoolean())
        {
            document["ok"] = 1.0;
            return document.ToBson();
        }

        var error = document.Contains("errmsg") ? document : document["raw"].AsBsonDocument.Elements.First().Value.AsBsonDocument;
        throw MongoError.FromAnswer(error["code"].AsInt32, error["errmsg"].AsString);
    }

    private static MongoError Described(Exception failure, Call call)
    {
        var error = MongoError.From(failure);
        return failure is PostgresException && error.Code == 11000 ? new MongoError(error.Code, "DuplicateKey", Message(error, call)) : error;
    }

    // Drivers and people look for the words of MongoDB.
    private static string Message(MongoError error, Call call)
    {
        const string mark = "Index '";
        if (error.Code != 11000)
            return error.Message;
        var at = error.Message.IndexOf(mark, StringComparison.Ordinal);
        return $"E11000 duplicate key error collection: {call.Namespace} index: {(at < 0 ? "?" : error.Message[(at + mark.Length)..].TrimEnd('\''))} dup key: {{ }}";
    }

    private static async Task<byte[]> OneAsync(Call call, string sql, params object[] arguments) => (byte[])(await RowAsync(call, sql, arguments))[0]!;

    private static Task<object?[]> RowAsync(Call call, string sql, params object[] arguments) => RowAsync(call.Connection, sql, arguments);

    private static async Task<object?[]> RowAsync(NpgsqlConnection connection, string sql, params object[] arguments)
    {
        await using var command = Made(connection, sql, arguments);

        // A procedure's result comes as text.
        command.AllResultTypesAreUnknown = sql.StartsWith("CALL", StringComparison.Ordinal);
        await using var reader = await command.ExecuteReaderAsync();
        await reader.ReadAsync();
        var row = new object?[reader.FieldCount];
        for (var i = 0; i < row.Length; i++)
            row[i] = await reader.IsDBNullAsync(i) ? null : reader.GetValue(i);
        const string hex = "BSONHEX";
        if (row.Length > 0 && row[0] is string text && text.StartsWith(hex, StringComparison.Ordinal))
            row[0] = Convert.FromHexString(text.AsSpan(hex.Length));
        return row;
    }

    private static NpgsqlCommand Made(NpgsqlConnection connection, string sql, params object[] arguments)
    {
#pragma warning disable CA2100 // built of constants of this file
        var command = new NpgsqlCommand(sql, connection);
#pragma warning restore CA2100
        foreach (var argument in arguments)
        {
            command.Parameters.Add(new NpgsqlParameter
            {
                Value = argument,
                NpgsqlDbType = argument switch { string => NpgsqlDbType.Text, double => NpgsqlDbType.Double, _ => NpgsqlDbType.Bytea },
            });
        }

        return command;
    }

    private static BsonDocument Parsed(byte[] bytes) => BsonSerializer.Deserialize<BsonDocument>(bytes);

    private static byte[] Ok(BsonDocument answer) => answer.Add("ok", 1.0).ToBson();

    /// <param name="Connection">What the rest has to be read from; null: any.</param>
    /// <param name="Continuation">Where the rest begins.</param>
    private sealed record Cursor(NpgsqlConnection? Connection, byte[] Continuation);

    private sealed class Call(BsonDocument command, byte[] raw, byte[] documents, string database, Transaction? transaction, NpgsqlConnection connection)
    {
        public BsonDocument Command => command;

        public byte[] Raw => raw;

        public byte[] Documents => documents;

        public string Database => database;

        public Transaction? Transaction => transaction;

        public NpgsqlConnection Connection => connection;

        /// <summary>Whether a cursor goes on with the connection.</summary>
        public bool KeepsConnection { get; set; }

        public string Collection => command.GetElement(0).Value.AsString;

        public string Namespace => $"{database}.{Collection}";
    }
}
