namespace AIChat.Infrastructure.Persistence.Common;

/// <summary>What a store does before anything may be asked of it.</summary>
internal interface IDatabase
{
    /// <exception cref="StoreUnavailableException">With one sentence that says what is wrong.</exception>
    Task OpenAsync(CancellationToken cancellation);
}
