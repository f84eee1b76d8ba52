using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using AIChat.Benchmarks.Common;
using AIChat.Domain.Jobs;
using AIChat.Domain.Messages;
using AIChat.Domain.Rooms;
using AIChat.Domain.Users;
using AIChat.Infrastructure.Persistence.Mongo;
using AIChat.Tests;
using Microsoft.Extensions.DependencyInjection;
using MongoDB.Bson;
using MongoDB.Driver;

namespace AIChat.Benchmarks.Mongo;

/// <summary><c>mongo</c>: what our store costs beyond the bare driver, on the same MongoDB in the same run.</summary>
internal static class MongoCommand
{
    const int Rounds = 3;
    const int PageLength = 50;
    const int Pages = 400;
    const double LeastPosts = 0.6;
    const double MostPage = 1.5;

    public static Command Create()
    {
        var uri = new Option<string?>("--uri") { Description = "An empty MongoDB; left out: the one that the tests use", HelpName = "ADDRESS" };
        var clients = Commands.Count("--clients", 32, 1_000, "Who post at once");
        var seconds = Commands.Count("--seconds", 10, 600, "Seconds of each round");
        var messages = Commands.Count("--messages", 1_000_000, 10_000_000, "Messages in the room whose pages are read");
        var json = Commands.Json();
        var command = new Command("mongo", $"Posts and pages against the bare driver; fails below {LeastPosts} of its posts or above {MostPage} times its pages.") { uri, clients, seconds, messages, json };
        command.Does(async (parsed, cancellation) =>
        {
            var server = parsed.GetValue(uri) ?? await MongoServer.AddressAsync();
            var address = new MongoUrlBuilder(server) { DatabaseName = $"aichat-benchmark-{Environment.ProcessId}" }.ToString();
            await using var services = new ServiceCollection().AddLogging().AddSingleton(TimeProvider.System).AddMongoStore(MongoAddress.Parse(address)).BuildServiceProvider();
            var mongo = services.GetRequiredService<MongoConnection>();
            await mongo.OpenAsync(cancellation);
            try
            {
                var store = new Subject(services, mongo);
                var posts = await PostsAsync(store, parsed.GetValue(clients), TimeSpan.FromSeconds(parsed.GetValue(seconds)), cancellation);
                Report.Table("posts a second, durable", ["", "ours", "bare driver", "ratio"], posts.Select(row => new[] { row.Name, Report.Number(row.Ours), Report.Number(row.Bare), Report.Number(row.Ratio) }));
                var pages = await PageAsync(store, parsed.GetValue(messages), cancellation);
                Report.Table($"a page of {PageLength} from {parsed.GetValue(messages)} messages, median ms", ["", "ours", "bare driver", "ratio"], pages.Select(row => new[] { row.Name, Report.Number(row.Ours), Report.Number(row.Bare), Report.Number(row.Ratio) }));
                var options = new { clients = parsed.GetValue(clients), seconds = parsed.GetValue(seconds), messages = parsed.GetValue(messages) };
                await Report.SaveAsync(parsed.GetValue(json), "mongo", options, new { posts, pages }, cancellation);
                return posts.TrueForAll(row => row.Ratio >= LeastPosts) && pages.TrueForAll(row => row.Ratio <= MostPage) ? 0 : 1;
            }
            finally
            {
                await mongo.Client.DropDatabaseAsync(mongo.DatabaseName, CancellationToken.None);
            }
        });
        return command;
    }

