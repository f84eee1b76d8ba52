namespace AIChat.Domain.Messages;

public static class MessageErrors
{
    public static readonly Error ContentEmpty = Error.Invalid("content_empty", "A message needs content that is not blank.");
    public static readonly Error ContentTooLong = Error.Invalid("content_too_long", "A message has at most 4,000 characters; send it in parts.");
    public static readonly Error ContentBad = Error.Invalid("content_bad", "The content contains a NUL or half of a surrogate pair; send valid Unicode.");
    public static readonly Error BadClientId = Error.Invalid("client_message_id_bad", "A clientMessageId has 1 to 100 characters.");
    public static readonly Error ClientIdReused = Error.Conflict("client_message_id_reused", "This clientMessageId was used for another message; choose a new one for each message.");
    public static readonly Error NotFound = Error.NotFound("message_not_found", "There is no such message in this room.");
    public static readonly Error ReplyNotFound = Error.Invalid("reply_to_not_found", "replyTo is not a message of this room.");
    public static readonly Error NotYours = Error.Forbidden("message_not_yours", "Only a message's author may change it.");
    public static readonly Error Deleted = Error.Conflict("message_deleted", "The message was deleted.");
    public static readonly Error BadQuery = Error.Invalid("query_bad", "q must have 1 to 200 characters that are not all blank.");
}
