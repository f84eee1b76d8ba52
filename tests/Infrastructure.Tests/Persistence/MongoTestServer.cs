namespace AIChat.Infrastructure.Tests.Persistence;

/// <summary>Where the tests of the shared store find a database.</summary>
internal static class MongoTestServer
{
    public static Task<string> AddressAsync() => Task.FromResult(Environment.GetEnvironmentVariable("MONGODB_URI") ?? throw new InvalidOperationException("MONGODB_URI is not set."));
}
