using AIChat.Domain.Rooms;
using AIChat.Domain.Users;

namespace AIChat.Domain.Summaries;

public interface ISummaryRepository
{
    /// <summary>A stored answer to this request that still covers exactly this; null: none.</summary>
    Task<Summary?> FindAsync(RoomId room, string request, string fingerprint, UserId? reader, CancellationToken cancellation);

    /// <summary>The newest summary that this person may see; null: none.</summary>
    Task<Summary?> LatestAsync(RoomId room, UserId reader, CancellationToken cancellation);

    /// <summary>Stores a summary in place of earlier answers to the same request of the same reader.</summary>
    Task SaveAsync(Summary summary, CancellationToken cancellation);

    /// <summary>Removes the summaries that cover a message: its words were changed or taken back.</summary>
    Task DropCoveringAsync(RoomId room, long seq, CancellationToken cancellation);
}
