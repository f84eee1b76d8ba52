using AIChat.Domain.Common;
using AIChat.Domain.Jobs;
using AIChat.Domain.Messages;
using AIChat.Domain.Rooms;
using AIChat.Domain.Topics;
using AIChat.Domain.Users;

namespace AIChat.Infrastructure.Tests.Persistence;

/// <summary>A room where conversations c1 and c2 belong to theme m1, c3 to m2, and both themes to w.</summary>
public abstract class TopicStoreContract(StoreFixture store) : StoreContract(store)
{
    private static readonly TopicId C1 = new("c1");
    private static readonly TopicId C2 = new("c2");
    private static readonly TopicId C3 = new("c3");
    private static readonly TopicId M1 = new("m1");
    private static readonly TopicId M2 = new("m2");
    private static readonly TopicId W = new("w");

    private Room _room = null!;
    private User _ann = null!;
    private User _bob = null!;

    [Fact]
    public async Task An_assignment_and_a_topic_are_found_as_they_were_stored()
    {
        var messages = await TalkAsync(2);
        var assignment = new TopicAssignment(messages[1].Id, C1, messages[0].Id, [1, 2, 3]);
        Assert.True(await Store.Topics.SaveAssignmentsAsync(await Store.LeaseAsync(_room), [assignment], Tree(), Never));
        var filed = await Store.ReloadAsync(messages[1]);
        Assert.True(filed.Classified);
        Assert.Equal((C1, messages[0].Id), (filed.TopicId!.Value, filed.LinkTo!.Value));
        Assert.Equal([1, 2, 3], filed.NgramProfile!);
        var topic = await TopicAsync(C1);
        Assert.Equal((TopicLevel.High, M1, "name of c1", NameSource.Auto), (topic.Level, topic.ParentId!.Value, topic.Name, topic.NameSource));
        Assert.Equal(["c1", "김치"], topic.Keywords);
        Assert.Null(await FindAsync(new RoomId("another"), C1));
    }

    [Fact]
    public async Task Counters_of_the_conversation_and_of_both_themes_move_together()
    {
        var messages = await FileAsync([C1, C1, C2, C3, null]);
        Assert.Equal((2L, 1L, 2L), await CountsAsync(C1));
        Assert.Equal((1L, 3L, 3L), await CountsAsync(C2));
        Assert.Equal((3L, 1L, 3L), await CountsAsync(M1));
        Assert.Equal((1L, 4L, 4L), await CountsAsync(M2));
        Assert.Equal((4L, 1L, 4L), await CountsAsync(W));
        var topic = await TopicAsync(M1);
        Assert.Equal((messages[0].CreatedAt, messages[2].CreatedAt), (topic.FirstAt, topic.LastAt));
        var noise = await Store.ReloadAsync(messages[4]);
        Assert.True(noise.Classified && noise.TopicId is null);
    }

    [Fact]
    public async Task A_later_assignment_counts_on_and_a_repeated_one_counts_once()
    {
        var messages = await TalkAsync(2);
        var lease = await Store.LeaseAsync(_room);
        Assert.True(await Store.Topics.SaveAssignmentsAsync(lease, [File(messages[0], C1)], Tree(), Never));
        Assert.True(await Store.Topics.SaveAssignmentsAsync(lease, [File(messages[1], C1)], [], Never));
        Assert.True(await Store.Topics.SaveAssignmentsAsync(lease, [File(messages[1], C1)], [], Never));
        foreach (var id in (TopicId[])[C1, M1, W])
            Assert.Equal((2L, 1L, 2L), await CountsAsync(id));
    }

    [Fact]
    public async Task Nothing_is_written_once_another_holds_the_lease()
    {
        var messages = await TalkAsync(1);
        var old = await Store.LeaseAsync(_room, "server-1");
        Store.Time.Advance(TimeSpan.FromHours(1));
        var held = await Store.LeaseAsync(_room, "server-2");
        foreach (var lost in (Lease[])[old, held with { Epoch = old.Epoch }, held with { Holder = "server-1" }, held with { Key = "topics:nowhere" }])
        {
            Assert.False(await Store.Topics.SaveAssignmentsAsync(lost, [File(messages[0], C1)], Tree(), Never));
            Assert.False(await Store.Topics.RecountAsync(lost, Never));
        }

        Assert.False((await Store.ReloadAsync(messages[0])).Classified);
        Assert.Empty(await Store.Topics.ListAsync(TopicsOfRoom.All(_room.Id), Never));
        Assert.True(await Store.Topics.SaveAssignmentsAsync(held, [File(messages[0], C1)], Tree(), Never));
    }