    /// <summary>Rounds of both, one after the other, so that a disturbance meets both alike; the first of each only warms up.</summary>
    static async Task<List<Row>> PostsAsync(Subject store, int clients, TimeSpan time, CancellationToken cancellation)
    {
        var rows = new List<Row>();
        foreach (var count in new[] { 1, 8 })
        {
            var rooms = new List<Room>();
            for (var i = 0; i < count; i++)
                rooms.Add(await store.OpenRoomAsync());
            var (ours, bare) = (new List<double?>(), new List<double?>());
            for (var round = -1; round < Rounds; round++)
            {
                var first = await RateAsync(clients, round < 0 ? time / 3 : time, i => store.PostAsync(rooms[i % count]), cancellation);
                var second = await RateAsync(clients, round < 0 ? time / 3 : time, i => store.InsertAsync(rooms[i % count]), cancellation);
                if (round < 0)
                    continue;
                ours.Add(first);
                bare.Add(second);
                Report.Say($"{count} room{(count == 1 ? "" : "s")}, round {round + 1}: {Report.Number(first)} ours, {Report.Number(second)} bare");
            }

            rows.Add(new Row($"{clients} clients in {count} room{(count == 1 ? "" : "s")}", Report.Median(ours)!.Value, Report.Median(bare)!.Value));
        }

        return rows;
    }

    static async Task<double> RateAsync(int clients, TimeSpan time, Func<int, Task> post, CancellationToken cancellation)
    {
        var began = Stopwatch.GetTimestamp();
        var done = await Task.WhenAll(Enumerable.Range(0, clients).Select(async client =>
        {
            var posted = 0;
            for (; Stopwatch.GetElapsedTime(began) < time; posted++)
            {
                cancellation.ThrowIfCancellationRequested();
                await post(client);
            }

            return posted;
        }));
        return done.Sum() / Stopwatch.GetElapsedTime(began).TotalSeconds;
    }

    static async Task<List<Row>> PageAsync(Subject store, int messages, CancellationToken cancellation)
    {
        var room = await store.OpenRoomAsync();
        var began = Stopwatch.GetTimestamp();
        await store.FillAsync(room, messages, cancellation);
        Report.Say($"stored {messages} messages after {Report.Number(Stopwatch.GetElapsedTime(began).TotalSeconds)} s");
        var random = new Random(1);
        var rows = new List<Row>();
        foreach (var (name, before) in new (string, Func<long?>)[] { ("newest", () => null), ("anywhere", () => random.NextInt64(PageLength + 1, messages)) })
        {
            var (ours, bare) = (new List<double?>(), new List<double?>());
            for (var page = -Pages / 10; page < Pages; page++)
            {
                var seq = before();

                // Who reads a page first finds it cold: by turns.
                var isOurTurn = page % 2 == 0;
                var early = isOurTurn ? await OursAsync(seq) : await BareAsync(seq);
                var late = isOurTurn ? await BareAsync(seq) : await OursAsync(seq);
                if (!early.Seqs.SequenceEqual(late.Seqs) || early.Seqs.Count != PageLength)
                    throw new BenchmarkException($"The page before {seq} is not the same in both.");
                if (page < 0)
                    continue;
                ours.Add((isOurTurn ? early : late).Milliseconds);
                bare.Add((isOurTurn ? late : early).Milliseconds);
            }

            rows.Add(new Row(name, Report.Median(ours)!.Value, Report.Median(bare)!.Value));
        }

        return rows;

        Task<(List<long> Seqs, double Milliseconds)> OursAsync(long? seq) => TimeAsync(async () => (await store.PageAsync(room, seq)).Select(message => message.Seq));
        Task<(List<long> Seqs, double Milliseconds)> BareAsync(long? seq) => TimeAsync(async () => (await store.FindAsync(room, seq)).Select(document => document[Fields.Seq].ToInt64()));
    }

    static async Task<(List<long> Seqs, double Milliseconds)> TimeAsync(Func<Task<IEnumerable<long>>> read)
    {
        var began = Stopwatch.GetTimestamp();
        var seqs = (await read()).ToList();
        return (seqs, Stopwatch.GetElapsedTime(began).TotalMilliseconds);
    }

    sealed record Row(string Name, double Ours, double Bare)
    {
        public double Ratio => Ours / Bare;
    }

    /// <summary>Our store, and the bare driver on a collection with the same documents, indexes and write concern.</summary>
    sealed class Subject(ServiceProvider services, MongoConnection mongo)
    {
        const int Batch = 1000;
        const string Peer = "messages_bare";

