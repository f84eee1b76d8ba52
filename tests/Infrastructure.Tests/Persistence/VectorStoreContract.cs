using AIChat.Domain.Messages;
using AIChat.Domain.Rooms;
using AIChat.Domain.Topics;
using AIChat.Domain.Users;

namespace AIChat.Infrastructure.Tests.Persistence;

public abstract class VectorStoreContract(StoreFixture store) : StoreContract(store)
{
    private static readonly EmbeddingModel First = new("somebody/first", "c1", 4);
    private static readonly EmbeddingModel Second = new("somebody/first", "c2", 4);

    [Fact]
    public async Task A_vector_comes_back_as_it_was_to_within_a_half()
    {
        var (room, said) = await RoomAsync("a", "b", "c");
        float[] vector = [0.1f, -0.7f, 6e-5f, 0.70710677f];
        await SaveAsync(First, (said[1], vector));

        var found = Assert.Single(await Store.Vectors.FindAsync(room.Id, First.Key, [1, 2, 3], Never));
        Assert.Equal((room.Id, 2L, First.Key, (DateTimeOffset?)null), (found.RoomId, found.Seq, found.Model, found.EditedAt));
        Assert.True(found.IsOf(await Store.ReloadAsync(said[1])));
        Assert.All(found.ToFloats().Zip(vector), pair => Assert.Equal(pair.Second, pair.First, 0.0005f));
        Assert.Empty(await Store.Vectors.FindAsync(room.Id, First.Key, [1, 3], Never));
        Assert.Empty(await Store.Vectors.FindAsync(new RoomId("another"), First.Key, [2], Never));
    }

    [Fact]
    public async Task Another_models_vector_takes_the_place_of_the_first_and_neither_passes_for_the_other()
    {
        var (room, said) = await RoomAsync("a", "b");
        await SaveAsync(First, (said[0], Axis(0)), (said[1], Axis(1)));
        await SaveAsync(Second, (said[1], Axis(2)));
        Assert.Equal(1L, Assert.Single(await Store.Vectors.FindAsync(room.Id, First.Key, [1, 2], Never)).Seq);
        Assert.Equal(1L, Assert.Single(await Store.Vectors.AfterAsync(room.Id, First.Key, 0, 10, Never)).Seq);
        var second = Assert.Single(await Store.Vectors.AfterAsync(room.Id, Second.Key, 0, 10, Never));
        Assert.Equal((2L, 1f), (second.Seq, second.ToFloats()[2]));
    }

    [Fact]
    public async Task They_are_read_in_the_order_of_their_messages_page_by_page()
    {
        var (room, said) = await RoomAsync([.. Enumerable.Range(0, 25).Select(number => "words " + number)]);
        await SaveAsync(First, [.. said.AsEnumerable().Reverse().Where(message => message.Seq % 5 != 0).Select(message => (message, Axis((int)message.Seq % 4)))]);
        var read = new List<long>();
        for (var after = 0L; await Store.Vectors.AfterAsync(room.Id, First.Key, after, 7, Never) is { Count: > 0 } page; after = page[^1].Seq)
        {
            Assert.InRange(page.Count, 1, 7);
            Assert.All(page, vector => Assert.Equal(1f, vector.ToFloats()[vector.Seq % 4]));
            read.AddRange(page.Select(vector => vector.Seq));
        }

        Assert.Equal(Enumerable.Range(1, 25).Where(seq => seq % 5 != 0).Select(seq => (long)seq), read);
    }

    [Fact]
    public async Task A_vector_goes_with_the_words_that_it_was_made_of()
    {
        var (room, said) = await RoomAsync("a", "b", "c");
        await SaveAsync(First, (said[0], Axis(0)), (said[1], Axis(1)), (said[2], Axis(2)));
        await Store.Vectors.RemoveAsync(room.Id, 2, Never);
        await Store.Vectors.RemoveAsync(room.Id, 2, Never);
        await Store.Vectors.RemoveAsync(new RoomId("another"), 1, Never);
        Assert.Equal([1L, 3L], (await Store.Vectors.AfterAsync(room.Id, First.Key, 0, 10, Never)).Select(vector => vector.Seq));

        Store.Time.Advance(TimeSpan.FromSeconds(1));
        var edited = await Store.EditAsync(said[0], "quite another thing");
        var former = Assert.Single(await Store.Vectors.FindAsync(room.Id, First.Key, [1], Never));
        Assert.False(former.IsOf(edited));
        await SaveAsync(First, (edited, Axis(3)));
        var present = Assert.Single(await Store.Vectors.FindAsync(room.Id, First.Key, [1], Never));
        Assert.True(present.IsOf(await Store.ReloadAsync(edited)));
        Assert.Equal(1f, present.ToFloats()[3]);
    }