    [Fact]
    public async Task A_deleted_message_is_not_counted_whether_filed_before_or_after()
    {
        var messages = await FileAsync([C1, C1, null]);
        await Store.Topics.ForgetAsync(await Store.DeleteAsync(messages[1]), Never);
        foreach (var id in (TopicId[])[C1, M1, W])
            Assert.Equal((1L, 1L, 2L), await CountsAsync(id));
        await Store.Topics.ForgetAsync(await Store.DeleteAsync(messages[2]), Never);

        var late = await Store.PostAsync(_room, _ann, "gone before it was filed");
        await Store.Topics.ForgetAsync(await Store.DeleteAsync(late), Never);
        Assert.True(await Store.Topics.SaveAssignmentsAsync(await Store.LeaseAsync(_room), [new TopicAssignment(late.Id, C1, null, [1])], [], Never));
        Assert.Equal(1, (await TopicAsync(C1)).MessageCount);
        Assert.Null((await Store.ReloadAsync(late)).NgramProfile);
    }

    [Fact]
    public async Task An_outcome_is_taken_away_from_its_conversation_alone()
    {
        var messages = await FileAsync([C1, C2]);
        var lease = await Store.LeaseAsync(_room);
        Topic[] topics = [await TopicAsync(C1), await TopicAsync(C2)];
        foreach (var topic in topics)
            topic.Conclude(new TopicOutcome("Friday at 7", [messages[0].Id]));
        Assert.True(await Store.Topics.SaveAssignmentsAsync(lease, [], topics, Never));

        await Store.Topics.ForgetOutcomeAsync(new RoomId("another"), C1, Never);
        Assert.Equal(topics[0].Outcome, (await TopicAsync(C1)).Outcome);
        await Store.Topics.ForgetOutcomeAsync(_room.Id, C1, Never);
        Assert.Null((await TopicAsync(C1)).Outcome);
        Assert.Equal((1L, 1L, 1L), await CountsAsync(C1));
        Assert.Equal(topics[1].Outcome, (await TopicAsync(C2)).Outcome);

        topics[1].Conclude(null);
        Assert.True(await Store.Topics.SaveAssignmentsAsync(lease, [], [topics[1]], Never));
        Assert.Null((await TopicAsync(C2)).Outcome);
    }

    [Fact]
    public async Task After_an_edit_the_assignment_stands_and_the_n_gram_profile_is_gone()
    {
        var messages = await FileAsync([C1]);
        await Store.EditAsync(messages[0], "changed");
        var edited = await Store.ReloadAsync(messages[0]);
        Assert.Equal((true, C1), (edited.Classified, edited.TopicId!.Value));
        Assert.Null(edited.NgramProfile);
    }

    [Fact]
    public async Task A_recount_follows_messages_to_where_they_are_filed_now_and_removes_what_is_left_empty()
    {
        var messages = await FileAsync([C1, C1, C2, C3]);
        var lease = await Store.LeaseAsync(_room);
        Assert.True(await Store.Topics.SaveAssignmentsAsync(lease, [File(messages[0], C2), File(messages[3], C2)], [], Never));
        Assert.True(await Store.Topics.RecountAsync(lease, Never));
        Assert.Equal((1L, 2L, 2L), await CountsAsync(C1));
        Assert.Equal((3L, 1L, 4L), await CountsAsync(C2));
        Assert.Equal((4L, 1L, 4L), await CountsAsync(M1));
        Assert.Equal((4L, 1L, 4L), await CountsAsync(W));
        Assert.Equal((messages[0].CreatedAt, messages[3].CreatedAt), ((await TopicAsync(C2)).FirstAt, (await TopicAsync(C2)).LastAt));
        Assert.Null(await FindAsync(_room.Id, C3));
        Assert.Null(await FindAsync(_room.Id, M2));
    }

    [Fact]
    public async Task A_recount_does_not_count_deleted_messages_and_leaves_other_rooms_alone()
    {
        var messages = await FileAsync([C1, C1]);
        var elsewhere = await Store.OpenRoomAsync();
        Topic[] empty = [Topic.Open(new TopicId("e"), elsewhere.Id, TopicLevel.High, null, new TopicName("e", []))];
        Assert.True(await Store.Topics.SaveAssignmentsAsync(await Store.LeaseAsync(elsewhere), [], empty, Never));
        await Store.DeleteAsync(messages[0]);
        Assert.True(await Store.Topics.RecountAsync(await Store.LeaseAsync(_room), Never));
        Assert.Equal((1L, 1L, 2L), await CountsAsync(C1));
        Assert.NotNull(await FindAsync(elsewhere.Id, new TopicId("e")));
    }

