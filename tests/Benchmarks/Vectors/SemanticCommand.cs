using System.CommandLine;
using System.Diagnostics;
using System.Numerics.Tensors;
using AIChat.Benchmarks.Common;
using AIChat.Domain.Messages;
using AIChat.Domain.Rooms;
using AIChat.Domain.Topics;
using AIChat.Domain.Users;
using AIChat.Infrastructure.Persistence.Common;
using AIChat.Infrastructure.Persistence.Sqlite;
using AIChat.Infrastructure.Topics.Search;
using Microsoft.Extensions.DependencyInjection;

namespace AIChat.Benchmarks.Vectors;

/// <summary><c>semantic</c>: how long the vectors of a room are compared with a query's, and whether the best are found.</summary>
internal static class SemanticCommand
{
    const int Batch = 1_000;
    const int Limit = 50;
    const double MostMs = 50;

    public static Command Create()
    {
        var messages = Commands.Count("--messages", 100_000, 250_000, "Messages in the room");
        var dimensions = Commands.Count("--dimensions", 384, 4_096, "Numbers of each vector");
        var rounds = Commands.Count("--rounds", 200, 100_000, "Searches");
        var json = Commands.Json();
        var command = new Command("semantic", $"Search by meaning, without the query's own embedding; fails above {MostMs} ms at the median, or where it is not exact.") { messages, dimensions, rounds, json };
        command.Does(async (parsed, cancellation) =>
        {
            var folder = Directory.CreateTempSubdirectory("aichat-bench-");
            try
            {
                var services = new ServiceCollection().AddLogging().AddSingleton(TimeProvider.System).AddSqliteStore(Path.Combine(folder.FullName, "aichat.db")).AddSingleton<ISemanticIndex, SemanticIndex>();
                await using var store = services.BuildServiceProvider();
                await store.GetRequiredService<IDatabase>().OpenAsync(cancellation);
                var result = await MeasureAsync(new Subject(store, parsed.GetValue(messages), parsed.GetValue(dimensions)), parsed.GetValue(rounds), cancellation);
                Report.Table(
                    $"the {Limit} nearest of {parsed.GetValue(messages)} messages, {parsed.GetValue(dimensions)} dimensions, ms",
                    ["first search", "median", "p99", "after an edit, median", "exact"],
                    [[Report.Number(result.FirstMs), Report.Number(result.MedianMs), Report.Number(result.P99Ms), Report.Number(result.AfterEditMs), result.IsExact ? "yes" : "no"]]);
                await Report.SaveAsync(parsed.GetValue(json), "semantic", new { messages = parsed.GetValue(messages), dimensions = parsed.GetValue(dimensions), rounds = parsed.GetValue(rounds) }, result, cancellation);
                return result is { IsExact: true, MedianMs: <= MostMs } ? 0 : 1;
            }
            finally
            {
                folder.Delete(recursive: true);
            }
        });
        return command;
    }

    static async Task<Result> MeasureAsync(Subject subject, int rounds, CancellationToken cancellation)
    {
        await subject.FillAsync(cancellation);
        var first = await subject.SearchAsync(0, cancellation);
        var exact = true;
        List<double> times = [], afterEdit = [];
        for (var round = -Math.Max(5, rounds / 10); round < rounds; round++)
        {
            // Somebody always says something meanwhile.
            await subject.SayAsync(cancellation);
            var search = await subject.SearchAsync(round, cancellation);
            if (round >= 0)
                times.Add(search.Ms);
            if (round % 20 == 0)
                exact &= subject.IsExact(search);
        }

        for (var round = 0; round < Math.Min(rounds, 20); round++)
        {
            await subject.EditAsync(cancellation);
            var search = await subject.SearchAsync(round, cancellation);
            afterEdit.Add(search.Ms);
            exact &= subject.IsExact(search);
        }

        return new Result(first.Ms, Median(times), times.Order().ElementAt((int)(times.Count * 0.99)), Median(afterEdit), exact);
    }

    static double Median(List<double> times) => Report.Median(times.Select(time => (double?)time))!.Value;

    sealed record Result(double FirstMs, double MedianMs, double P99Ms, double AfterEditMs, bool IsExact);

    sealed record Search(double Ms, float[] Query, IReadOnlyList<SemanticHit> Hits);

