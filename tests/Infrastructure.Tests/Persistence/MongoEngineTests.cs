using AIChat.Tests;
using MongoDB.Bson;
using MongoDB.Driver;

namespace AIChat.Infrastructure.Tests.Persistence;

/// <summary>What the shared store asks of its database, asked by the driver alone: whichever MongoDB the tests run on, it has to answer as MongoDB does.</summary>
public sealed class MongoEngineTests : IAsyncLifetime
{
    private IMongoDatabase _database = null!;
    private IMongoCollection<BsonDocument> _things = null!;

    public async Task InitializeAsync()
    {
        _database = new MongoClient(await MongoServer.AddressAsync()).GetDatabase($"aichat-engine-{Environment.ProcessId}");
        _things = _database.GetCollection<BsonDocument>("things" + ObjectId.GenerateNewId());
    }

    public Task DisposeAsync() => _database.DropCollectionAsync(_things.CollectionNamespace.CollectionName);

    [Fact]
    public async Task Documents_are_stored_found_changed_and_removed()
    {
        await _things.InsertManyAsync(Numbered(5));
        Assert.Equal([2, 3], await NumbersAsync(_things.Find(new BsonDocument("n", new BsonDocument { { "$gte", 2 }, { "$lt", 4 } }))));
        Assert.Equal([4, 3], await NumbersAsync(_things.Find(new BsonDocument()).Sort(new BsonDocument("n", -1)).Limit(2)));
        Assert.Equal([1, 2], await NumbersAsync(_things.Find(new BsonDocument()).Sort(new BsonDocument("n", 1)).Skip(1).Limit(2)));

        var changed = await _things.UpdateManyAsync(new BsonDocument("n", new BsonDocument("$gt", 2)), new BsonDocument("$inc", new BsonDocument("times", 2)));
        Assert.Equal((2L, 2L), (changed.MatchedCount, changed.ModifiedCount));
        var raised = await _things.FindOneAndUpdateAsync<BsonDocument>(new BsonDocument("n", 0), new BsonDocument("$max", new BsonDocument("n", 10)), new() { ReturnDocument = ReturnDocument.After });
        Assert.Equal(10, raised["n"].AsInt32);
        var made = await _things.FindOneAndUpdateAsync<BsonDocument>(
            new BsonDocument("n", 20), new BsonDocument("$setOnInsert", new BsonDocument("new", true)), new() { IsUpsert = true, ReturnDocument = ReturnDocument.After });
        Assert.True(made["new"].AsBoolean);
        Assert.Equal(2, (await _things.DeleteManyAsync(new BsonDocument("n", new BsonDocument("$gt", 9)))).DeletedCount);
        Assert.Equal(4, await _things.CountDocumentsAsync(new BsonDocument()));
    }

    [Fact]
    public async Task What_may_be_there_once_is_refused_with_the_code_of_a_duplicate_and_the_rest_of_a_batch_before_it_stands()
    {
        var keys = Builders<BsonDocument>.IndexKeys;
        await _things.Indexes.CreateOneAsync(new CreateIndexModel<BsonDocument>(keys.Ascending("room").Ascending("n"), new CreateIndexOptions { Unique = true, Name = "once" }));
        var documents = Numbered(3).Concat(Numbered(1)).Select(document => document.Add("room", "a")).ToList();

        var refused = await Assert.ThrowsAsync<MongoBulkWriteException<BsonDocument>>(() => _things.InsertManyAsync(documents));

        var error = Assert.Single(refused.WriteErrors);
        Assert.Equal((3, 11000, ServerErrorCategory.DuplicateKey), (error.Index, error.Code, error.Category));
        Assert.Equal(3, await _things.CountDocumentsAsync(new BsonDocument()));
        var modified = await Assert.ThrowsAsync<MongoCommandException>(() => _things.FindOneAndUpdateAsync<BsonDocument>(new BsonDocument("n", 1), new BsonDocument("$set", new BsonDocument("n", 2))));
        Assert.Equal(11000, modified.Code);
    }

    [Fact]
    public async Task A_partial_unique_index_holds_only_for_what_it_covers()
    {
        await _things.Indexes.CreateOneAsync(new CreateIndexModel<BsonDocument>(
            Builders<BsonDocument>.IndexKeys.Ascending("key"),
            new CreateIndexOptions<BsonDocument> { Unique = true, PartialFilterExpression = new BsonDocument("key", new BsonDocument("$exists", true)) }));

        await _things.InsertManyAsync(Numbered(3));
        await _things.InsertOneAsync(new BsonDocument("key", "a"));
        await Assert.ThrowsAsync<MongoWriteException>(() => _things.InsertOneAsync(new BsonDocument("key", "a")));
    }

