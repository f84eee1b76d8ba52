using AIChat.Domain.Topics;

namespace AIChat.Application.Topics;

/// <summary>A correction as clients see it: who, when, what.</summary>
/// <param name="CorrectionId">Its id.</param>
/// <param name="Kind">What was done.</param>
/// <param name="By">Who did it, and what they were called then.</param>
/// <param name="CreatedAt">When.</param>
/// <param name="TopicId">The topic renamed, merged into, split off or moved to.</param>
/// <param name="TopicIds">Every topic concerned; themes only where one was renamed.</param>
/// <param name="Name">The name that was given; null: none was.</param>
/// <param name="FormerName">What the topic was called before; null where it is a new one.</param>
/// <param name="MovedCount">Messages that went to another conversation.</param>
/// <param name="UndoneAt">When it was taken back; null: it holds.</param>
/// <param name="UndoneBy">Who took it back.</param>
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
