using System.Collections.Concurrent;

namespace AIChat.Application.Topics;

/// <summary>
/// Who files messages in a room: one node at a time, by a lease in the store, and within this node one piece of work at a time, by a gate in memory. The lease
/// is kept between pieces of work and prolonged in time, so that live filing costs no extra write.
/// </summary>
public sealed class RoomLeases(ILeaseRepository leases, IIdGenerator ids, TimeProvider time)
{
    private static readonly TimeSpan Duration = TimeSpan.FromSeconds(10);

    private readonly string holder = ids.New();
    private readonly ConcurrentDictionary<RoomId, Gate> gates = new();

    /// <summary>Waits for the room's gate and holds its lease; null while another node has it.</summary>
    public async Task<RoomLeaseHandle?> EnterAsync(RoomId room, CancellationToken cancellation)
    {
        var gate = gates.GetOrAdd(room, _ => new Gate());
        await gate.Semaphore.WaitAsync(cancellation);
        try
        {
            if (gate.Lease is null || gate.Lease.ExpiresAt - time.GetUtcNow() < Duration / 2)
                gate.Lease = await leases.AcquireAsync(RoomLease.TopicsOf(room), holder, Duration, cancellation);
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

    /// <summary>Waits for the room's gate and takes its lease, from another node too. For what a person waits for; let it go again.</summary>
    public async Task<RoomLeaseHandle> TakeAsync(RoomId room, CancellationToken cancellation)
    {
        var gate = gates.GetOrAdd(room, _ => new Gate());
        await gate.Semaphore.WaitAsync(cancellation);
        try
        {
            return new RoomLeaseHandle(gate.Lease = await leases.TakeOverAsync(RoomLease.TopicsOf(room), holder, Duration, cancellation), gate);
        }
        catch
        {
            gate.Semaphore.Release();
            throw;
        }
    }

    /// <summary>Lets another node go on in the room at once.</summary>
    public async Task ReleaseAsync(RoomLeaseHandle held, CancellationToken cancellation)
    {
        held.Lost();
        await leases.ReleaseAsync(held.Lease, cancellation);
    }

    /// <summary>Lets go of every lease, so that another node, or this one started again, need not wait for the end of them.</summary>
    public async Task ReleaseAllAsync(CancellationToken cancellation)
    {
        foreach (var gate in gates.Values)
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

/// <summary>A room that is ours to file messages in until this is disposed.</summary>
public sealed class RoomLeaseHandle : IDisposable
{
    private readonly RoomLeases.Gate gate;

    internal RoomLeaseHandle(Lease lease, RoomLeases.Gate gate)
    {
        Lease = lease;
        this.gate = gate;
    }

    public Lease Lease { get; }

    /// <summary>Another node has taken over: ask the store again next time.</summary>
    public void Lost() => gate.Lease = null;

    public void Dispose() => gate.Semaphore.Release();
}
