using AIChat.Domain.Users;
using MongoDB.Bson;
using MongoDB.Driver;

namespace AIChat.Infrastructure.Persistence.Mongo;

internal sealed class MongoUserRepository(MongoConnection mongo) : IUserRepository
{
    public Task<User?> FindAsync(UserId id, CancellationToken cancellation) => MongoConnection.AskAsync<User?>(async () =>
    {
        return await mongo.Users.Find(user => user.Id == id).FirstOrDefaultAsync(cancellation);
    });

    /// <remarks>
    /// The session comes first. After a crash it is left without a user, which does no harm, because its id was not given out. A user without a session would block an id that cannot be used.
    /// </remarks>
    public Task<Result<Nothing>> AddAsync(User user, Session session, CancellationToken cancellation) => MongoConnection.AskAsync<Result<Nothing>>(async () =>
    {
        await Writes.InsertOnceAsync(mongo.Sessions, session, session.Id);
        var document = UserDocuments.Of(user);
        var users = mongo.Raw(Collections.Users);
        try
        {
            await users.InsertOneAsync(document, cancellationToken: CancellationToken.None);
        }
        catch (MongoWriteException taken) when (MongoFailures.IsDuplicate(taken))
        {
            var known = await users.Find(new BsonDocument(Fields.User, user.Id.Value)).FirstOrDefaultAsync(CancellationToken.None);
            if (known is null || known[Fields.Id] != document[Fields.Id])
            {
                await EndSessionAsync(session.Id, CancellationToken.None);
                return UserErrors.Taken;
            }
        }

        return Nothing.Instance;
    });

    public Task SaveAsync(User user, CancellationToken cancellation) => MongoConnection.AskAsync(() => mongo.Users.UpdateOneAsync(
        stored => stored.Id == user.Id, UserDocuments.UpdateOf(user), cancellationToken: CancellationToken.None));

    public Task<IReadOnlySet<UserId>> ExcludedFromAiAsync(IReadOnlyCollection<UserId> users, CancellationToken cancellation) => MongoConnection.AskAsync<IReadOnlySet<UserId>>(async () =>
    {
        var where = Builders<User>.Filter;
        return (await mongo.Users.Find(where.In(user => user.Id, users) & where.Eq(user => user.ExcludeFromAi, true)).Project(user => user.Id).ToListAsync(cancellation)).ToHashSet();
    });

    public Task<Session?> FindSessionAsync(string sessionId, CancellationToken cancellation) => MongoConnection.AskAsync<Session?>(async () =>
    {
        return await mongo.Sessions.Find(session => session.Id == sessionId).FirstOrDefaultAsync(cancellation);
    });

    public Task RenewSessionAsync(Session session, CancellationToken cancellation) => MongoConnection.AskAsync(() => mongo.Sessions.ReplaceOneAsync(
        stored => stored.Id == session.Id, session, cancellationToken: CancellationToken.None));

    public Task EndSessionAsync(string sessionId, CancellationToken cancellation)
        => MongoConnection.AskAsync(() => mongo.Sessions.DeleteOneAsync(session => session.Id == sessionId, CancellationToken.None));
}
