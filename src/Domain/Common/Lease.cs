namespace AIChat.Domain.Common;

/// <summary>
/// The right to work on something, for one holder at a time. It runs out by itself; <see cref="Epoch"/> grows with every new holder, and what the holder writes
/// is conditional on it, so a holder that slept too long writes nothing.
/// </summary>
/// <param name="Key">What is worked on, such as <c>topics:ROOM</c>.</param>
/// <param name="Holder">Who works on it: one id for each process.</param>
/// <param name="Epoch">Grows by one each time that another holder takes it.</param>
/// <param name="ExpiresAt">When it runs out unless it is prolonged.</param>
public sealed record Lease(string Key, string Holder, long Epoch, DateTimeOffset ExpiresAt);

public interface ILeaseRepository
{
    /// <summary>Takes the lease, or prolongs it for its holder; null while another holds it.</summary>
    Task<Lease?> AcquireAsync(string key, string holder, TimeSpan duration, CancellationToken cancellation);

    /// <summary>Takes the lease from whoever holds it; what that one writes from now on is refused. For what a person waits for.</summary>
    Task<Lease> TakeOverAsync(string key, string holder, TimeSpan duration, CancellationToken cancellation);

    /// <summary>Lets it go, if it is still this one.</summary>
    Task ReleaseAsync(Lease lease, CancellationToken cancellation);
}
