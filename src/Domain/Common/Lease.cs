namespace AIChat.Domain.Common;

/// <summary>
/// The exclusive right to work on something. It expires by itself. <see cref="Epoch"/> grows with every new holder, and the holder's writes are conditional on it, so that a
/// holder that slept too long writes nothing.
/// </summary>
/// <param name="Key">The work, such as <c>topics:ROOM</c>.</param>
/// <param name="Holder">The process that has the right: one id for each.</param>
/// <param name="Epoch">Grows by one each time that another holder takes it.</param>
/// <param name="ExpiresAt">When it expires unless it is prolonged.</param>
public sealed record Lease(string Key, string Holder, long Epoch, DateTimeOffset ExpiresAt);

public interface ILeaseRepository
{
    /// <summary>Takes the lease, or prolongs it for its holder; null while another holds it.</summary>
    Task<Lease?> AcquireAsync(string key, string holder, TimeSpan duration, CancellationToken cancellation);

    /// <summary>Takes the lease from its holder, whose writes are refused from then on. It is for work that a person waits for.</summary>
    Task<Lease> TakeOverAsync(string key, string holder, TimeSpan duration, CancellationToken cancellation);

    /// <summary>Releases the lease, if it is still the same.</summary>
    Task ReleaseAsync(Lease lease, CancellationToken cancellation);
}
