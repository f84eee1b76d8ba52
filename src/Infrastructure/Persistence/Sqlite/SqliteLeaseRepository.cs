using AIChat.Infrastructure.Persistence.Common;
using Microsoft.EntityFrameworkCore;

namespace AIChat.Infrastructure.Persistence.Sqlite;

internal sealed class SqliteLeaseRepository(SqliteWriter writer, TimeProvider time) : ILeaseRepository
{
    public Task<Lease?> AcquireAsync(string key, string holder, TimeSpan duration, CancellationToken cancellation) => writer.WriteAsync(async context =>
    {
        var now = time.GetUtcNow();
        var row = await context.Leases.FirstOrDefaultAsync(stored => stored.Key == key, CancellationToken.None);
        if (row is null)
            context.Add(row = new LeaseRow { Key = key, Holder = holder, Epoch = 1 });
        else if (row.Holder != holder && row.ExpiresAt > now)
            return null;
        else if (row.Holder != holder)
            (row.Holder, row.Epoch) = (holder, row.Epoch + 1);
        row.ExpiresAt = now + duration;
        await context.SaveChangesAsync(CancellationToken.None);
        return row.ToLease();
    });

    public Task<Lease> TakeOverAsync(string key, string holder, TimeSpan duration, CancellationToken cancellation) => writer.WriteAsync(async context =>
    {
        var row = await context.Leases.FirstOrDefaultAsync(stored => stored.Key == key, CancellationToken.None);
        if (row is null)
            context.Add(row = new LeaseRow { Key = key, Holder = holder, Epoch = 1 });
        else if (row.Holder != holder)
            (row.Holder, row.Epoch) = (holder, row.Epoch + 1);
        row.ExpiresAt = time.GetUtcNow() + duration;
        await context.SaveChangesAsync(CancellationToken.None);
        return row.ToLease();
    });

    public Task ReleaseAsync(Lease lease, CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        return writer.WriteAsync(context => context.Leases
            .Where(row => row.Key == lease.Key && row.Holder == lease.Holder && row.Epoch == lease.Epoch)
            .ExecuteUpdateAsync(row => row.SetProperty(stored => stored.ExpiresAt, now), CancellationToken.None));
    }
}
