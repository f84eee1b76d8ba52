namespace AIChat.Domain.Rooms;

public static class RoomErrors
{
    public static readonly Error NotFound = Error.NotFound("room_not_found", "There is no such room.");
    public static readonly Error NameEmpty = Error.Invalid("room_name_empty", "Give the room a channelName of 1 to 100 characters.");
    public static readonly Error NameTooLong = Error.Invalid("room_name_too_long", "A channelName has at most 100 characters.");
    public static readonly Error NameBad = Error.Invalid("room_name_bad", "A channelName is one line without control characters.");
    public static readonly Error OwnerOnly = Error.Forbidden("room_owner_only", "Only the room's owner may do this.");
    public static readonly Error NothingToChange = Error.Invalid("room_nothing_to_change", "Say what to change: digest or topicsBy.");
    public static readonly Error TopicsBy = Error.Invalid("topics_by_bad", "topicsBy is local or model.");
    public static readonly Error DigestCadence = Error.Invalid("digest_cadence_bad", "digest.cadence is off, hourly or daily.");
    public static readonly Error DigestHour = Error.Invalid("digest_hour_bad", "digest.hour is a whole number from 0 to 23.");
    public static readonly Error DigestTimeZone = Error.Invalid("digest_time_zone_bad", "digest.timeZone is a time zone by its IANA name, such as Asia/Seoul.");
}