    [Fact]
    public async Task A_cursor_goes_on_over_many_batches_and_several_at_once()
    {
        await _things.InsertManyAsync(Numbered(1000));
        var reads = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => NumbersAsync(_things.Find(new BsonDocument(), new FindOptions { BatchSize = 90 }).Sort(new BsonDocument("n", 1)))));
        Assert.All(reads, numbers => Assert.Equal(Enumerable.Range(0, 1000), numbers));
    }

    [Fact]
    public async Task Groups_are_counted_and_looked_up()
    {
        await _things.InsertManyAsync(Numbered(10).Select(document => document.Add("even", document["n"].AsInt32 % 2 == 0)));
        var counted = await _things.Aggregate()
            .AppendStage<BsonDocument>(new BsonDocument("$group", new BsonDocument { { "_id", "$even" }, { "count", new BsonDocument("$sum", 1) }, { "last", new BsonDocument("$max", "$n") } }))
            .AppendStage<BsonDocument>(new BsonDocument("$sort", new BsonDocument("last", 1)))
            .ToListAsync();
        Assert.Equal([(5, 8), (5, 9)], counted.Select(group => (group["count"].ToInt32(), group["last"].ToInt32())));
    }

    [Fact]
    public async Task A_transaction_is_seen_whole_or_not_at_all()
    {
        using (var session = await _database.Client.StartSessionAsync())
        {
            session.StartTransaction();
            await _things.InsertManyAsync(session, Numbered(3));
            Assert.Equal(0, await _things.CountDocumentsAsync(new BsonDocument()));
            await session.AbortTransactionAsync();
        }

        Assert.Equal(0, await _things.CountDocumentsAsync(new BsonDocument()));
        using (var session = await _database.Client.StartSessionAsync())
        {
            session.StartTransaction();
            await _things.InsertManyAsync(session, Numbered(3));
            await session.CommitTransactionAsync();
        }

        Assert.Equal(3, await _things.CountDocumentsAsync(new BsonDocument()));
    }

    [Fact]
    public async Task Of_two_transactions_on_one_document_the_later_is_told_to_try_again()
    {
        await _things.InsertManyAsync(Numbered(1));
        using var first = await _database.Client.StartSessionAsync();
        using var second = await _database.Client.StartSessionAsync();
        first.StartTransaction();
        second.StartTransaction();
        await _things.CountDocumentsAsync(second, new BsonDocument());
        await _things.UpdateOneAsync(first, new BsonDocument("n", 0), new BsonDocument("$set", new BsonDocument("by", "first")));
        await first.CommitTransactionAsync();

        var conflict = await Assert.ThrowsAnyAsync<MongoException>(() => _things.UpdateOneAsync(second, new BsonDocument("n", 0), new BsonDocument("$set", new BsonDocument("by", "second"))));

        Assert.True(conflict.HasErrorLabel("TransientTransactionError"), conflict.ToString());
        Assert.Equal("first", (await _things.Find(new BsonDocument()).SingleAsync())["by"].AsString);
    }

    [Fact]
    public async Task Large_documents_and_any_script_come_back_as_they_were()
    {
        var text = string.Concat(Enumerable.Repeat("김치찌개 👩‍👩‍👧‍👦 cafe\u0301 ", 20_000));
        var bytes = new byte[1 << 20];
        new Random(1).NextBytes(bytes);
        await _things.InsertOneAsync(new BsonDocument { { "_id", 1 }, { "text", text }, { "bytes", new BsonBinaryData(bytes) }, { "none", BsonNull.Value }, { "at", new BsonDateTime(-1) } });

        var found = await _things.Find(new BsonDocument("_id", 1)).SingleAsync();

        Assert.Equal(text, found["text"].AsString);
        Assert.Equal(bytes, found["bytes"].AsByteArray);
        Assert.Equal((BsonNull.Value, -1L), (found["none"].AsBsonNull, found["at"].AsBsonDateTime.MillisecondsSinceEpoch));
    }

    [Fact]
    public async Task What_it_does_not_know_is_refused_by_its_number()
        => Assert.Equal(59, (await Assert.ThrowsAsync<MongoCommandException>(() => _database.RunCommandAsync<BsonDocument>(new BsonDocument("noSuchThing", 1)))).Code);

    private static IEnumerable<BsonDocument> Numbered(int count) => Enumerable.Range(0, count).Select(n => new BsonDocument("n", n));

    private static async Task<List<int>> NumbersAsync(IFindFluent<BsonDocument, BsonDocument> found) => (await found.ToListAsync()).ConvertAll(document => document["n"].AsInt32);
}
