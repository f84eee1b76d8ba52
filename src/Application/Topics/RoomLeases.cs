using System.Collections.Concurrent;

namespace AIChat.Application.Topics;

/// <summary>
/// Serializes classification in a room: a lease in the store admits one node, a gate in memory admits one operation of this node. The lease is kept between
/// operations and renewed in time, so that online classification costs no extra write.
/// </summary>
public sealed class RoomLeases(ILeaseRepository leases, IIdGenerator ids, TimeProvider time)
{
    private static readonly TimeSpan Duration = TimeSpan.FromSeconds(10), RetryPause = TimeSpan.FromMilliseconds(500);

    private readonly string _holder = ids.New();
    private readonly ConcurrentDictionary<RoomId, Gate> _gates = new();

    /// <summary>Waits for the room's gate and holds its lease; null while another node has it.</summary>
    public async Task<RoomLeaseHandle?> EnterAsync(RoomId room, CancellationToken cancellation)
    {
        var gate = _gates.GetOrAdd(room, _ => new Gate());
        await gate.Semaphore.WaitAsync(cancellation);
        try
        {
            if (gate.Lease is null || gate.Lease.ExpiresAt - time.GetUtcNow() < Duration / 2)
                gate.Lease = await leases.AcquireAsync(RoomLease.TopicsOf(room), _holder, Duration, cancellation);
            if (gate.Lease is { } lease)
                return new RoomLeaseHandle(lease, gate);
        }
        catch
        {
            gate.Semaphore.Release();
            throw;
        }

        gate.Semaphore.Release();
        return null;
    }

    /// <summary>Waits for the room's gate and until no other node holds its lease.</summary>
    public async Task<RoomLeaseHandle> WaitAsync(RoomId room, CancellationToken cancellation)
    {
        while (true)
        {
            if (await EnterAsync(room, cancellation) is { } held)
                return held;
            await Task.Delay(RetryPause, time, cancellation);
        }
    }

    /// <summary>Waits for the room's gate and takes its lease, even from another node. For short work that a person waits for; release it at once afterwards.</summary>
    public async Task<RoomLeaseHandle> TakeAsync(RoomId room, CancellationToken cancellation)
    {
        var gate = _gates.GetOrAdd(room, _ => new Gate());
        await gate.Semaphore.WaitAsync(cancellation);
        try
        {
            return new RoomLeaseHandle(gate.Lease = await leases.TakeOverAsync(RoomLease.TopicsOf(room), _holder, Duration, cancellation), gate);
        }
        catch
        {
            gate.Semaphore.Release();
            throw;
        }
    }

    /// <summary>Releases the lease so that another node can continue at once.</summary>
    public async Task ReleaseAsync(RoomLeaseHandle held, CancellationToken cancellation)
    {
        held.MarkLost();
        await leases.ReleaseAsync(held.Lease, cancellation);
    }

    /// <summary>Releases every lease, so that another node, or this one after a restart, need not wait for their expiry.</summary>
    public async Task ReleaseAllAsync(CancellationToken cancellation)
    {
        foreach (var gate in _gates.Values)
        {
            if (gate.Lease is not { } lease)
                continue;
            gate.Lease = null;
            await leases.ReleaseAsync(lease, cancellation);
        }
    }

    internal sealed class Gate
    {
        public SemaphoreSlim Semaphore { get; } = new(1);

        public Lease? Lease { get; set; }
    }
}

/// <summary>The right to classify in a room until it is disposed.</summary>
public sealed class RoomLeaseHandle : IDisposable
{
    private readonly RoomLeases.Gate _gate;

    internal RoomLeaseHandle(Lease lease, RoomLeases.Gate gate)
    {
        Lease = lease;
        _gate = gate;
    }

    public Lease Lease { get; }

    /// <summary>Notes that another node took over: the next operation acquires the lease from the store again.</summary>
    public void MarkLost() => _gate.Lease = null;

    public void Dispose() => _gate.Semaphore.Release();
}
