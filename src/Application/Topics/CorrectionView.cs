using AIChat.Domain.Topics;

namespace AIChat.Application.Topics;

/// <summary>A correction as clients see it.</summary>
/// <param name="CorrectionId">The correction's id.</param>
/// <param name="Kind">Rename, merge, split or move.</param>
/// <param name="By">The user who made it, with the nickname of that time.</param>
/// <param name="CreatedAt">When it was made.</param>
/// <param name="TopicId">The topic that was renamed, merged into, split off or moved to.</param>
/// <param name="TopicIds">Every topic concerned; themes only if one was renamed.</param>
/// <param name="Name">The given name; null: none.</param>
/// <param name="FormerName">The topic's former name; null: the topic was new.</param>
/// <param name="MovedCount">Number of messages that changed conversation.</param>
/// <param name="UndoneAt">When it was undone; null: it is in force.</param>
/// <param name="UndoneBy">The user who undid it.</param>
public sealed record CorrectionView(
    string CorrectionId,
    CorrectionKind Kind,
    CorrectorView By,
    DateTimeOffset CreatedAt,
    string TopicId,
    IReadOnlyList<string> TopicIds,
    string? Name,
    string? FormerName,
    int MovedCount,
    DateTimeOffset? UndoneAt,
    string? UndoneBy)
{
    public static CorrectionView Of(Correction correction) => new(
        correction.Id.Value,
        correction.Kind,
        new CorrectorView(correction.By.Value, correction.Nickname),
        correction.CreatedAt,
        correction.TopicId.Value,
        [.. correction.Conversations().Append(correction.TopicId).Distinct().Select(topic => topic.Value)],
        correction.Name,
        correction.Former.FirstOrDefault(former => former.TopicId == correction.TopicId)?.Name,
        correction.Moved().Count(),
        correction.UndoneAt,
        correction.UndoneBy?.Value);
}

public sealed record CorrectorView(string UserId, string Nickname);
