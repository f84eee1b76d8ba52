namespace AIChat.Infrastructure.Tests.Persistence;

/// <summary>Where the tests of the shared store find a database.</summary>
internal static class MongoTestServer
{
    /// <summary>Whether there is one.</summary>
    public static bool IsThere => Environment.GetEnvironmentVariable("MONGODB_URI") is { Length: > 0 };

    public static Task<string> AddressAsync() => Task.FromResult(Environment.GetEnvironmentVariable("MONGODB_URI") ?? throw new InvalidOperationException("MONGODB_URI is not set."));
}
