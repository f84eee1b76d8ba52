using AIChat.Domain.Common;
using AIChat.Domain.Messages;
using AIChat.Domain.Rooms;
using AIChat.Domain.Topics;
using AIChat.Domain.Users;

namespace AIChat.Infrastructure.Tests.Persistence;

/// <summary>A room where conversations c1 and c2 belong to theme m1, c3 to m2, and both themes to w; five messages: c1, c1, c2, c3, noise.</summary>
public abstract class CorrectionStoreContract(StoreFixture store) : StoreContract(store), IAsyncLifetime
{
    private static readonly TopicId C1 = new("c1");
    private static readonly TopicId C2 = new("c2");
    private static readonly TopicId C3 = new("c3");
    private static readonly TopicId M1 = new("m1");
    private static readonly TopicId M2 = new("m2");
    private static readonly TopicId W = new("w");

    private Room _room = null!;
    private User _ann = null!;
    private List<Message> _messages = null!;
    private Lease _lease = null!;
    private long _made;

    async Task IAsyncLifetime.InitializeAsync()
    {
        await InitializeAsync();
        (_ann, _room) = (await Store.JoinAsync("Ann"), await Store.OpenRoomAsync());
        _lease = await Store.LeaseAsync(_room);
        var said = new List<Message>();
        TopicId?[] topics = [C1, C1, C2, C3, null];
        foreach (var _ in topics)
            said.Add(await Store.PostAsync(_room, _ann, "words"));
        Topic[] tree =
        [
            Named(W, TopicLevel.Low, null), Named(M1, TopicLevel.Mid, W), Named(M2, TopicLevel.Mid, W),
            Named(C1, TopicLevel.High, M1), Named(C2, TopicLevel.High, M1), Named(C3, TopicLevel.High, M2),
        ];
        Assert.True(await Store.Topics.SaveAssignmentsAsync(_lease, [.. said.Zip(topics, (message, topic) => new TopicAssignment(message.Id, topic, null, null) { Margin = 0.25f })], tree, Never));
        _messages = [];
        foreach (var message in said)
            _messages.Add(await Store.ReloadAsync(message));
    }

    [Fact]
    public async Task A_correction_moves_messages_counts_what_it_concerns_and_removes_what_is_left_with_nothing()
    {
        var merge = Expect.Value(Correction.Merge(Entry(), C1, [await TopicAsync(C1), await TopicAsync(C3), await TopicAsync(M2)], [_messages[0], _messages[1], _messages[3]]));
        Assert.True(await Store.Topics.CorrectAsync(_lease, merge, [new TopicAssignment(_messages[3].Id, C1, _messages[1].Id, null)], [], Never));
        Assert.Equal((C1, _messages[1].Id), ((await Store.ReloadAsync(_messages[3])).TopicId, (await Store.ReloadAsync(_messages[3])).LinkTo));
        Assert.Null((await Store.ReloadAsync(_messages[3])).LinkMargin);
        Assert.Equal(0.25f, (await Store.ReloadAsync(_messages[2])).LinkMargin);
        Assert.Equal((3L, 1L, 4L), await CountsAsync(C1));
        Assert.Equal((1L, 3L, 3L), await CountsAsync(C2));
        Assert.Equal((4L, 1L, 4L), await CountsAsync(M1));
        Assert.Equal((4L, 1L, 4L), await CountsAsync(W));
        Assert.Null(await FindAsync(C3));
        Assert.Null(await FindAsync(M2));
    }

    [Fact]
    public async Task A_correction_is_found_as_it_was_stored_and_as_it_was_taken_back()
    {
        var split = Expect.Value(Correction.Split(
            Entry(), new TopicId("n"), "김치 🍲", [await TopicAsync(C1), await TopicAsync(M1), await TopicAsync(W)], [_messages[0], _messages[1]], new HashSet<MessageId> { _messages[1].Id }));
        Topic[] opened = [Topic.Open(new TopicId("n"), _room.Id, TopicLevel.High, M1, new TopicName("n", []))];
        Assert.True(await Store.Topics.CorrectAsync(_lease, split, [new TopicAssignment(_messages[1].Id, new TopicId("n"), null, null)], opened, Never));

        var stored = await Store.Corrections.FindAsync(_room.Id, split.Id, Never);
        Assert.NotNull(stored);
        AssertSame(split, stored);
        Assert.Equal((1L, 2L, 2L), await CountsAsync(new TopicId("n")));
        Assert.Null(await Store.Corrections.FindAsync(new RoomId("another"), split.Id, Never));

        Store.Time.Advance(TimeSpan.FromSeconds(5));
        stored.Undo(_ann.Id, Store.Now);
        Assert.True(await Store.Topics.CorrectAsync(_lease, stored, [new TopicAssignment(_messages[1].Id, C1, _messages[0].Id, null)], [], Never));
        var undone = await Store.Corrections.FindAsync(_room.Id, split.Id, Never);
        Assert.Equal((Store.Now, _ann.Id), (undone!.UndoneAt!.Value, undone.UndoneBy!.Value));
        AssertSame(split, undone);
        Assert.Null(await FindAsync(new TopicId("n")));
        Assert.Equal((2L, 1L, 2L), await CountsAsync(C1));
    }

