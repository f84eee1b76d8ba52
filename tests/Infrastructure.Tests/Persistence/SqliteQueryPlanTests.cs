using System.Data.Common;
using AIChat.Domain.Jobs;
using AIChat.Domain.Messages;
using AIChat.Domain.Rooms;
using AIChat.Domain.Topics;
using AIChat.Domain.Users;
using AIChat.Infrastructure.Persistence.Common;
using AIChat.Infrastructure.Persistence.Sqlite;
using Microsoft.EntityFrameworkCore;

namespace AIChat.Infrastructure.Tests.Persistence;

/// <summary>The queries that are asked all the time walk an index and sort nothing, however long a room grows.</summary>
public sealed class SqliteQueryPlanTests : IAsyncLifetime
{
    private static readonly RoomId Room = new("room");
    private static readonly UserId Ann = new("ann");

    private readonly SqliteStoreFixture _store = new();

    public Task InitializeAsync() => _store.InitializeAsync();

    public Task DisposeAsync() => _store.DisposeAsync();

    [Fact]
    public async Task A_page_of_history_walks_the_rooms_numbers()
    {
        await UsesAsync("IX_messages_RoomId_Seq (RoomId=? AND Seq<?)", context => context.Messages.Apply(MessagesOfRoom.Before(Room, 100, 50)));
        await UsesAsync("IX_messages_RoomId_Seq (RoomId=? AND Seq>?)", context => context.Messages.Apply(MessagesOfRoom.After(Room, 100, 50)));
        await UsesAsync("IX_messages_RoomId_Seq (RoomId=?)", context => context.Messages.Apply(MessagesOfRoom.NotDeleted(Room, 0, null, 50)));
    }

    [Fact]
    public async Task A_page_of_one_conversation_walks_that_conversation()
        => await UsesAsync(
            "IX_messages_RoomId_TopicId_Seq (RoomId=? AND TopicId=? AND Seq<?)", context => context.Messages.Apply(MessagesOfRoom.Before(Room, 100, 50, [new TopicId("t")])));

    [Fact]
    public async Task What_waits_for_a_assignment_is_listed_apart()
        => await UsesAsync("IX_messages_unclassified (RoomId=?)", context => context.Messages.Apply(MessagesOfRoom.Unclassified(Room, 50)));

    [Fact]
    public async Task Unread_counts_look_only_at_the_readers_own_messages_and_at_tombstones()
    {
        await UsesAsync(
            "COVERING INDEX IX_messages_own (RoomId=? AND UserId=? AND Seq>? AND Seq<?)",
            context => context.Messages.Where(message => message.RoomId == Room && message.UserId == Ann && message.Seq > 3 && message.Seq <= 9).Select(message => message.Seq));
        await UsesAsync(
            "IX_messages_tombstones (RoomId=? AND Seq>? AND Seq<?)",
            context => context.Messages
                .Where(message => message.RoomId == Room && message.DeletedAt != null && message.UserId != Ann && message.Seq > 3 && message.Seq <= 9)
                .Select(message => message.Seq));
    }

    [Fact]
    public async Task A_page_of_topics_walks_their_order()
        => await UsesAsync("IX_topics_RoomId_LastSeq_Level (RoomId=?", context => context.Topics.Apply(TopicsOfRoom.Page(Room, TopicLevel.High, (100, TopicLevel.High), 50)), sorts: true);

    [Fact]
    public async Task Corrections_are_read_in_their_order()
    {
        await UsesAsync("IX_corrections_RoomId_Number (RoomId=? AND Number>?)", context => context.Corrections.Apply(CorrectionsOfRoom.InForce(Room, 3)));
        await UsesAsync("IX_corrections_RoomId_Number (RoomId=? AND Number<?)", context => context.Corrections.Apply(CorrectionsOfRoom.Before(Room, 9, 50)));
    }

    [Fact]
    public async Task Doubts_are_counted_among_the_newest_messages()
        => await UsesAsync("IX_messages_RoomId_Seq (RoomId=? AND Seq>?)", context => context.Messages.Meeting(MessagesOfRoom.LowMargin(Room, 100, 0.2f, 1)));

    [Fact]
    public async Task A_page_of_rooms_walks_their_activity()
        => await UsesAsync("IX_rooms_LastActiveAt_Id", context => context.Rooms.Apply(new RoomsByActivity(null, (StoreFixture.Start, Room), 50)));

    [Fact]
    public async Task A_retry_is_found_by_its_client_id()
        => await UsesAsync(
            "IX_messages_RoomId_UserId_ClientMessageId (RoomId=? AND UserId=? AND ClientMessageId=?)",
            context => context.Messages.Where(message => message.RoomId == Room && message.UserId == Ann && message.ClientMessageId == "c"));

    [Fact]
    public async Task Changes_are_read_from_where_one_left_off()
        => await UsesAsync(
            "sqlite_autoindex_changes_1 (RoomId=? AND Rev>?)", context => context.Changes.Where(change => change.RoomId == Room && change.Rev > 7).OrderBy(change => change.Rev).Take(50));

    [Fact]
    public async Task An_imports_last_line_is_found_by_its_job()
        => await UsesAsync("IX_messages_ImportedBy_ImportLine (ImportedBy=?)", context => context.Messages.Where(message => message.ImportedBy == new JobId("j")));

    private async Task UsesAsync<T>(string index, Func<AIChatDbContext, IQueryable<T>> query, bool sorts = false)
    {
        var plan = await _store.Database.ReadAsync(async context =>
        {
            await using var command = query(context).CreateDbCommand();
            return await ExplainAsync(command);
        });
        Assert.Contains(index, plan, StringComparison.Ordinal);
        Assert.DoesNotContain("SCAN messages", plan, StringComparison.Ordinal);
        if (!sorts)
            Assert.DoesNotContain("TEMP B-TREE", plan, StringComparison.Ordinal);
    }

    private static async Task<string> ExplainAsync(DbCommand command)
    {
        command.CommandText = "EXPLAIN QUERY PLAN " + command.CommandText;
        var plan = new List<string>();
        await using var reader = await command.ExecuteReaderAsync();
        while (await reader.ReadAsync())
            plan.Add(reader.GetString(3));
        return string.Join('\n', plan);
    }
}
