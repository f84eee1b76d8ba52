using AIChat.Domain.Rooms;
using AIChat.Domain.Topics;
using AIChat.Infrastructure.Persistence.Common;
using Microsoft.EntityFrameworkCore;

namespace AIChat.Infrastructure.Persistence.Sqlite;

internal sealed class SqliteEmbeddingRepository(SqliteDatabase database, SqliteWriter writer) : IEmbeddingRepository
{
    private static readonly TableColumns<MessageEmbedding> Columns = TableColumns<MessageEmbedding>.Instance;

    // Only while the message still has the words that were embedded.
    private static readonly string Upsert = $"""
        INSERT INTO {Columns.Table} ({Columns.Names})
        SELECT {Columns.Parameters} WHERE EXISTS (SELECT 1 FROM messages WHERE "RoomId" = @RoomId AND "Seq" = @Seq AND "DeletedAt" IS NULL AND "EditedAt" IS @EditedAt)
        ON CONFLICT DO UPDATE SET {Columns.Assignments}
        """;

    public Task SaveAsync(IReadOnlyList<MessageEmbedding> vectors, CancellationToken cancellation) => writer.WriteInBackgroundAsync(async context =>
    {
        foreach (var vector in vectors)
            await context.Prepared(Upsert, Columns.ValuesOf(vector)).ExecuteNonQueryAsync();
        return true;
    });

    public Task<IReadOnlyList<MessageEmbedding>> FindAsync(RoomId room, string model, IReadOnlyCollection<long> seqs, CancellationToken cancellation)
        => database.ReadAsync<IReadOnlyList<MessageEmbedding>>(async context =>
        {
            return await context.Vectors.Where(vector => vector.RoomId == room && seqs.Contains(vector.Seq) && vector.Model == model).ToListAsync(cancellation);
        });

    public Task<IReadOnlyList<MessageEmbedding>> AfterAsync(RoomId room, string model, long seq, int limit, CancellationToken cancellation)
        => database.ReadAsync<IReadOnlyList<MessageEmbedding>>(async context =>
        {
            return await context.Vectors.Where(vector => vector.RoomId == room && vector.Seq > seq && vector.Model == model).OrderBy(vector => vector.Seq).Take(limit).ToListAsync(cancellation);
        });

    public Task RemoveAsync(RoomId room, long seq, CancellationToken cancellation)
        => writer.WriteAsync(context => context.Vectors.Where(vector => vector.RoomId == room && vector.Seq == seq).ExecuteDeleteAsync(CancellationToken.None));

    public Task<IReadOnlyList<RoomId>> RoomsWithoutAsync(string model, CancellationToken cancellation) => database.ReadAsync<IReadOnlyList<RoomId>>(async context =>
    {
        return await context.Rooms.Where(room => room.LastSeq > 0 && !context.Seen.Any(seen => seen.RoomId == room.Id && seen.Model == model))
            .OrderByDescending(room => room.LastActiveAt).Select(room => room.Id).ToListAsync(cancellation);
    });

    public Task SetSeenAsync(RoomId room, string? model, CancellationToken cancellation) => writer.WriteInBackgroundAsync(async context =>
    {
        if (model is null)
            return await context.Seen.Where(seen => seen.RoomId == room).ExecuteDeleteAsync(CancellationToken.None);
        await context.Vectors.Where(vector => vector.RoomId == room && vector.Model != model).ExecuteDeleteAsync(CancellationToken.None);
        var row = await context.Seen.FirstOrDefaultAsync(seen => seen.RoomId == room, CancellationToken.None);
        if (row is null)
            context.Add(new SeenRow { RoomId = room, Model = model });
        else
            row.Model = model;
        return await context.SaveChangesAsync(CancellationToken.None);
    });
}