        static readonly string[] Said =
        [
            "does anybody know why the build fails on the arm runner since yesterday?", "점심 메뉴 추천 좀 해주세요, 오늘은 따뜻한 게 좋겠어요", "the cache key is wrong, clear it and try again", "김치찌개 어때요, 가까운 데로 갑시다",
        ];

        readonly IMessageRepository _store = services.GetRequiredService<IMessageRepository>();
        readonly User _author = User.Join(new UserId("benchmark"), "benchmark", TimeProvider.System.GetUtcNow()).Value!;
        long _last;
        long _ids;
        bool _isIndexed;

        IMongoCollection<BsonDocument> Bare => mongo.Raw(Peer);

        public async Task<Room> OpenRoomAsync()
        {
            var room = Room.Open(new RoomId(NewId()), "benchmark", _author.Id, TimeProvider.System.GetUtcNow()).Value!;
            await services.GetRequiredService<IRoomRepository>().AddAsync(room, CancellationToken.None);
            if (_isIndexed)
                return room;

            // The peer keeps the same indexes.
            _isIndexed = true;
            foreach (var index in (await (await mongo.Raw(Collections.Messages).Indexes.ListAsync()).ToListAsync()).Where(index => index["name"] != "_id_"))
            {
                var options = new CreateIndexOptions<BsonDocument> { Name = index["name"].AsString, Unique = index.GetValue("unique", false).ToBoolean(), PartialFilterExpression = index.GetValue("partialFilterExpression", null)?.AsBsonDocument };
                await Bare.Indexes.CreateOneAsync(new CreateIndexModel<BsonDocument>(index["key"].AsBsonDocument, options));
            }

            return room;
        }

        public async Task PostAsync(Room room)
        {
            if ((await _store.AppendAsync(room.Id, [Draft(room)], CancellationToken.None)).Error is { } refusal)
                throw new BenchmarkException(refusal.Message);
        }

        public Task InsertAsync(Room room)
        {
            var message = Draft(room);
            message.Number(Interlocked.Increment(ref _last));
            return Bare.InsertOneAsync(MessageDocuments.Of(message));
        }

        public async Task FillAsync(Room room, int messages, CancellationToken cancellation)
        {
            for (var stored = 0; stored < messages; stored += Batch)
            {
                cancellation.ThrowIfCancellationRequested();
                if ((await _store.AppendAsync(room.Id, [.. Enumerable.Range(stored + 1, Math.Min(Batch, messages - stored)).Select(line => Line(room, line))], cancellation)).Error is { } refusal)
                    throw new BenchmarkException(refusal.Message);
                if ((stored + Batch) % 100_000 == 0)
                    Report.Say($"{stored + Batch} messages");
            }
        }

        public Task<IReadOnlyList<Message>> PageAsync(Room room, long? before) => _store.ListAsync(MessagesOfRoom.Before(room.Id, before, PageLength), CancellationToken.None);

        public Task<List<BsonDocument>> FindAsync(Room room, long? before)
        {
            var filter = new BsonDocument(Fields.Room, room.Id.Value);
            if (before is { } seq)
                filter[Fields.Seq] = new BsonDocument("$lt", seq);
            return mongo.Raw(Collections.Messages).Find(filter).Sort(new BsonDocument(Fields.Seq, -1)).Limit(PageLength).ToListAsync();
        }

        string NewId() => Interlocked.Increment(ref _ids).ToString("x16", CultureInfo.InvariantCulture);

        Message Draft(Room room)
        {
            var id = NewId();
            return Message.Post(new MessageId(id), room, _author, Said[id[^1] % Said.Length], id, null, [], TimeProvider.System.GetUtcNow()).Value!;
        }

        Message Line(Room room, int line) => Message.Import(
            new MessageId(NewId()), room.Id, new JobId("benchmark"), line, "p" + (line % 40), Said[line % Said.Length], TimeProvider.System.GetUtcNow(), null).Value!;
    }
}
