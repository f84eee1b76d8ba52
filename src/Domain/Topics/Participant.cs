using AIChat.Domain.Messages;
using AIChat.Domain.Users;

namespace AIChat.Domain.Topics;

/// <summary>A speaker's share of a topic.</summary>
/// <param name="UserId">Null for the speaker of imported lines.</param>
/// <param name="Nickname">The nickname last used in the topic.</param>
/// <param name="MessageCount">The speaker's messages in the topic that are not deleted.</param>
public sealed record Participant(UserId? UserId, string Nickname, long MessageCount)
{
    /// <summary>Adds up the shares of each speaker, who may have used several nicknames; most messages first.</summary>
    public static IReadOnlyList<Participant> Merge(IEnumerable<NicknameShare> shares) =>
    [
        .. shares
            .GroupBy(share => SpeakerKey.Of(share.UserId?.Value, share.Nickname), StringComparer.Ordinal)
            .Select(speaker => new Participant(speaker.First().UserId, speaker.MaxBy(share => share.LastSeq)!.Nickname, speaker.Sum(share => share.MessageCount)))
            .OrderByDescending(participant => participant.MessageCount)
            .ThenBy(participant => participant.Nickname, StringComparer.Ordinal),
    ];
}

/// <summary>The messages of one speaker under one nickname in one conversation, without the deleted ones.</summary>
/// <param name="Conversation">The conversation.</param>
/// <param name="UserId">Null for the speaker of imported lines.</param>
/// <param name="Nickname">The nickname.</param>
/// <param name="MessageCount">How many.</param>
/// <param name="LastSeq">The number of the last one.</param>
public sealed record NicknameShare(TopicId Conversation, UserId? UserId, string Nickname, long MessageCount, long LastSeq);