    [Fact]
    public async Task Names_are_stored_as_they_are_handed_in_and_a_later_suggestion_does_not_overwrite_a_persons()
    {
        var topic = await TopicAsync(M1);
        var rename = Correction.Rename(Entry(), topic, "mine");
        var former = topic.ToFormer();
        topic.Rename("mine");
        Assert.True(await Store.Topics.CorrectAsync(_lease, rename, [], [topic], Never));
        Assert.True(await Store.Topics.SaveAssignmentsAsync(_lease, [], [Named(M1, TopicLevel.Mid, W)], Never));
        Assert.Equal(("mine", NameSource.User), ((await TopicAsync(M1)).Name, (await TopicAsync(M1)).NameSource));

        topic.Restore(former);
        rename.Undo(_ann.Id, Store.Now);
        Assert.True(await Store.Topics.CorrectAsync(_lease, rename, [], [topic], Never));
        Assert.Equal(("name of m1", NameSource.Auto), ((await TopicAsync(M1)).Name, (await TopicAsync(M1)).NameSource));
        Assert.Equal((3L, 1L, 3L), await CountsAsync(M1));
    }

    [Fact]
    public async Task Nothing_is_written_once_another_took_the_lease()
    {
        await Store.Leases.TakeOverAsync(_lease.Key, "another", TimeSpan.FromMinutes(1), Never);
        var merge = Expect.Value(Correction.Merge(Entry(), C1, [], [_messages[3]]));
        Assert.False(await Store.Topics.CorrectAsync(_lease, merge, [new TopicAssignment(_messages[3].Id, C1, null, null)], [Named(new TopicId("n"), TopicLevel.High, M1)], Never));
        Assert.Equal(C3, (await Store.ReloadAsync(_messages[3])).TopicId);
        Assert.Empty(await Store.Corrections.ListAsync(CorrectionsOfRoom.InForce(_room.Id), Never));
        Assert.Null(await FindAsync(new TopicId("n")));
    }

    [Fact]
    public async Task How_sure_the_classifier_was_is_counted_without_what_was_deleted_or_put_right()
    {
        Task<long> CountAsync(float below, long after = 0) => Store.Messages.CountAsync(MessagesOfRoom.LowMargin(_room.Id, after, below, 1), Never);

        Assert.True(await Store.Topics.SaveAssignmentsAsync(_lease, [new TopicAssignment(_messages[1].Id, C1, null, null) { Margin = 0.01f }], [], Never));
        Assert.Equal((5, 1, 3), (await CountAsync(1), await CountAsync(0.2f), await CountAsync(1, 2)));
        Assert.Equal([_messages[1].Id, _messages[0].Id], (await Store.Messages.ListAsync(MessagesOfRoom.LowMargin(_room.Id, 0, 1, 2), Never)).Select(message => message.Id));
        Assert.Equal(1, await Store.Messages.CountAsync(MessagesOfRoom.Noise(_room.Id, 0), Never));
        Assert.Equal(0, await Store.Messages.CountAsync(MessagesOfRoom.Noise(_room.Id, 5), Never));

        await Store.DeleteAsync(_messages[4]);
        Assert.Equal(0, await Store.Messages.CountAsync(MessagesOfRoom.Noise(_room.Id, 0), Never));
        var move = Expect.Value(Correction.Move(Entry(), _messages[1].Id, C2, [], [_messages[0], _messages[1], _messages[2]]));
        Assert.True(await Store.Topics.CorrectAsync(_lease, move, [new TopicAssignment(_messages[1].Id, C2, null, null)], [], Never));
        Assert.Equal((3, 0), (await CountAsync(1), await CountAsync(0.2f)));
        Assert.Equal(0, await Store.Messages.CountAsync(MessagesOfRoom.Unclassified(_room.Id, 1), Never));
        await Store.PostAsync(_room, _ann, "one");
        await Store.PostAsync(_room, _ann, "two");
        Assert.Equal(2, await Store.Messages.CountAsync(MessagesOfRoom.Unclassified(_room.Id, 1), Never));
    }

