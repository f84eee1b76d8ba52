namespace AIChat.Infrastructure.Persistence.Common;

/// <summary>A store's database, which is opened before it is used.</summary>
internal interface IDatabase
{
    /// <exception cref="StoreUnavailableException">With one sentence that says what is wrong.</exception>
    Task OpenAsync(CancellationToken cancellation);
}
