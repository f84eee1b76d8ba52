using System.Security.Cryptography;

namespace AIChat.Infrastructure.Common;

/// <summary>
/// Identifies this server among those that share a store, across restarts: an upload is on the disk of the server that took it, so its import must run there. Stored in the data folder.
/// </summary>
internal sealed class NodeIdentity
{
    /// <summary>The queue of jobs that any server may run.</summary>
    public const string AnyQueue = "default";

    private const int Length = 16;

    private readonly Lazy<string> _name;

    public NodeIdentity(StorageOptions storage) => _name = new Lazy<string>(() => ReadOrCreate(Path.Combine(storage.Folder, "node")));

    /// <summary>The queue of jobs that only this server may run.</summary>
    public string Queue => "node-" + _name.Value;

    private static string ReadOrCreate(string file)
    {
        if (File.Exists(file) && File.ReadAllText(file) is { Length: Length } kept && kept.All(char.IsAsciiHexDigitLower))
            return kept;
        var made = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(Length / 2));
        File.WriteAllText(file + ".part", made);
        File.Move(file + ".part", file, overwrite: true);
        return made;
    }
}
