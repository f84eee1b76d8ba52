using AIChat.Domain.Common;

namespace AIChat.Domain.Rooms;

public static class RoomErrors
{
    public static readonly Error NotFound = Error.NotFound("room_not_found", "There is no such room.");
    public static readonly Error NameEmpty = Error.Invalid("room_name_empty", "Give the room a channelName of 1 to 100 characters.");
    public static readonly Error NameTooLong = Error.Invalid("room_name_too_long", "A channelName has at most 100 characters.");
    public static readonly Error NameBad = Error.Invalid("room_name_bad", "A channelName is one line without control characters.");
    public static readonly Error OwnerOnly = Error.Forbidden("room_owner_only", "Only the room's owner may do this.");
}
