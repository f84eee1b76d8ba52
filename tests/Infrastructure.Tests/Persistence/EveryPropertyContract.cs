using System.Reflection;
using AIChat.Domain.Common;
using AIChat.Domain.Jobs;
using AIChat.Domain.Messages;
using AIChat.Domain.Rooms;
using AIChat.Domain.Summaries;
using AIChat.Domain.Topics;
using AIChat.Domain.Users;
using AIChat.Infrastructure.Persistence.DataMigration;

namespace AIChat.Infrastructure.Tests.Persistence;

/// <summary>
/// Every property of every entity comes back from the store, through every way in which it can be written. The properties are found by reflection, so that a new one is
/// tried without being named here.
/// </summary>
public abstract class EveryPropertyContract(StoreFixture store) : StoreContract(store)
{
    [Fact]
    public async Task A_user_and_a_session_are_stored_and_changed()
    {
        var (user, session) = (Filled.Of<User>(1), Filled.Of<Session>(1));
        Expect.Value(await Store.Users.AddAsync(user, session, Never));
        Same(user, await Store.Users.FindAsync(user.Id, Never));
        Same(session, await Store.Users.FindSessionAsync(session.Id, Never));

        (user, session) = (Filled.Of<User>(2, (nameof(User.Id), user.Id)), Filled.Of<Session>(2, (nameof(Session.Id), session.Id)));
        await Store.Users.SaveAsync(user, Never);
        await Store.Users.RenewSessionAsync(session, Never);
        Same(user, await Store.Users.FindAsync(user.Id, Never));
        Same(session, await Store.Users.FindSessionAsync(session.Id, Never));
    }

    [Fact]
    public async Task A_room_is_stored_and_its_schedule_changed()
    {
        string[] schedule = [nameof(Room.Digest), nameof(Room.DigestedUpTo)];
        var room = Filled.Of<Room>(1);
        await Store.Rooms.AddAsync(room, Never);
        Same(room, await Store.Rooms.FindAsync(room.Id, Never));

        var later = Filled.Of<Room>(2, (nameof(Room.Id), room.Id));
        await Store.Rooms.SaveSummaryScheduleAsync(later, Never);
        var stored = await Store.ReloadAsync(room);
        Same(room, stored, except: schedule);
        Assert.Equal((later.Digest, later.DigestedUpTo), (stored.Digest, stored.DigestedUpTo));

        string[] model = [nameof(Room.TopicsBy), nameof(Room.ModelFromSeq), nameof(Room.ModelUpToSeq)];
        await Store.Rooms.SaveTopicsByAsync(later, Never);
        stored = await Store.ReloadAsync(room);
        Same(room, stored, except: [.. schedule, .. model]);
        Assert.Equal((later.TopicsBy, later.ModelFromSeq, later.ModelUpToSeq), (stored.TopicsBy, stored.ModelFromSeq, stored.ModelUpToSeq));
        room = stored;

        Filled.Clear(later);
        await Store.Rooms.SaveSummaryScheduleAsync(later, Never);
        stored = await Store.ReloadAsync(room);
        Same(room, stored, except: schedule);
        Assert.Equal((null, null), (stored.Digest, stored.DigestedUpTo));
    }

    [Fact]
    public async Task A_message_is_appended_and_changed()
    {
        var room = await Store.OpenRoomAsync();
        var message = Filled.Of<Message>(1, (nameof(Message.RoomId), room.Id));
        Expect.Value(await Store.Messages.AppendAsync(room.Id, [message], Never));
        Same(message, await Store.ReloadAsync(message));

        // The n-gram profile is the store's: a change can only remove it.
        var changed = Filled.Of<Message>(
            2, (nameof(Message.Id), message.Id), (nameof(Message.RoomId), room.Id), (nameof(Message.Seq), message.Seq), (nameof(Message.NgramProfile), null));
        Same(changed, await ChangeAsync(changed));
        Same(changed, await Store.ReloadAsync(message));

        Filled.Clear(changed);
        Same(changed, await ChangeAsync(changed));
        Same(changed, await Store.ReloadAsync(message));

        async Task<Message> ChangeAsync(Message becomes) => Expect.Value(await Store.Messages.ChangeAsync(
            room.Id,
            message.Id,
            stored =>
            {
                Filled.Copy(becomes, stored);
                return null;
            },
            Never));
    }

