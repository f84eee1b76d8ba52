namespace AIChat.Application.Messages;

/// <summary>A message as clients see it; <paramref name="Content"/> is null after a deletion.</summary>
public sealed record MessageView(
    string Id,
    string ChannelId,
    long Seq,
    string? UserId,
    string Nickname,
    string? Content,
    DateTimeOffset CreatedAt,
    DateTimeOffset? EditedAt,
    DateTimeOffset? DeletedAt,
    string? ReplyTo,
    bool Classified,
    string? TopicId,
    IReadOnlyList<Mention> Mentions,
    bool Imported,
    string? ClientMessageId)
{
    /// <summary>The message as one person sees it.</summary>
    /// <param name="message">The message.</param>
    /// <param name="reader">The person; null: everyone in the room, for events. No element depends on it yet; the parameter keeps those that will a change of this class alone.</param>
    public static MessageView Of(Message message, UserId? reader)
        => new(
            message.Id.Value,
            message.RoomId.Value,
            message.Seq,
            message.UserId?.Value,
            message.Nickname,
            message.Content,
            message.CreatedAt,
            message.EditedAt,
            message.DeletedAt,
            message.ReplyTo?.Value,
            message.Classified,
            message.TopicId?.Value,
            message.Mentions,
            message.ImportedBy is not null,
            message.ClientMessageId);
}
