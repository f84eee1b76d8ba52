using AIChat.Domain.Common;
using AIChat.Domain.Rooms;

namespace AIChat.Domain.Tests.Rooms;

public sealed class RoomLeaseTests
{
    [Theory]
    [InlineData("lobby")]
    [InlineData("a:b")]
    public void A_key_names_its_room(string room)
    {
        var id = new RoomId(room);

        Assert.Equal("topics:" + room, RoomLease.TopicsOf(id));
        Assert.Equal("digest:" + room, RoomLease.SummariesOf(id));
        Assert.Equal(id, RoomLease.RoomOf(new Lease(RoomLease.TopicsOf(id), "a server", 1, default)));
    }
}