    sealed class Subject(IServiceProvider store, int count, int dimensions)
    {
        readonly IRoomRepository _rooms = store.GetRequiredService<IRoomRepository>();
        readonly IMessageRepository _messages = store.GetRequiredService<IMessageRepository>();
        readonly IEmbeddingRepository _vectors = store.GetRequiredService<IEmbeddingRepository>();
        readonly ISemanticIndex _index = store.GetRequiredService<ISemanticIndex>();
        readonly EmbeddingModel _model = new("bench", "1", dimensions);
        readonly List<(Message Of, float[] Vector)> _all = [];
        readonly Random _random = new(1);
        readonly User _user = User.Join(new UserId("bench"), "bench", DateTimeOffset.UnixEpoch).Value!;
        Room _room = null!;

        public async Task FillAsync(CancellationToken cancellation)
        {
            _room = Room.Open(new RoomId("bench"), "bench", _user.Id, DateTimeOffset.UnixEpoch).Value!;
            await _rooms.AddAsync(_room, cancellation);
            for (var done = 0; done < count; done += Batch)
                await AppendAsync(Math.Min(Batch, count - done), cancellation);
            await _vectors.SetSeenAsync(_room.Id, _model.Key, cancellation);
        }

        public Task SayAsync(CancellationToken cancellation) => AppendAsync(1, cancellation);

        public async Task EditAsync(CancellationToken cancellation)
        {
            var at = _random.Next(_all.Count);
            var edited = (await _messages.ChangeAsync(_room.Id, _all[at].Of.Id, message => message.Edit($"other words {_random.Next()}", [], message.CreatedAt.AddSeconds(_random.Next(1, 1_000_000))), cancellation)).Value!;
            await _vectors.RemoveAsync(_room.Id, edited.Seq, cancellation);
            _all[at] = (edited, Vector());
            await _vectors.SaveAsync([MessageEmbedding.Of(edited, _model, _all[at].Vector)], cancellation);
        }

        public async Task<Search> SearchAsync(int round, CancellationToken cancellation)
        {
            var room = (await _rooms.FindAsync(_room.Id, cancellation))!;

            // Near something that was said, as a query is.
            var query = Vector();
            TensorPrimitives.MultiplyAdd(_all[Math.Abs(round * 7919) % _all.Count].Vector, 1.5f, query, query);
            TensorPrimitives.Divide(query, TensorPrimitives.Norm(query), query);
            var began = Stopwatch.GetTimestamp();
            var hits = await _index.SearchAsync(room, _model, query, Limit, cancellation);
            return new Search(Stopwatch.GetElapsedTime(began).TotalMilliseconds, query, hits);
        }

        /// <summary>Against every vector as it was before it was stored; halves are allowed to swap what is nearly the same.</summary>
        public bool IsExact(Search search)
        {
            var best = _all.Select(pair => (pair.Of.Seq, Cosine: TensorPrimitives.Dot(search.Query, pair.Vector))).OrderByDescending(pair => pair.Cosine).Take(Limit).ToList();
            return search.Hits.Count == best.Count && search.Hits.Zip(best).All(pair => Math.Abs(pair.First.Cosine - pair.Second.Cosine) < 0.002f) && search.Hits[0].Seq == best[0].Seq;
        }

        async Task AppendAsync(int lines, CancellationToken cancellation)
        {
            var drafts = Enumerable.Range(_all.Count, lines).Select(line => Message.Post(new MessageId($"m{line:D9}"), _room, _user, $"line {line}", null, null, [], DateTimeOffset.UnixEpoch).Value!);
            var stored = (await _messages.AppendAsync(_room.Id, [.. drafts], cancellation)).Value!.Messages;
            var made = stored.Select(message => (Of: message, Vector: Vector())).ToList();
            _all.AddRange(made);
            await _vectors.SaveAsync([.. made.Select(pair => MessageEmbedding.Of(pair.Of, _model, pair.Vector))], cancellation);
        }

        float[] Vector()
        {
            var vector = new float[dimensions];
            for (var i = 0; i < dimensions; i++)
                vector[i] = (float)(_random.NextDouble() - 0.5);
            TensorPrimitives.Divide(vector, TensorPrimitives.Norm(vector), vector);
            return vector;
        }
    }
}
