using AIChat.Domain.Rooms;
using AIChat.Domain.Topics;
using Microsoft.EntityFrameworkCore;

namespace AIChat.Infrastructure.Persistence.Sqlite;

internal sealed class SqliteEmbeddingRepository(SqliteDatabase database, SqliteWriter writer) : IEmbeddingRepository
{
    public Task SaveAsync(IReadOnlyList<MessageEmbedding> vectors, CancellationToken cancellation) => writer.WriteInBackgroundAsync(async context =>
    {
        foreach (var vector in vectors)
        {
            await context.Prepared(
                """
                INSERT INTO vectors ("RoomId", "Seq", "Model", "EditedAt", "Halves")
                SELECT @room, @seq, @model, @edited, @halves WHERE EXISTS (SELECT 1 FROM messages WHERE "RoomId" = @room AND "Seq" = @seq AND "DeletedAt" IS NULL AND "EditedAt" IS @edited)
                ON CONFLICT DO UPDATE SET "Model" = @model, "EditedAt" = @edited, "Halves" = @halves
                """,
                ("@room", vector.RoomId.Value), ("@seq", vector.Seq), ("@model", vector.Model), ("@edited", vector.EditedAt?.UtcTicks), ("@halves", vector.Float16)).ExecuteNonQueryAsync();
        }

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
