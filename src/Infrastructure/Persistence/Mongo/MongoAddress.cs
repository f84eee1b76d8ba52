using MongoDB.Driver;

namespace AIChat.Infrastructure.Persistence.Mongo;

/// <summary>The address of the database and the credentials. Its texts never contain the password.</summary>
internal sealed class MongoAddress
{
    private const string DefaultDatabase = "aichat";

    private static readonly TimeSpan AnswerTimeout = TimeSpan.FromSeconds(5);

    private readonly MongoUrl _url;

    private MongoAddress(MongoUrl url) => _url = url;

    public string Database => _url.DatabaseName ?? DefaultDatabase;

    /// <summary>The machines, without anything that is secret.</summary>
    public string Servers => string.Join(',', _url.Servers.Select(server => $"{server.Host}:{server.Port}"));

    /// <param name="uri">As in https://www.mongodb.com/docs/manual/reference/connection-string/.</param>
    /// <param name="user">The user name, where the address has none.</param>
    /// <param name="password">Its password.</param>
    /// <exception cref="StoreUnavailableException">The address is invalid; the message does not repeat it, because it may contain a password.</exception>
    public static MongoAddress Parse(string uri, string? user = null, string? password = null)
    {
        try
        {
            var parts = new MongoUrlBuilder(uri);
            if (string.IsNullOrEmpty(parts.Username) && !string.IsNullOrEmpty(user))
                (parts.Username, parts.Password) = (user, password);
            var address = new MongoAddress(parts.ToMongoUrl());
            _ = address.ToSettings();
            return address;
        }
        catch (Exception wrong) when (wrong is MongoException or ArgumentException or FormatException or InvalidOperationException or NotSupportedException)
        {
            throw new StoreUnavailableException(
                "store_unavailable",
                "MONGODB_URI is not an address such as mongodb://host:27017/aichat; correct it, or unset it to store in an embedded database.",
                new FormatException(wrong.GetType().Name));
        }
    }

    /// <summary>Settings under which a write is acknowledged once a majority of the machines has it in its journal.</summary>
    public MongoClientSettings ToSettings()
    {
        var settings = MongoClientSettings.FromUrl(_url);
        settings.ApplicationName ??= "AIChat";
        settings.ServerSelectionTimeout = settings.ServerSelectionTimeout < AnswerTimeout ? settings.ServerSelectionTimeout : AnswerTimeout;
        settings.ConnectTimeout = settings.ConnectTimeout < AnswerTimeout ? settings.ConnectTimeout : AnswerTimeout;
        settings.WriteConcern = WriteConcern.WMajority.With(journal: true);
        settings.ReadConcern = ReadConcern.Majority;
        settings.ReadPreference = ReadPreference.Primary;
        return settings;
    }

    public override string ToString() => $"{Servers}/{Database}";
}
