using System.Security.Cryptography;

namespace AIChat.Infrastructure.Common;

/// <summary>
/// Tells servers that share a store apart, over restarts: an upload lies on the disk of the server that took it, so its import has to run there. Kept in the data folder.
/// </summary>
internal sealed class NodeIdentity
{
    /// <summary>Jobs that any server may run.</summary>
    public const string AnyQueue = "default";

    private const int Length = 16;

    private readonly Lazy<string> name;

    public NodeIdentity(string folder) => name = new Lazy<string>(() => ReadOrMake(Path.Combine(folder, "node")));

    /// <summary>Jobs that only this server may run.</summary>
    public string Queue => "node-" + name.Value;

    private static string ReadOrMake(string file)
    {
        if (File.Exists(file) && File.ReadAllText(file) is { Length: Length } kept && kept.All(char.IsAsciiHexDigitLower))
            return kept;
        var made = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(Length / 2));
        File.WriteAllText(file + ".part", made);
        File.Move(file + ".part", file, overwrite: true);
        return made;
    }
}
