using AIChat.Domain.Users;

namespace AIChat.Domain.Topics;

/// <summary>Somebody's share of a topic.</summary>
/// <param name="UserId">Null for the author of imported lines.</param>
/// <param name="Nickname">The one last used in the topic.</param>
/// <param name="MessageCount">Their messages in it that are not deleted.</param>
public sealed record Participant(UserId? UserId, string Nickname, long MessageCount);
