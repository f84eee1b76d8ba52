using AIChat.Domain.Rooms;
using AIChat.Domain.Users;

namespace AIChat.Domain.Summaries;

public interface ISummaryRepository
{
    /// <summary>A stored answer to this request that still covers exactly this; null: none.</summary>
    Task<Summary?> FindAsync(RoomId room, string request, string fingerprint, UserId? reader, CancellationToken cancellation);

    /// <summary>A summary that this person may see.</summary>
    Task<Summary?> FindAsync(RoomId room, SummaryId id, UserId reader, CancellationToken cancellation);

    /// <summary>The newest summary that this person may see; null: none.</summary>
    Task<Summary?> LatestAsync(RoomId room, UserId reader, CancellationToken cancellation);

    /// <summary>Stores a summary in place of earlier answers to the same request of the same reader.</summary>
    /// <returns>False when one with its id is there already; nothing is changed then.</returns>
    Task<bool> SaveAsync(Summary summary, CancellationToken cancellation);

    /// <summary>The stored parts among these ids.</summary>
    Task<IReadOnlyList<SummaryPart>> PartsAsync(RoomId room, IReadOnlyCollection<string> ids, CancellationToken cancellation);

    /// <summary>Stores a part, and removes those of its room that were made before a time.</summary>
    Task SavePartAsync(SummaryPart part, DateTimeOffset outdated, CancellationToken cancellation);

    /// <summary>Removes the summaries and parts that cover a message whose words were changed or deleted.</summary>
    Task DropCoveringAsync(RoomId room, long seq, CancellationToken cancellation);

    /// <summary>Removes the summaries and parts that cover a message which was changed or deleted after they were made. Such ones are left when a server dies between the two steps.</summary>
    Task DropChangedAsync(CancellationToken cancellation);

    /// <summary>Stores a vote in place of the same person's earlier one on the same point.</summary>
    Task SaveVoteAsync(SummaryVote vote, CancellationToken cancellation);

    /// <summary>The votes on the summaries of each engine in the room.</summary>
    Task<IReadOnlyList<EngineVotes>> VotesAsync(RoomId room, CancellationToken cancellation);
}
