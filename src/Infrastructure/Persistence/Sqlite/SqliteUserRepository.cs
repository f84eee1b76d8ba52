using AIChat.Domain.Messages;
using AIChat.Domain.Users;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.ChangeTracking;

namespace AIChat.Infrastructure.Persistence.Sqlite;

internal sealed class SqliteUserRepository(SqliteDatabase database, SqliteWriter writer) : IUserRepository
{
    private static readonly TableColumns<Session> SessionColumns = TableColumns<Session>.Instance;

    private static readonly string UpdateSession = $"UPDATE {SessionColumns.Table} SET {SessionColumns.Assignments} WHERE {SessionColumns.IsSame}";

    private static readonly Func<AIChatDbContext, UserId, Task<User?>> ById = EF.CompileAsyncQuery(
        (AIChatDbContext context, UserId id) => context.Users.AsNoTracking().FirstOrDefault(user => user.Id == id));

    private static readonly Func<AIChatDbContext, string, Task<Session?>> SessionById = EF.CompileAsyncQuery(
        (AIChatDbContext context, string id) => context.Sessions.AsNoTracking().FirstOrDefault(session => session.Id == id));

    public Task<User?> FindAsync(UserId id, CancellationToken cancellation) => database.ReadAsync(async context =>
    {
        return await ById(context, id);
    });

    public Task<Result<Nothing>> AddAsync(User user, Session session, CancellationToken cancellation) => writer.WriteAsync<Result<Nothing>>(async context =>
    {
        if (await context.Users.AnyAsync(known => known.Id == user.Id, CancellationToken.None))
            return UserErrors.Taken;
        Fold(context.Add(user));
        context.Add(session);
        await context.SaveChangesAsync(CancellationToken.None);
        return Nothing.Instance;
    });

    public Task SaveAsync(User user, CancellationToken cancellation) => writer.WriteAsync(context =>
    {
        Fold(context.Update(user));
        return context.SaveChangesAsync(CancellationToken.None);
    });

    public Task<IReadOnlySet<UserId>> ExcludedFromAiAsync(IReadOnlyCollection<UserId> users, CancellationToken cancellation) => database.ReadAsync<IReadOnlySet<UserId>>(async context =>
    {
        return (await context.Users.Where(user => users.Contains(user.Id) && user.ExcludeFromAi).Select(user => user.Id).ToListAsync(cancellation)).ToHashSet();
    });

    public Task<Session?> FindSessionAsync(string sessionId, CancellationToken cancellation) => database.ReadAsync(async context =>
    {
        return await SessionById(context, sessionId);
    });

    public Task RenewSessionAsync(Session session, CancellationToken cancellation) => writer.WriteAsync(context =>
        context.Prepared(UpdateSession, SessionColumns.ValuesOf(session)).ExecuteNonQueryAsync(CancellationToken.None));

    public Task EndSessionAsync(string sessionId, CancellationToken cancellation) => writer.WriteAsync(context =>
        context.Sessions.Where(session => session.Id == sessionId).ExecuteDeleteAsync(CancellationToken.None));

    private static void Fold(EntityEntry<User> user) => user.Property(AIChatDbContext.FoldedNickname).CurrentValue = SearchTerms.Fold(user.Entity.Nickname);
}
