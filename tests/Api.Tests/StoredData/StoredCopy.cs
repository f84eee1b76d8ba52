using System.Formats.Tar;
using System.IO.Compression;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Nodes;
using MongoDB.Bson;
using MongoDB.Driver;

namespace AIChat.Api.Tests.StoredData;

/// <summary>What an earlier version stored and showed (see the README beside the archives), on a copy that goes with this.</summary>
internal sealed class StoredCopy : IDisposable
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    private readonly string _folder;

    private StoredCopy(string folder)
    {
        this._folder = folder;
        Uploads = Directory.EnumerateFiles(Path.Combine(Folder, "uploads")).ToDictionary(file => Path.GetFileName(file), File.ReadAllLines, StringComparer.Ordinal);
        Expected = JsonSerializer.Deserialize<Expected>(File.ReadAllText(Path.Combine(folder, "expected.json")), Json)!;
    }

    /// <summary>For AICHAT_DATA.</summary>
    public string Folder => Path.Combine(_folder, "data");

    public Expected Expected { get; }

    /// <summary>The transcripts of imports that had not ended, by their jobs.</summary>
    public IReadOnlyDictionary<string, string[]> Uploads { get; }

    /// <summary>The sentence encoder that made the stored vectors.</summary>
    public static string Model => Path.Combine(Here(), "..", "..", "Infrastructure.Tests", "Topics", "Encoders", "models", "xlm-roberta-sharded");

    /// <param name="name">Of the archive.</param>
    public static StoredCopy Unpack(string name)
    {
        var copy = Directory.CreateTempSubdirectory("aichat-stored-").FullName;
        using var archive = new BrotliStream(File.OpenRead(Path.Combine(Here(), "c90fbb2", name + ".tar.br")), CompressionMode.Decompress);
        TarFile.ExtractToDirectory(archive, copy, overwriteFiles: false);
        return new StoredCopy(copy);
    }

    /// <summary>Puts the archive's documents into a database; indexes are the server's to make.</summary>
    public async Task RestoreAsync(IMongoDatabase database)
    {
        foreach (var (collection, documents) in Documents())
            await database.GetCollection<BsonDocument>(collection).InsertManyAsync(documents);
    }

    /// <summary>The archive's documents by collection.</summary>
    public IEnumerable<(string Collection, IReadOnlyList<BsonDocument> Documents)> Documents()
        => Directory.EnumerateFiles(Path.Combine(_folder, "dump")).Select(file => (Path.GetFileNameWithoutExtension(file), (IReadOnlyList<BsonDocument>)[.. File.ReadLines(file).Select(BsonDocument.Parse)]));

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static string Here([CallerFilePath] string file = "") => Path.GetDirectoryName(file)!;
}

/// <summary>What clients saw when the data was made.</summary>
/// <param name="Scope">What was read, and with which tokens.</param>
/// <param name="Seen">The answers.</param>
/// <param name="LoggedOut">A token whose session had ended.</param>
/// <param name="Unfinished">Jobs that waited or ran when the server was killed, as they looked at their end.</param>
internal sealed record Expected(SnapshotScope Scope, JsonObject Seen, string LoggedOut, IReadOnlyList<JsonObject> Unfinished);