    [Fact]
    public async Task An_assignment_arrives_in_its_message()
    {
        var room = await Store.OpenRoomAsync();
        var message = Filled.Of<Message>(1, (nameof(Message.RoomId), room.Id), (nameof(Message.DeletedAt), null), (nameof(Message.Classified), false));
        Expect.Value(await Store.Messages.AppendAsync(room.Id, [message], Never));
        var assignment = Filled.Of<TopicAssignment>(2, (nameof(TopicAssignment.Message), message.Id));
        Assert.True(await Store.Topics.SaveAssignmentsAsync(await Store.LeaseAsync(room), [assignment], [], Never));

        var stored = await Store.ReloadAsync(message);
        Assert.True(stored.Classified);
        Assert.All(Filled.Shown(assignment, nameof(TopicAssignment.Message)), decided => Assert.Contains(decided.Value, Filled.Shown(stored).Values));
        Same(message, stored, except: [.. TopicAssignment.Replaced.Select(each => each.Property), nameof(Message.NgramProfile)]);

        Filled.Clear(assignment);
        Assert.True(await Store.Topics.SaveAssignmentsAsync(await Store.LeaseAsync(room), [assignment], [], Never));
        var cleared = await Store.ReloadAsync(message);
        Assert.All(TopicAssignment.Replaced, each => Assert.Equal(each.Value(assignment), typeof(Message).GetProperty(each.Property)!.GetValue(cleared)));
        Assert.Equal(stored.NgramProfile, cleared.NgramProfile);
    }

    [Fact]
    public async Task A_topic_is_stored_and_changed_but_for_its_counters()
    {
        var room = await Store.OpenRoomAsync();
        var lease = await Store.LeaseAsync(room);
        var topic = Made(1, NameSource.Auto);
        Assert.True(await Store.Topics.SaveAssignmentsAsync(lease, [], [topic], Never));
        Same(topic, await StoredAsync());

        await ChangedAsync(Made(2, NameSource.Model), later => Store.Topics.SaveAssignmentsAsync(lease, [], [later], Never));
        var correction = Filled.Of<Correction>(1, (nameof(Correction.RoomId), room.Id));
        await ChangedAsync(Made(3, NameSource.User), later => Store.Topics.CorrectAsync(lease, correction, [], [later], Never));

        async Task ChangedAsync(Topic later, Func<Topic, Task<bool>> save)
        {
            Assert.True(await save(later));
            var stored = await StoredAsync();
            Same(later, stored, except: [.. Topic.Counters]);
            Assert.All(Topic.Counters, counter => Assert.Equal(Filled.Shown(topic)[counter], Filled.Shown(stored)[counter]));
        }

        Topic Made(int seed, NameSource source) => Filled.Of<Topic>(
            seed, (nameof(Topic.Id), new TopicId("kept")), (nameof(Topic.RoomId), room.Id), (nameof(Topic.Level), TopicLevel.High), (nameof(Topic.NameSource), source));

        async Task<Topic> StoredAsync() => Assert.Single(await Store.Topics.ListAsync(TopicsOfRoom.WithIds(room.Id, [new TopicId("kept")]), Never));
    }

    [Fact]
    public async Task A_correction_is_stored_and_changed()
    {
        var room = await Store.OpenRoomAsync();
        var correction = Filled.Of<Correction>(1, (nameof(Correction.RoomId), room.Id));
        Assert.True(await Store.Topics.CorrectAsync(await Store.LeaseAsync(room), correction, [], [], Never));
        Same(correction, await Store.Corrections.FindAsync(room.Id, correction.Id, Never));

        correction = Filled.Of<Correction>(2, (nameof(Correction.Id), correction.Id), (nameof(Correction.RoomId), room.Id));
        Assert.True(await Store.Topics.CorrectAsync(await Store.LeaseAsync(room), correction, [], [], Never));
        Same(correction, await Store.Corrections.FindAsync(room.Id, correction.Id, Never));
    }

    [Fact]
    public async Task An_embedding_is_stored_and_replaced()
    {
        var room = await Store.OpenRoomAsync();
        var message = await Store.EditAsync(await Store.PostAsync(room, await Store.JoinAsync(), "hello"), "hello, all");
        foreach (var seed in (int[])[1, 2])
        {
            var embedding = Filled.Of<MessageEmbedding>(
                seed, (nameof(MessageEmbedding.RoomId), room.Id), (nameof(MessageEmbedding.Seq), message.Seq), (nameof(MessageEmbedding.EditedAt), message.EditedAt));
            await Store.Vectors.SaveAsync([embedding], Never);
            Same(embedding, Assert.Single(await Store.Vectors.AfterAsync(room.Id, embedding.Model, 0, 9, Never)));
        }
    }

