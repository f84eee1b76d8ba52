using AIChat.Domain.Common;
using AIChat.Domain.Rooms;
using AIChat.Domain.Users;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;

namespace AIChat.Infrastructure.Persistence.Sqlite;

internal sealed class SqliteRoomRepository(SqliteDatabase database, SqliteWriter writer) : IRoomRepository
{
    public Task<Room?> FindAsync(RoomId id, CancellationToken cancellation) => SqliteFailures.GuardAsync(async () =>
    {
        await using var context = database.Read();
        return await context.Rooms.FirstOrDefaultAsync(room => room.Id == id, cancellation);
    });

    public Task<IReadOnlyList<Room>> ListAsync(Specification<Room> specification, CancellationToken cancellation) => SqliteFailures.GuardAsync<IReadOnlyList<Room>>(async () =>
    {
        await using var context = database.Read();
        await context.Database.OpenConnectionAsync(cancellation);

        // SQLite's own lower() knows only ASCII.
        ((SqliteConnection)context.Database.GetDbConnection()).CreateFunction("lower", (string? name) => name?.ToLowerInvariant(), isDeterministic: true);
        return await context.Rooms.Apply(specification).ToListAsync(cancellation);
    });

    public Task AddAsync(Room room, CancellationToken cancellation) => writer.WriteAsync(context =>
    {
        context.Add(room);
        return context.SaveChangesAsync(CancellationToken.None);
    });

    public Task<IReadOnlyDictionary<RoomId, long>> ReadMarksAsync(UserId user, IReadOnlyCollection<RoomId> rooms, CancellationToken cancellation)
        => SqliteFailures.GuardAsync<IReadOnlyDictionary<RoomId, long>>(async () =>
        {
            await using var context = database.Read();
            var wanted = rooms.ToList();
            return await context.Reads.Where(mark => mark.UserId == user && wanted.Contains(mark.RoomId)).ToDictionaryAsync(mark => mark.RoomId, mark => mark.Seq, cancellation);
        });

    public Task<ReadMark> MoveReadMarkAsync(UserId user, RoomId room, long seq, CancellationToken cancellation) => writer.WriteAsync(async context =>
    {
        var mark = await context.Reads.FirstOrDefaultAsync(row => row.UserId == user && row.RoomId == room, CancellationToken.None);
        if (seq <= (mark?.Seq ?? 0))
            return new ReadMark(mark?.Seq ?? 0, Moved: false);
        if (mark is null)
            context.Add(mark = new ReadRow { UserId = user, RoomId = room });
        mark.Seq = seq;
        await context.SaveChangesAsync(CancellationToken.None);
        return new ReadMark(seq, Moved: true);
    });
}
