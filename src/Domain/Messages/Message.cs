using AIChat.Domain.Jobs;
using AIChat.Domain.Rooms;
using AIChat.Domain.Users;

namespace AIChat.Domain.Messages;

/// <summary>A message in a room. Deleting leaves a tombstone: the number stays, the words are removed.</summary>
public sealed class Message
{
    public const int MaxContentLength = 4000;
    public const int MaxClientIdLength = 100;

    private Message(MessageId id, RoomId roomId, UserId? userId, string nickname, string? content, DateTimeOffset createdAt)
    {
        Id = id;
        RoomId = roomId;
        UserId = userId;
        Nickname = nickname;
        Content = content;
        CreatedAt = createdAt;
    }

    public MessageId Id { get; private set; }

    public RoomId RoomId { get; private set; }

    /// <summary>1, 2, 3… within the room; 0 until the store has given a number.</summary>
    public long Seq { get; private set; }

    /// <summary>The author; null for an imported line.</summary>
    public UserId? UserId { get; private set; }

    /// <summary>The author's nickname at the time.</summary>
    public string Nickname { get; private set; }

    /// <summary>The words; null once deleted.</summary>
    public string? Content { get; private set; }

    public DateTimeOffset CreatedAt { get; private set; }

    public DateTimeOffset? EditedAt { get; private set; }

    public DateTimeOffset? DeletedAt { get; private set; }

    public MessageId? ReplyTo { get; private set; }

    /// <summary>The client's id of this message: a retry with the same id finds the message.</summary>
    public string? ClientMessageId { get; private set; }

    public IReadOnlyList<Mention> Mentions { get; private set; } = [];

    /// <summary>The import that brought this message; null when it was sent.</summary>
    public JobId? ImportedBy { get; private set; }

    /// <summary>The line of that import's transcript, from 1.</summary>
    public long? ImportLine { get; private set; }

    /// <summary>Whether it was assigned. A classified message without a <see cref="TopicId"/> is noise.</summary>
    public bool Classified { get; private set; }

    /// <summary>The conversation that it belongs to.</summary>
    public TopicId? TopicId { get; private set; }

    /// <summary>The earlier message that it answers, as the classifier sees it.</summary>
    public MessageId? LinkTo { get; private set; }

    /// <summary>By how much its conversation was likelier than the next best when it was assigned, 0 to 1; null: there was no alternative, or a person chose.</summary>
    public float? LinkMargin { get; private set; }

    /// <summary>Its n-gram profile, packed by the embedder; null until classified and after an edit.</summary>
    public byte[]? NgramProfile { get; private set; }

    public bool IsDeleted => DeletedAt is not null;

    /// <summary>Tells speakers apart: the user, or the nickname of an imported line.</summary>
    public string SpeakerKey => Messages.SpeakerKey.Of(UserId?.Value, Nickname);

    /// <summary>A message that a person sends now.</summary>
    public static Result<Message> Post(
        MessageId id, Room room, User author, string content, string? clientMessageId, MessageId? replyTo, IReadOnlyList<Mention> mentions, DateTimeOffset now)
    {
        if (WhyNot(content) is { } refusal)
            return refusal;
        if (clientMessageId is not null && (clientMessageId.Length is 0 or > MaxClientIdLength || !Text.IsStorable(clientMessageId)))
            return MessageErrors.BadClientId;
        return new Message(id, room.Id, author.Id, author.Nickname, content, now)
        {
            ClientMessageId = clientMessageId,
            ReplyTo = replyTo,
            Mentions = mentions,
        };
    }

    /// <summary>A line of a transcript. It keeps its own time; its author is a name, not a user.</summary>
    public static Result<Message> Import(MessageId id, RoomId room, JobId job, long line, string nickname, string content, DateTimeOffset createdAt, MessageId? replyTo)
    {
        if (WhyNot(content) is { } refusal)
            return refusal;
        var name = nickname.Trim();
        if (name.Length == 0)
            return UserErrors.NicknameEmpty;
        if (Text.LengthOf(name) > User.MaxNicknameLength)
            return UserErrors.NicknameTooLong;
        if (!Text.IsOneLine(name))
            return UserErrors.NicknameBad;
        return new Message(id, room, null, name, content, createdAt.ToUniversalTime())
        {
            ImportedBy = job,
            ImportLine = line,
            ReplyTo = replyTo,
        };
    }

    /// <summary>Removes the reference of an imported line to a line that is not there.</summary>
    public void DropReply() => ReplyTo = null;

    /// <summary>Sets the number. Only the store calls this, in the step that stores the message.</summary>
    public void Number(long seq) => Seq = seq;

    /// <summary>Why this person may not change the message, or null.</summary>
    public Error? WhyNotChange(UserId by)
    {
        if (UserId != by)
            return MessageErrors.NotYours;
        return IsDeleted ? MessageErrors.Deleted : null;
    }

    /// <summary>Changes the words. The assignment stays; the n-gram profile, made from the old words, is removed.</summary>
    public Error? Edit(string content, IReadOnlyList<Mention> mentions, DateTimeOffset now)
    {
        if (WhyNot(content) is { } refusal)
            return refusal;
        Content = content;
        Mentions = mentions;
        EditedAt = now;
        NgramProfile = null;
        return null;
    }

    /// <summary>Removes the words for good. The number and the place in its conversation stay.</summary>
    public void Delete(DateTimeOffset now)
    {
        Content = null;
        Mentions = [];
        NgramProfile = null;
        DeletedAt = now;
    }

    private static Error? WhyNot(string content)
    {
        if (string.IsNullOrWhiteSpace(content))
            return MessageErrors.ContentEmpty;
        if (Text.LengthOf(content) > MaxContentLength)
            return MessageErrors.ContentTooLong;
        return Text.IsStorable(content) ? null : MessageErrors.ContentBad;
    }
}

/// <summary>A person who was named with an @ in a message.</summary>
public sealed record Mention(string UserId, string Nickname);
