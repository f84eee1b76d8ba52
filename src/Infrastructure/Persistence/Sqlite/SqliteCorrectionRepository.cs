using AIChat.Domain.Rooms;
using AIChat.Domain.Topics;
using AIChat.Infrastructure.Persistence.Common;
using Ardalis.Specification;
using Microsoft.EntityFrameworkCore;

namespace AIChat.Infrastructure.Persistence.Sqlite;

internal sealed class SqliteCorrectionRepository(SqliteDatabase database) : ICorrectionRepository
{
    public Task<IReadOnlyList<Correction>> ListAsync(ISpecification<Correction> specification, CancellationToken cancellation) => database.ReadAsync<IReadOnlyList<Correction>>(async context =>
    {
        return await context.Corrections.Apply(specification).ToListAsync(cancellation);
    });

    public Task<Correction?> FindAsync(RoomId room, CorrectionId id, CancellationToken cancellation) => database.ReadAsync(async context =>
    {
        return await context.Corrections.FirstOrDefaultAsync(correction => correction.RoomId == room && correction.Id == id, cancellation);
    });
}
