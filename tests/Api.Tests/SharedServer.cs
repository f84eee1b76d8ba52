namespace AIChat.Api.Tests;

/// <summary>One server for all tests that do not harm it; starting one takes seconds.</summary>
public sealed class SharedServer : IAsyncLifetime
{
    public ServerProcess Process { get; } = new();

    public Uri Address => Process.Address;

    public async Task InitializeAsync() => await Process.StartAsync();

    public async Task DisposeAsync() => await Process.DisposeAsync();
}

[CollectionDefinition(Name)]
public sealed class OnOneServer : ICollectionFixture<SharedServer>
{
    public const string Name = "one server";
}
