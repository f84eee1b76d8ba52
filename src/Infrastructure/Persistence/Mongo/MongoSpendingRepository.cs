using AIChat.Domain.Rooms;
using AIChat.Domain.Summaries;
using AIChat.Domain.Users;
using MongoDB.Bson;
using MongoDB.Driver;

namespace AIChat.Infrastructure.Persistence.Mongo;

internal sealed class MongoSpendingRepository(MongoConnection mongo) : ISpendingRepository
{
    private const string Month = "month", Micros = "micros", IsSettled = "isSettled";

    private IMongoCollection<BsonDocument> Entries => mongo.Raw(Collections.Spending);

    public Task AddAsync(SpendingEntry entry, CancellationToken cancellation) => MongoConnection.AskAsync(async () =>
    {
        await Writes.InsertOnceAsync(mongo.Spending, entry, entry.Id);
        return true;
    });

    public Task SettleAsync(string id, Money spent, CancellationToken cancellation) => MongoConnection.AskAsync(() => Entries.UpdateOneAsync(
        new BsonDocument { { Fields.Id, id }, { IsSettled, false } },
        new BsonDocument("$set", new BsonDocument { { Micros, spent.Micros }, { IsSettled, true } }),
        cancellationToken: CancellationToken.None));

    public Task<SpendingSums> SumsAsync(string month, SpendingAccount account, CancellationToken cancellation) => MongoConnection.AskAsync(async () => new SpendingSums(
        await SumAsync(new BsonDocument { { Month, month }, { Fields.User, account.User.Value } }, cancellation),
        await SumAsync(new BsonDocument { { Month, month }, { Fields.Room, account.Room.Value } }, cancellation),
        await SumAsync(new BsonDocument(Month, month), cancellation)));

    public Task<IReadOnlyList<SpendingShare>> SharesAsync(string month, CancellationToken cancellation) => MongoConnection.AskAsync<IReadOnlyList<SpendingShare>>(async () =>
    {
        var share = new BsonDocument
        {
            { Fields.Id, new BsonDocument { { "u", "$" + Fields.User }, { "r", "$" + Fields.Room } } },
            { "calls", new BsonDocument("$sum", 1) },
            { "sum", new BsonDocument("$sum", "$" + Micros) },
        };
        var shares = await Entries.Aggregate().Match(new BsonDocument(Month, month)).Group(share).ToListAsync(cancellation);
        return [.. shares.OrderByDescending(each => each["sum"].ToInt64()).Select(each => new SpendingShare(
            new SpendingAccount(new UserId(each[Fields.Id]["u"].AsString), new RoomId(each[Fields.Id]["r"].AsString)), each["calls"].ToInt64(), new Money(each["sum"].ToInt64())))];
    });

    private async Task<Money> SumAsync(BsonDocument match, CancellationToken cancellation)
    {
        var sum = await Entries.Aggregate().Match(match).Group(new BsonDocument { { Fields.Id, BsonNull.Value }, { "sum", new BsonDocument("$sum", "$" + Micros) } }).FirstOrDefaultAsync(cancellation);
        return new Money(sum?["sum"].ToInt64() ?? 0);
    }
}
