using AIChat.Domain.Rooms;
using AIChat.Domain.Summaries;
using AIChat.Domain.Users;
using Microsoft.EntityFrameworkCore;

namespace AIChat.Infrastructure.Persistence.Sqlite;

internal sealed class SqliteSummaryRepository(SqliteDatabase database, SqliteWriter writer) : ISummaryRepository
{
    public Task<Summary?> FindAsync(RoomId room, string request, string fingerprint, UserId? reader, CancellationToken cancellation) => database.ReadAsync(async context =>
    {
        return await context.Summaries.FirstOrDefaultAsync(
            summary => summary.RoomId == room && summary.Request == request && summary.Fingerprint == fingerprint && summary.Reader == reader, cancellation);
    });

    public Task<Summary?> LatestAsync(RoomId room, UserId reader, CancellationToken cancellation) => database.ReadAsync(async context =>
    {
        return await context.Summaries.Where(summary => summary.RoomId == room && (summary.Reader == null || summary.Reader == reader))
            .OrderByDescending(summary => summary.CreatedAt).ThenByDescending(summary => summary.Id).FirstOrDefaultAsync(cancellation);
    });

    public Task SaveAsync(Summary summary, CancellationToken cancellation) => writer.WriteAsync(async context =>
    {
        await context.Summaries.Where(stored => stored.RoomId == summary.RoomId && stored.Request == summary.Request && stored.Reader == summary.Reader)
            .ExecuteDeleteAsync(CancellationToken.None);
        context.Add(summary);
        return await context.SaveChangesAsync(CancellationToken.None);
    });

    public Task DropCoveringAsync(RoomId room, long seq, CancellationToken cancellation) => writer.WriteAsync(context =>
        context.Summaries.Where(summary => summary.RoomId == room && summary.FirstSeq <= seq && summary.LastSeq >= seq).ExecuteDeleteAsync(CancellationToken.None));
}