    [Fact]
    public async Task A_summary_its_parts_and_its_votes_are_stored_and_replaced()
    {
        var summary = Filled.Of<Summary>(1);
        Assert.True(await Store.Summaries.SaveAsync(summary, Never));
        Same(summary, Assert.Single(await AllAsync<Summary>()));
        foreach (var seed in (int[])[1, 2])
        {
            var (part, vote) = (Filled.Of<SummaryPart>(seed, Key<SummaryPart>()), Filled.Of<SummaryVote>(seed, Key<SummaryVote>()));
            (part, vote) = (WithRoom(part), WithRoom(vote));
            await Store.Summaries.SavePartAsync(part, default, Never);
            await Store.Summaries.SaveVoteAsync(vote, Never);
            Same(part, Assert.Single(await AllAsync<SummaryPart>()));
            Same(vote, Assert.Single(await AllAsync<SummaryVote>()));
        }

        static (string Property, object? Value) Key<T>() => ("Id", typeof(T).Name);

        static T WithRoom<T>(T entity)
        {
            typeof(T).GetProperty("RoomId")!.SetValue(entity, new RoomId("a room"));
            return entity;
        }
    }

    [Fact]
    public async Task A_spending_entry_is_stored_and_settled()
    {
        var entry = Filled.Of<SpendingEntry>(1, (nameof(SpendingEntry.IsSettled), false));
        await Store.Spending.AddAsync(entry, Never);
        Same(entry, Assert.Single(await AllAsync<SpendingEntry>()));

        await Store.Spending.SettleAsync(entry.Id, new Money(7), Never);
        var settled = Assert.Single(await AllAsync<SpendingEntry>());
        Same(entry, settled, except: [nameof(SpendingEntry.Micros), nameof(SpendingEntry.IsSettled)]);
        Assert.Equal((7, true), (settled.Micros, settled.IsSettled));
    }

    [Fact]
    public async Task A_job_is_stored_and_changed()
    {
        var job = Filled.Of<Job>(1);
        await Store.Jobs.AddAsync(job, Never);
        Same(job, await Store.Jobs.FindAsync(job.Id, Never));

        job = Filled.Of<Job>(2, (nameof(Job.Id), job.Id));
        await Store.Jobs.SaveAsync(job, Never);
        Same(job, await Store.Jobs.FindAsync(job.Id, Never));

        Filled.Clear(job);
        await Store.Jobs.SaveAsync(job, Never);
        Same(job, await Store.Jobs.FindAsync(job.Id, Never));
    }

    [Fact]
    public async Task A_lease_is_given_with_every_property()
    {
        Assert.NotNull(await Store.Leases.AcquireAsync("key", "holder", TimeSpan.FromMinutes(1), Never));
        var prolonged = await Store.Leases.AcquireAsync("key", "holder", TimeSpan.FromMinutes(2), Never);
        Same(new Lease("key", "holder", 1, Store.Now + TimeSpan.FromMinutes(2)), prolonged);
    }

    [Fact]
    public async Task Every_kind_is_migrated()
    {
        await using var target = Store.Target();
        var record = Expect.Value(await target.BeginAsync("a test", Store.Now, Never));
        var migrate = typeof(EveryPropertyContract).GetMethod(nameof(MigrateAsync), BindingFlags.NonPublic | BindingFlags.Static)!;
        foreach (var collection in MigratedCollection.All)
            await (Task)migrate.MakeGenericMethod(collection.Entity).Invoke(null, [target, collection.Name, record])!;
    }

    private static async Task MigrateAsync<T>(MigrationTarget target, string collection, MigrationRecord record)
        where T : class
    {
        await target.WriteAsync(collection, [Filled.Of<T>(1), Filled.Of<T>(2)], record);

        // Compared with others, because a store may have touched those.
        var arrived = await target.ReadAsync<T>(collection, 0, Never).ToListAsync();
        Assert.Equal(new[] { Filled.Of<T>(1), Filled.Of<T>(2) }.Select(Text).Order(StringComparer.Ordinal), arrived.Select(Text).Order(StringComparer.Ordinal));

        static string Text(T entity) => string.Join('\n', Filled.Shown(entity));
    }

    private static void Same<T>(T expected, T? stored, params string[] except)
        where T : class
    {
        Assert.NotNull(stored);
        Assert.Equal(Filled.Shown(expected, except), Filled.Shown(stored, except));
    }

    private Task<IReadOnlyList<T>> AllAsync<T>()
        where T : class
        => Store.AllAsync<T>(MigratedCollection.All.Single(collection => collection.Entity == typeof(T)).Name);
}