    [Fact]
    public async Task They_are_listed_in_their_order_and_those_taken_back_are_not_in_force()
    {
        var all = new List<Correction>();
        for (var i = 0; i < 4; i++)
        {
            all.Add(Correction.Rename(Entry(), await TopicAsync(C1), "name " + i));
            if (i == 1)
                all[i].Undo(_ann.Id, Store.Now);
            Assert.True(await Store.Topics.CorrectAsync(_lease, all[i], [], [], Never));
        }

        Assert.Equal([1L, 3L, 4L], (await Store.Corrections.ListAsync(CorrectionsOfRoom.InForce(_room.Id), Never)).Select(each => each.Number));
        Assert.Equal([3L, 4L], (await Store.Corrections.ListAsync(CorrectionsOfRoom.InForce(_room.Id, 2), Never)).Select(each => each.Number));
        Assert.Equal([4L, 3L], (await Store.Corrections.ListAsync(CorrectionsOfRoom.Before(_room.Id, null, 2), Never)).Select(each => each.Number));
        Assert.Equal([2L, 1L], (await Store.Corrections.ListAsync(CorrectionsOfRoom.Before(_room.Id, 3, 9), Never)).Select(each => each.Number));
        Assert.Empty(await Store.Corrections.ListAsync(CorrectionsOfRoom.Before(new RoomId("another"), null, 9), Never));
    }

    [Fact]
    public async Task The_offer_to_split_a_conversation_is_kept_and_goes_when_it_is_taken_back()
    {
        var topic = await TopicAsync(C1);
        topic.OfferSplit(_messages[1].Id);
        Assert.True(await Store.Topics.SaveAssignmentsAsync(_lease, [], [topic], Never));
        Assert.Equal(_messages[1].Id, (await TopicAsync(C1)).DriftFrom);
        topic.OfferSplit(null);
        Assert.True(await Store.Topics.SaveAssignmentsAsync(_lease, [], [topic], Never));
        Assert.Null((await TopicAsync(C1)).DriftFrom);
    }

    private static void AssertSame(Correction expected, Correction stored)
    {
        Assert.Equal(
            (expected.Number, expected.Kind, expected.By, expected.Nickname, expected.CreatedAt, expected.TopicId, expected.Name),
            (stored.Number, stored.Kind, stored.By, stored.Nickname, stored.CreatedAt, stored.TopicId, stored.Name));
        Assert.Equal(expected.Former.Select(former => former with { Keywords = [] }), stored.Former.Select(former => former with { Keywords = [] }));
        Assert.Equal(expected.Former.SelectMany(former => former.Keywords), stored.Former.SelectMany(former => former.Keywords));
        Assert.Equal(expected.Assignments.Select(filing => filing with { Seqs = [] }), stored.Assignments.Select(filing => filing with { Seqs = [] }));
        Assert.Equal(expected.Assignments.SelectMany(filing => filing.Seqs), stored.Assignments.SelectMany(filing => filing.Seqs));
    }

    private Topic Named(TopicId id, TopicLevel level, TopicId? parent) => Topic.Open(id, _room.Id, level, parent, new TopicName("name of " + id, [id.Value, "김치"]));

    private CorrectionEntry Entry() => new(new CorrectionId("k" + ++_made), _room.Id, _made, _ann, Store.Now);

    private async Task<Topic> TopicAsync(TopicId id)
    {
        var topic = await FindAsync(id);
        Assert.NotNull(topic);
        return topic;
    }

    private async Task<Topic?> FindAsync(TopicId id) => (await Store.Topics.ListAsync(TopicsOfRoom.WithIds(_room.Id, [id]), Never)).SingleOrDefault();

    private async Task<(long Messages, long First, long Last)> CountsAsync(TopicId id)
    {
        var topic = await TopicAsync(id);
        return (topic.MessageCount, topic.FirstSeq, topic.LastSeq);
    }
}
