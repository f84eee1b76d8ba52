using AIChat.Domain.Messages;
using AIChat.Domain.Rooms;
using AIChat.Domain.Users;

namespace AIChat.Infrastructure.Persistence.Common;

/// <summary>The read mark of one person in one room.</summary>
internal sealed class ReadRow
{
    public required UserId UserId { get; init; }

    public required RoomId RoomId { get; init; }

    public long Seq { get; set; }
}

/// <summary>The number that the room gave to an edit or a deletion.</summary>
internal sealed class ChangeRow
{
    public required RoomId RoomId { get; init; }

    public required long Rev { get; init; }

    public required MessageId MessageId { get; init; }
}

/// <summary>The message and the change up to which a room was reclassified.</summary>
internal sealed class ReclassifiedRow
{
    public required RoomId RoomId { get; init; }

    public long Seq { get; set; }

    public long Rev { get; set; }
}

/// <summary>The sentence encoder that has embedded all of a room.</summary>
internal sealed class SeenRow
{
    public required RoomId RoomId { get; init; }

    public required string Model { get; set; }
}

/// <summary>A lease. The row stays after release, so that epochs keep growing.</summary>
internal sealed class LeaseRow
{
    public required string Key { get; init; }

    public required string Holder { get; set; }

    public long Epoch { get; set; }

    public DateTimeOffset ExpiresAt { get; set; }

    public Lease ToLease() => new(Key, Holder, Epoch, ExpiresAt);
}
