namespace AIChat.Infrastructure.Common;

/// <summary>Where everything is stored.</summary>
public sealed class StorageOptions
{
    /// <summary>AICHAT_DATA: the folder of the embedded database, uploads, models and generated secrets; an absolute path.</summary>
    public required string Folder { get; init; }

    /// <summary>MONGODB_URI: the MongoDB that stores everything but uploads; null: an embedded database in the data folder. It may hold a password.</summary>
    public string? MongoUri { get; init; }

    /// <summary>MONGO_ID: the user name where the address has none.</summary>
    public string? MongoUser { get; init; }

    /// <summary>MONGO_PASSWORD.</summary>
    public string? MongoPassword { get; init; }

    /// <summary>Whether several servers may work with the store.</summary>
    public bool IsShared => MongoUri is not null;

    public static StorageOptions Read(SettingsReader read) => new()
    {
        Folder = read.FullPath(read.Text("AICHAT_DATA") ?? "data"),
        MongoUri = read.Text("MONGODB_URI"),
        MongoUser = read.Text("MONGO_ID"),
        MongoPassword = read.Text("MONGO_PASSWORD"),
    };
}