    [Fact]
    public async Task A_known_topic_takes_a_new_name_and_theme_and_keeps_its_counters()
    {
        await FileAsync([C1, C3]);
        var stale = Topic.Open(C1, _room.Id, TopicLevel.High, M2, new TopicName("better", ["better"]));
        Assert.True(await Store.Topics.SaveAssignmentsAsync(await Store.LeaseAsync(_room), [], [stale], Never));
        var topic = await TopicAsync(C1);
        Assert.Equal(("better", M2, 1L), (topic.Name, topic.ParentId!.Value, topic.MessageCount));
        Assert.Equal(["better"], topic.Keywords);
    }

    [Fact]
    public async Task A_models_name_is_kept_as_such_and_gives_way_when_words_are_taken_away()
    {
        await FileAsync([C1]);
        Assert.Equal(("broken build", NameSource.Model), await SavedAsync(topic => topic.Call("broken build")));
        Assert.Equal(("broken build", NameSource.Model), await SavedAsync(topic => topic.Suggest(new TopicName("words", ["words"]))));
        Assert.Equal(("words", NameSource.Auto), await SavedAsync(topic => topic.NameAnew(new TopicName("words", ["words"]))));

        // A person's comes by a correction alone.
        Assert.Equal(("words", NameSource.Auto), await SavedAsync(topic => topic.Rename("mine")));

        async Task<(string, NameSource)> SavedAsync(Action<Topic> change)
        {
            var topic = await TopicAsync(C1);
            change(topic);
            Assert.True(await Store.Topics.SaveAssignmentsAsync(await Store.LeaseAsync(_room), [], [topic], Never));
            var saved = await TopicAsync(C1);
            return (saved.Name, saved.NameSource);
        }
    }

    [Fact]
    public async Task Pages_hold_each_topic_once_the_most_recent_and_the_coarsest_first()
    {
        await FileAsync([C1, C2, C3]);
        var listed = new List<TopicId>();
        (long LastSeq, TopicLevel Level)? after = null;
        while (await Store.Topics.ListAsync(TopicsOfRoom.Page(_room.Id, null, after, 2), Never) is { Count: > 0 } page)
        {
            listed.AddRange(page.Select(topic => topic.Id));
            after = (page[^1].LastSeq, page[^1].Level);
            Assert.True(listed.Count <= 6);
        }

        Assert.Equal([W, M2, C3, M1, C2, C1], listed);
        Assert.Equal([M2, M1], (await Store.Topics.ListAsync(TopicsOfRoom.Page(_room.Id, TopicLevel.Mid, null, 9), Never)).Select(topic => topic.Id));
        Assert.Equal([C2, C1], (await Store.Topics.ListAsync(TopicsOfRoom.WithIds(_room.Id, [C1, C2, new TopicId("none")]), Never)).Select(topic => topic.Id));
    }

    [Fact]
    public async Task Participants_are_counted_at_every_level_by_the_name_they_last_used()
    {
        await TalkAsync(0);
        var messages = new List<Message> { await Store.PostAsync(_room, _ann, "1"), await Store.PostAsync(_room, _bob, "2"), await Store.PostAsync(_room, _bob, "3") };
        Assert.Null(_bob.Rename("Bobby"));
        messages.Add(await Store.PostAsync(_room, _bob, "4"));
        var import = Expect.Value(Message.Import(new MessageId("i"), _room.Id, new JobId("j"), 1, "Ann", "5", Store.Now, null));
        messages.AddRange(Expect.Value(await Store.Messages.AppendAsync(_room.Id, [import], Never)).Messages);
        messages.Add(await Store.PostAsync(_room, _ann, "6"));
        TopicAssignment[] assignments = [File(messages[0], C1), File(messages[1], C1), File(messages[2], C2), File(messages[3], C3), File(messages[4], C3), File(messages[5], C1)];
        Assert.True(await Store.Topics.SaveAssignmentsAsync(await Store.LeaseAsync(_room), assignments, Tree(), Never));
        await Store.DeleteAsync(messages[5]);

        var found = await Store.Topics.ParticipantsAsync(_room.Id, await Store.Topics.ListAsync(TopicsOfRoom.All(_room.Id), Never), Never);
        Assert.Equal([new Participant(_ann.Id, "Ann", 1), new Participant(_bob.Id, "Bob", 1)], found[C1]);
        Assert.Equal([new Participant(_bob.Id, "Bob", 2), new Participant(_ann.Id, "Ann", 1)], found[M1]);
        Assert.Equal([new Participant(null, "Ann", 1), new Participant(_bob.Id, "Bobby", 1)], found[M2]);
        Assert.Equal(new Participant(_bob.Id, "Bobby", 3), found[W][0]);
        Assert.Equal(3, found[W].Count);
    }

