using System.Text.RegularExpressions;
using AIChat.Domain.Jobs;
using AIChat.Domain.Messages;
using AIChat.Domain.Rooms;
using AIChat.Domain.Summaries;
using AIChat.Domain.Topics;
using AIChat.Domain.Users;
using AIChat.Infrastructure.Persistence.Mongo;
using MongoDB.Bson;

namespace AIChat.Infrastructure.Tests.Persistence;

/// <summary>The queries that are asked all the time walk an index, however long a room grows. What is explained are the commands that the repositories really send.</summary>
public sealed partial class MongoQueryPlanTests : IAsyncLifetime
{
    private static readonly CancellationToken Never = CancellationToken.None;

    private readonly MongoStoreFixture _store = new();
    private User _ann = null!;
    private Room _room = null!;

    public async Task InitializeAsync()
    {
        await _store.InitializeAsync();
        (_ann, _room) = (await _store.JoinAsync(), await _store.OpenRoomAsync());
        var bob = await _store.JoinAsync("Bob");
        for (var i = 0; i < 10; i++)
            await _store.PostAsync(_room, i % 2 == 0 ? _ann : bob, $"line {i}");
    }

    public Task DisposeAsync() => _store.DisposeAsync();

    [Fact]
    public async Task A_page_of_history_walks_the_rooms_numbers()
    {
        await UsesAsync(["seq"], () => _store.Messages.ListAsync(MessagesOfRoom.Before(_room.Id, 100, 50), Never));
        await UsesAsync(["seq"], () => _store.Messages.ListAsync(MessagesOfRoom.After(_room.Id, 2, 50), Never));
        await UsesAsync(["seq"], () => _store.Messages.ListAsync(MessagesOfRoom.NotDeleted(_room.Id, 0, null, 50), Never));
    }

    [Fact]
    public async Task A_page_of_one_conversation_walks_that_conversation()
        => await UsesAsync(["topic"], () => _store.Messages.ListAsync(MessagesOfRoom.Before(_room.Id, 100, 50, [new TopicId("t")]), Never));

    [Fact]
    public async Task What_waits_for_a_assignment_is_listed_apart()
    {
        await UsesAsync(["unclassified"], () => _store.Messages.ListAsync(MessagesOfRoom.Unclassified(_room.Id, 50), Never));
        await UsesAsync(["unclassified"], () => _store.Messages.RoomsWithWorkAsync(Never));
    }

    [Fact]
    public async Task Unread_counts_look_only_at_the_readers_own_messages_and_at_tombstones()
        => await UsesAsync(["id", "own", "tombstones"], () => _store.Messages.UnreadAsync(_ann.Id, new Dictionary<RoomId, long> { [_room.Id] = 3 }, Never));

    [Fact]
    public async Task A_search_looks_words_up()
    {
        await UsesAsync(["terms"], () => _store.Messages.SearchAsync(_room.Id, ["line"], 100, null, 50, Never));
        await UsesAsync(["terms"], () => _store.Messages.SearchAsync(_room.Id, ["l"], 100, null, 50, Never));
    }

    [Fact]
    public async Task A_page_of_topics_walks_their_order()
        => await UsesAsync(["recent"], () => _store.Topics.ListAsync(TopicsOfRoom.Page(_room.Id, TopicLevel.High, (100, TopicLevel.High), 50), Never));

    [Fact]
    public async Task Corrections_are_read_in_their_order()
    {
        await UsesAsync(["number"], () => _store.Corrections.ListAsync(CorrectionsOfRoom.InForce(_room.Id, 3), Never));
        await UsesAsync(["number"], () => _store.Corrections.ListAsync(CorrectionsOfRoom.Before(_room.Id, 9, 50), Never));
    }

    [Fact]
    public async Task Doubts_are_counted_among_the_newest_messages()
        => await UsesAsync(["seq"], () => _store.Messages.CountAsync(MessagesOfRoom.LowMargin(_room.Id, 100, 0.2f, 1), Never));

    [Fact]
    public async Task A_page_of_rooms_walks_their_activity()
        => await UsesAsync(["activity"], () => _store.Rooms.ListAsync(new RoomsByActivity(null, (StoreFixture.Start, _room.Id), 50), Never));

    [Fact]
    public async Task Changes_are_read_from_where_one_left_off()
        => await UsesAsync(["rev"], () => _store.Messages.ChangedAfterAsync(_room.Id, 7, 50, Never));

    [Fact]
    public async Task An_imports_last_line_is_found_by_its_job()
        => await UsesAsync(["imported"], () => _store.Messages.LastImportedLineAsync(_room.Id, new JobId("j"), Never));

    [Fact]
    public async Task Writers_are_found_by_their_folded_names()
        => await UsesAsync(["folded", "own"], () => _store.Messages.WritersNamedAsync(_room.Id, ["ANN"], Never));

    [Fact]
    public async Task Vectors_are_read_by_the_rooms_numbers()
    {
        await UsesAsync(["seq"], () => _store.Vectors.FindAsync(_room.Id, "model", [3, 4], Never));
        await UsesAsync(["seq"], () => _store.Vectors.AfterAsync(_room.Id, "model", 2, 50, Never));
    }

    [Fact]
    public async Task Summaries_parts_and_votes_are_those_of_the_room()
    {
        await UsesAsync(["latest"], () => _store.Summaries.LatestAsync(_room.Id, _ann.Id, Never));
        await UsesAsync(["latest"], () => _store.Summaries.FindAsync(_room.Id, "request", "fingerprint", _ann.Id, Never));
        await UsesAsync(["_id_"], () => _store.Summaries.PartsAsync(_room.Id, ["a", "b"], Never));
        await UsesAsync(["room"], () => _store.Summaries.VotesAsync(_room.Id, Never));
    }

    [Fact]
    public async Task Spending_is_summed_up_within_its_month()
    {
        await UsesAsync(["month", "month", "month"], () => _store.Spending.SumsAsync("2026-01", new SpendingAccount(_ann.Id, _room.Id), Never));
        await UsesAsync(["month"], () => _store.Spending.SharesAsync("2026-01", Never));
    }

    [GeneratedRegex("indexName\"?\\s*:\\s*\"?(?<name>\\w+)", RegexOptions.ExplicitCapture, Timeout.Infinite)]
    private static partial Regex IndexName();

    /// <summary>Each command of the question uses the index that is named for it. Servers word their plans differently, but all name the index.</summary>
    private async Task UsesAsync(string[] indexes, Func<Task> question)
    {
        _store.TakeCommands();
        await question();
        var commands = _store.TakeCommands();
        Assert.Equal(indexes.Length, commands.Count);
        foreach (var (command, index) in commands.Zip(indexes))
        {
            var explained = new BsonDocument(command.Where(element => element.Name is not ("lsid" or "$db" or "$clusterTime" or "readConcern")));
            var plan = await _store.Connection.Raw(Collections.Messages).Database
                .RunCommandAsync<BsonDocument>(new BsonDocument { { "explain", explained }, { "verbosity", "queryPlanner" } });
            plan.Remove("command");
            var used = IndexName().Matches(plan.ToJson()).Select(match => match.Groups["name"].Value).Distinct(StringComparer.Ordinal);
            Assert.True(used.SequenceEqual([index], StringComparer.Ordinal), $"{explained.ToJson()}: {plan.ToJson()}");
        }
    }
}
