using AIChat.Domain.Rooms;
using AIChat.Domain.Users;

namespace AIChat.Domain.Tests.Rooms;

public sealed class RoomTopicsByTests
{
    private readonly Room _room = Room.Open(new RoomId("r"), "room", new UserId("ann"), DateTimeOffset.UnixEpoch).Succeeded(out var room, out _) ? room : throw new InvalidOperationException();

    [Fact]
    public void A_model_files_from_where_it_is_switched_on()
    {
        _room.FileTopicsBy(TopicsBy.Model);
        Assert.Equal((TopicsBy.Model, 1L, 0L), (_room.TopicsBy, _room.ModelFromSeq, _room.ModelUpToSeq));
    }

    [Fact]
    public void What_it_filed_stays_settled_when_it_is_switched_off_and_until_the_history_is_filed_anew()
    {
        _room.FileTopicsBy(TopicsBy.Model);
        _room.FileTopicsBy(TopicsBy.Local);
        Assert.Equal((TopicsBy.Local, 1L), (_room.TopicsBy, _room.ModelFromSeq));
        _room.FileHistoryAnew();
        Assert.Equal((0L, 0L), (_room.ModelFromSeq, _room.ModelUpToSeq));
    }

    [Fact]
    public void The_history_of_a_room_that_a_model_files_is_asked_for_from_the_first_message()
    {
        _room.FileTopicsBy(TopicsBy.Model);
        _room.FileHistoryAnew();
        Assert.Equal((1L, 0L), (_room.ModelFromSeq, _room.ModelUpToSeq));
    }
}
