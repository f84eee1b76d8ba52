using AIChat.Domain.Messages;

namespace AIChat.Domain.Topics;

/// <summary>One line of a room as classifiers and summarizers see it.</summary>
/// <param name="Speaker">Identifies the speaker throughout the room.</param>
/// <param name="Nickname">The speaker's nickname.</param>
/// <param name="Content">The text; may be blank.</param>
/// <param name="CreatedAt">When it was sent.</param>
/// <param name="ReplyTo">Index of the earlier line that the speaker replies to explicitly; a classifier always follows it.</param>
/// <param name="IsSystem">A system line ("… has joined"), part of no conversation.</param>
public sealed record ChatLine(string Speaker, string Nickname, string Content, DateTimeOffset CreatedAt, int? ReplyTo = null, bool IsSystem = false)
{
    /// <summary>Character n-gram profile as <see cref="IMessageEmbedder"/> packs it; null: computed where it is needed.</summary>
    public byte[]? NgramProfile { get; init; }

    /// <summary>Sentence embedding of unit length; null: no encoder runs, or none may see the line. All embeddings of a window are from one model.</summary>
    public float[]? Embedding { get; init; }

    /// <summary>The speaker excludes their messages from remote models.</summary>
    public bool ExcludeFromAi { get; init; }

    /// <summary>The known conversation of the line, which a classifier keeps; null: to be found.</summary>
    public int? Conversation { get; init; }

    /// <summary>A stored message as a line. It must not be deleted; <see cref="ReplyTo"/> and <see cref="Conversation"/> depend on the window and stay null.</summary>
    public static ChatLine Of(Message message, float[]? embedding = null, bool excludeFromAi = false)
        => new(message.SpeakerKey, message.Nickname, message.Content!, message.CreatedAt)
        {
            NgramProfile = message.NgramProfile,
            Embedding = embedding,
            ExcludeFromAi = excludeFromAi,
        };
}