    [Fact]
    public async Task A_vector_of_words_that_are_gone_already_is_not_stored()
    {
        var (room, said) = await RoomAsync("a", "b", "c");
        Store.Time.Advance(TimeSpan.FromSeconds(1));
        await Store.DeleteAsync(said[0]);
        var edited = await Store.EditAsync(said[1], "quite another thing");
        await SaveAsync(First, (said[0], Axis(0)), (said[1], Axis(1)), (said[2], Axis(2)));
        Assert.Equal([3L], (await Store.Vectors.AfterAsync(room.Id, First.Key, 0, 10, Never)).Select(vector => vector.Seq));
        await SaveAsync(First, (edited, Axis(3)));
        Assert.Equal([2L, 3L], (await Store.Vectors.AfterAsync(room.Id, First.Key, 0, 10, Never)).Select(vector => vector.Seq));
    }

    [Fact]
    public async Task What_other_models_made_goes_once_one_has_seen_all_of_the_room()
    {
        var (room, said) = await RoomAsync("a", "b");
        var (another, told) = await RoomAsync("c");
        await SaveAsync(First, (said[0], Axis(0)), (said[1], Axis(1)));
        await SaveAsync(First, (told[0], Axis(0)));
        await SaveAsync(Second, (said[1], Axis(2)));
        await Store.Vectors.SetSeenAsync(room.Id, null, Never);
        Assert.Single(await Store.Vectors.AfterAsync(room.Id, First.Key, 0, 10, Never));
        await Store.Vectors.SetSeenAsync(room.Id, Second.Key, Never);
        Assert.Empty(await Store.Vectors.AfterAsync(room.Id, First.Key, 0, 10, Never));
        Assert.Single(await Store.Vectors.AfterAsync(room.Id, Second.Key, 0, 10, Never));
        Assert.Single(await Store.Vectors.AfterAsync(another.Id, First.Key, 0, 10, Never));
    }

    [Fact]
    public async Task Many_writers_of_the_same_messages_leave_one_vector_for_each()
    {
        for (var round = 0; round < 15; round++)
        {
            var (room, said) = await RoomAsync([.. Enumerable.Range(0, 30).Select(number => "words " + number)]);
            await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => Task.Run(() => SaveAsync(First, [.. said.Select(message => (message, Axis(1)))]))));
            Assert.Equal(30, (await Store.Vectors.AfterAsync(room.Id, First.Key, 0, 100, Never)).Count);
        }
    }

    [Fact]
    public async Task Rooms_that_a_model_has_not_seen_are_known_the_liveliest_first()
    {
        var rooms = new List<Room>();
        var ann = await Store.JoinAsync();
        for (var i = 0; i < 4; i++)
        {
            rooms.Add(await Store.OpenRoomAsync("room " + i));
            Store.Time.Advance(TimeSpan.FromMinutes(1));
            if (i > 0)
                await Store.PostAsync(rooms[i], ann, "words");
        }

        Assert.Equal([rooms[3].Id, rooms[2].Id, rooms[1].Id], await Store.Vectors.RoomsWithoutAsync(First.Key, Never));
        await Store.Vectors.SetSeenAsync(rooms[2].Id, First.Key, Never);
        Assert.Equal([rooms[3].Id, rooms[1].Id], await Store.Vectors.RoomsWithoutAsync(First.Key, Never));
        Assert.Equal(3, (await Store.Vectors.RoomsWithoutAsync(Second.Key, Never)).Count);

        await Store.Vectors.SetSeenAsync(rooms[2].Id, Second.Key, Never);
        Assert.Equal(3, (await Store.Vectors.RoomsWithoutAsync(First.Key, Never)).Count);
        await Store.Vectors.SetSeenAsync(rooms[2].Id, null, Never);
        Assert.Equal(3, (await Store.Vectors.RoomsWithoutAsync(Second.Key, Never)).Count);
    }

    [Fact]
    public async Task Those_who_keep_their_words_from_models_elsewhere_are_known()
    {
        var (ann, bob) = (await Store.JoinAsync("Ann"), await Store.JoinAsync("Bob"));
        Assert.Empty(await Store.Users.ExcludedFromAiAsync([ann.Id, bob.Id], Never));
        bob.SetExcludeFromAi(true);
        await Store.Users.SaveAsync(bob, Never);
        Assert.Equal([bob.Id], await Store.Users.ExcludedFromAiAsync([ann.Id, bob.Id, new UserId("nobody")], Never));
        Assert.Empty(await Store.Users.ExcludedFromAiAsync([ann.Id], Never));
        Assert.Empty(await Store.Users.ExcludedFromAiAsync([], Never));
    }

    private static float[] Axis(int axis) => [.. Enumerable.Range(0, 4).Select(at => at == axis ? 1f : 0f)];

    private async Task<(Room Room, IReadOnlyList<Message> Said)> RoomAsync(params string[] texts)
    {
        var (ann, room) = (await Store.JoinAsync(), await Store.OpenRoomAsync());
        return (room, Expect.Value(await Store.Messages.AppendAsync(room.Id, [.. texts.Select(text => Store.Draft(room, ann, text))], Never)).Messages);
    }

    private Task SaveAsync(EmbeddingModel model, params (Message Of, float[] Vector)[] vectors)
        => Store.Vectors.SaveAsync([.. vectors.Select(pair => MessageEmbedding.Of(pair.Of, model, pair.Vector))], Never);
}
