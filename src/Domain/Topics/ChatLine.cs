using AIChat.Domain.Messages;

namespace AIChat.Domain.Topics;

/// <summary>
/// One line of a room as a classifier sees it. <paramref name="Nickname"/> and <paramref name="Content"/> are composed (<see cref="Text.Composed"/>), however they were typed.
/// </summary>
/// <param name="Speaker">The same text for the same person throughout the room.</param>
/// <param name="Nickname">The speaker's name in the room.</param>
/// <param name="Content">The text; may be blank.</param>
/// <param name="CreatedAt">When it was said.</param>
/// <param name="ReplyTo">Index of the earlier line that the speaker answers explicitly; always obeyed.</param>
/// <param name="IsSystem">A line of the system ("… has joined"), which is never part of a conversation.</param>
public sealed record ChatLine(string Speaker, string Nickname, string Content, DateTimeOffset CreatedAt, int? ReplyTo = null, bool IsSystem = false)
{
    public string Nickname { get; init => field = Text.Composed(value); } = Text.Composed(Nickname);

    public string Content { get; init => field = Text.Composed(value); } = Text.Composed(Content);

    /// <summary>The line's n-gram profile as <see cref="IMessageEmbedder"/> packed it; null: computed where it is needed.</summary>
    public byte[]? NgramProfile { get; init; }

    /// <summary>
    /// The line's sentence embedding, at unit length; null: there is no encoder, or none may see the line. All embeddings of a window are of the same model.
    /// </summary>
    public float[]? Embedding { get; init; }

    /// <summary>Its speaker keeps it from language models elsewhere.</summary>
    public bool ExcludeFromAi { get; init; }

    /// <summary>The conversation that this line is known to be in; a classifier keeps it. Null: to be found.</summary>
    public int? Conversation { get; init; }

    /// <summary>A stored message as a line. The message must not be deleted. <see cref="ReplyTo"/> and <see cref="Conversation"/> depend on the window and stay null.</summary>
    public static ChatLine Of(Message message, float[]? embedding = null, bool excludeFromAi = false)
        => new(message.SpeakerKey, message.Nickname, message.Content!, message.CreatedAt)
        {
            NgramProfile = message.NgramProfile,
            Embedding = embedding,
            ExcludeFromAi = excludeFromAi,
        };
}