    [Fact]
    public async Task Conversations_are_found_under_a_topic_of_any_level()
    {
        await FileAsync([C1, C2, C3]);
        Assert.Equal([C1], await UnderAsync(C1));
        Assert.Equal([C1, C2], await UnderAsync(M1));
        Assert.Equal([C1, C2, C3], await UnderAsync(W));
        Assert.Empty(await UnderAsync(new TopicId("none")));
        Assert.Empty(await Store.Topics.ConversationsUnderAsync(new RoomId("another"), C1, Never));
    }

    [Fact]
    public async Task Rooms_are_reclassified_when_messages_or_changes_came_after_the_last_time()
    {
        var messages = await TalkAsync(2);
        await Store.OpenRoomAsync("silent");
        Assert.Equal(default, await Store.Topics.ReclassifiedUpToAsync(_room.Id, Never));
        Assert.Equal([_room.Id], await Store.Topics.RoomsToReclassifyAsync(Never));
        await Store.Topics.SetReclassifiedUpToAsync(_room.Id, new ReclassifiedUpTo(2, 0), Never);
        Assert.Empty(await Store.Topics.RoomsToReclassifyAsync(Never));
        await Store.EditAsync(messages[0], "changed");
        Assert.Equal([_room.Id], await Store.Topics.RoomsToReclassifyAsync(Never));
        await Store.Topics.SetReclassifiedUpToAsync(_room.Id, new ReclassifiedUpTo(2, 1), Never);
        Assert.Equal(new ReclassifiedUpTo(2, 1), await Store.Topics.ReclassifiedUpToAsync(_room.Id, Never));
        Assert.Empty(await Store.Topics.RoomsToReclassifyAsync(Never));
        await Store.PostAsync(_room, _ann, "more");
        Assert.Equal([_room.Id], await Store.Topics.RoomsToReclassifyAsync(Never));
    }

    private static TopicAssignment File(Message message, TopicId? topic) => new(message.Id, topic, null, null);

    private async Task<List<Message>> TalkAsync(int messages)
    {
        (_ann, _bob, _room) = (await Store.JoinAsync("Ann"), await Store.JoinAsync("Bob"), await Store.OpenRoomAsync());
        var said = new List<Message>();
        for (var i = 0; i < messages; i++)
        {
            Store.Time.Advance(TimeSpan.FromSeconds(1));
            said.Add(await Store.PostAsync(_room, i % 2 == 0 ? _ann : _bob, $"line {i}"));
        }

        return said;
    }

    private async Task<List<Message>> FileAsync(TopicId?[] topics)
    {
        var messages = await TalkAsync(topics.Length);
        TopicAssignment[] assignments = [.. messages.Zip(topics, (message, topic) => new TopicAssignment(message.Id, topic, null, [7]))];
        Assert.True(await Store.Topics.SaveAssignmentsAsync(await Store.LeaseAsync(_room), assignments, Tree(), Never));
        return messages;
    }

    private Topic[] Tree() =>
    [
        Named(W, TopicLevel.Low, null), Named(M1, TopicLevel.Mid, W), Named(M2, TopicLevel.Mid, W),
        Named(C1, TopicLevel.High, M1), Named(C2, TopicLevel.High, M1), Named(C3, TopicLevel.High, M2),
    ];

    private Topic Named(TopicId id, TopicLevel level, TopicId? parent) => Topic.Open(id, _room.Id, level, parent, new TopicName("name of " + id, [id.Value, "김치"]));

    private async Task<Topic> TopicAsync(TopicId id)
    {
        var topic = await FindAsync(_room.Id, id);
        Assert.NotNull(topic);
        return topic;
    }

    private async Task<(long Messages, long First, long Last)> CountsAsync(TopicId id)
    {
        var topic = await TopicAsync(id);
        return (topic.MessageCount, topic.FirstSeq, topic.LastSeq);
    }

    private async Task<IEnumerable<TopicId>> UnderAsync(TopicId topic)
        => (await Store.Topics.ConversationsUnderAsync(_room.Id, topic, Never)).OrderBy(id => id.Value, StringComparer.Ordinal);

    private async Task<Topic?> FindAsync(RoomId room, TopicId id) => (await Store.Topics.ListAsync(TopicsOfRoom.WithIds(room, [id]), Never)).SingleOrDefault();
}
