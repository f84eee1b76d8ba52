using AIChat.Domain.Rooms;
using AIChat.Domain.Users;
using AIChat.Infrastructure.Persistence.Common;
using Ardalis.Specification;
using Microsoft.EntityFrameworkCore;

namespace AIChat.Infrastructure.Persistence.Sqlite;

internal sealed class SqliteRoomRepository(SqliteDatabase database, SqliteWriter writer) : IRoomRepository
{
    private static readonly Func<AIChatDbContext, RoomId, Task<Room?>> ById = EF.CompileAsyncQuery(
        (AIChatDbContext context, RoomId id) => context.Rooms.AsNoTracking().FirstOrDefault(room => room.Id == id));

    public Task<Room?> FindAsync(RoomId id, CancellationToken cancellation) => database.ReadAsync(async context =>
    {
        return await ById(context, id);
    });

    public Task<IReadOnlyList<Room>> ListAsync(ISpecification<Room> specification, CancellationToken cancellation) => database.ReadAsync<IReadOnlyList<Room>>(async context =>
    {
        return await context.Rooms.Apply(specification).ToListAsync(cancellation);
    });

    public Task AddAsync(Room room, CancellationToken cancellation) => writer.WriteAsync(context =>
    {
        context.Add(room);
        return context.SaveChangesAsync(CancellationToken.None);
    });

    public Task SaveSummaryScheduleAsync(Room room, CancellationToken cancellation) => writer.WriteAsync(context => context.Rooms.Where(stored => stored.Id == room.Id)
        .ExecuteUpdateAsync(row => row.SetProperty(stored => stored.Digest, room.Digest).SetProperty(stored => stored.DigestedUpTo, room.DigestedUpTo), CancellationToken.None));

    public Task MarkDigestedAsync(RoomId room, DateTimeOffset upTo, CancellationToken cancellation) => writer.WriteAsync(context => context.Rooms
        .Where(stored => stored.Id == room && stored.DigestedUpTo < upTo)
        .ExecuteUpdateAsync(row => row.SetProperty(stored => stored.DigestedUpTo, upTo), CancellationToken.None));

    public Task SaveTopicsByAsync(Room room, CancellationToken cancellation) => writer.WriteAsync(context => context.Rooms.Where(stored => stored.Id == room.Id).ExecuteUpdateAsync(
        row => row.SetProperty(stored => stored.TopicsBy, room.TopicsBy).SetProperty(stored => stored.ModelFromSeq, room.ModelFromSeq).SetProperty(stored => stored.ModelUpToSeq, room.ModelUpToSeq),
        CancellationToken.None));

    public Task AdvanceModelAsync(RoomId room, long from, long upTo, CancellationToken cancellation) => writer.WriteAsync(context => context.Rooms
        .Where(stored => stored.Id == room && stored.ModelUpToSeq == from)
        .ExecuteUpdateAsync(row => row.SetProperty(stored => stored.ModelUpToSeq, upTo), CancellationToken.None));

    public Task<IReadOnlyDictionary<RoomId, long>> ReadMarksAsync(UserId user, IReadOnlyCollection<RoomId> rooms, CancellationToken cancellation)
        => database.ReadAsync<IReadOnlyDictionary<RoomId, long>>(async context =>
        {
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
