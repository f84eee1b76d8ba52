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

    public Task<Summary?> FindAsync(RoomId room, SummaryId id, UserId reader, CancellationToken cancellation) => database.ReadAsync(async context =>
    {
        return await context.Summaries.FirstOrDefaultAsync(summary => summary.RoomId == room && summary.Id == id && (summary.Reader == null || summary.Reader == reader), cancellation);
    });

    public Task<Summary?> LatestAsync(RoomId room, UserId reader, CancellationToken cancellation) => database.ReadAsync(async context =>
    {
        return await context.Summaries.Where(summary => summary.RoomId == room && (summary.Reader == null || summary.Reader == reader))
            .OrderByDescending(summary => summary.CreatedAt).ThenByDescending(summary => summary.Id).FirstOrDefaultAsync(cancellation);
    });

    public Task<bool> SaveAsync(Summary summary, CancellationToken cancellation) => writer.WriteAsync(async context =>
    {
        if (await context.Summaries.AnyAsync(stored => stored.Id == summary.Id, CancellationToken.None))
            return false;
        await context.Summaries.Where(stored => stored.RoomId == summary.RoomId && stored.Request == summary.Request && stored.Reader == summary.Reader)
            .ExecuteDeleteAsync(CancellationToken.None);
        context.Add(summary);
        await context.SaveChangesAsync(CancellationToken.None);
        return true;
    });

    public Task<IReadOnlyList<SummaryPart>> PartsAsync(RoomId room, IReadOnlyCollection<string> ids, CancellationToken cancellation) => database.ReadAsync<IReadOnlyList<SummaryPart>>(async context =>
    {
        return await context.SummaryParts.Where(part => part.RoomId == room && ids.Contains(part.Id)).ToListAsync(cancellation);
    });

    public Task SavePartAsync(SummaryPart part, DateTimeOffset outdated, CancellationToken cancellation) => writer.WriteAsync(async context =>
    {
        await context.SummaryParts.Where(stored => stored.Id == part.Id || (stored.RoomId == part.RoomId && stored.CreatedAt < outdated)).ExecuteDeleteAsync(CancellationToken.None);
        context.Add(part);
        return await context.SaveChangesAsync(CancellationToken.None);
    });

    public Task DropCoveringAsync(RoomId room, long seq, CancellationToken cancellation) => writer.WriteAsync(async context =>
    {
        await context.SummaryParts.Where(part => part.RoomId == room && part.FirstSeq <= seq && part.LastSeq >= seq).ExecuteDeleteAsync(CancellationToken.None);
        return await context.Summaries.Where(summary => summary.RoomId == room && summary.FirstSeq <= seq && summary.LastSeq >= seq).ExecuteDeleteAsync(CancellationToken.None);
    });

    public Task DropChangedAsync(CancellationToken cancellation) => writer.WriteAsync(async context =>
    {
        await context.SummaryParts.Where(part => context.Messages.Any(message => message.RoomId == part.RoomId && message.Seq >= part.FirstSeq && message.Seq <= part.LastSeq
            && (message.EditedAt >= part.CreatedAt || message.DeletedAt >= part.CreatedAt))).ExecuteDeleteAsync(CancellationToken.None);
        return await context.Summaries.Where(summary => context.Messages.Any(message => message.RoomId == summary.RoomId && message.Seq >= summary.FirstSeq && message.Seq <= summary.LastSeq
            && (message.EditedAt >= summary.CreatedAt || message.DeletedAt >= summary.CreatedAt))).ExecuteDeleteAsync(CancellationToken.None);
    });

    public Task SaveVoteAsync(SummaryVote vote, CancellationToken cancellation) => writer.WriteAsync(async context =>
    {
        await context.SummaryVotes.Where(stored => stored.Id == vote.Id).ExecuteDeleteAsync(CancellationToken.None);
        context.Add(vote);
        return await context.SaveChangesAsync(CancellationToken.None);
    });

    public Task<IReadOnlyList<EngineVotes>> VotesAsync(RoomId room, CancellationToken cancellation) => database.ReadAsync<IReadOnlyList<EngineVotes>>(async context =>
    {
        var votes = await context.SummaryVotes.Where(vote => vote.RoomId == room).GroupBy(vote => vote.Engine)
            .Select(votes => new { Engine = votes.Key, Up = votes.LongCount(vote => vote.IsUp), All = votes.LongCount() }).ToListAsync(cancellation);
        return [.. votes.Select(engine => new EngineVotes(engine.Engine, engine.Up, engine.All - engine.Up)).OrderBy(engine => engine.Engine, StringComparer.Ordinal)];
    });
}
