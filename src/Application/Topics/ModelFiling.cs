using AIChat.Domain.Topics;

namespace AIChat.Application.Topics;

/// <summary>
/// Has a language model file a room's new messages where the room wants it, some at a time. Each was asked for once, whether the answer could be used or not; where there was none, the rest
/// waits for the next look.
/// </summary>
internal sealed class ModelFiling(IRoomRepository rooms, IDisentangler disentangler, WindowReassigner reassigner)
{
    /// <summary>Fewer new messages wait for more: each call also reads what was said before.</summary>
    public const int Fewest = 50;

    /// <summary>Messages that are filed and stored together.</summary>
    private const int Step = 200;

    /// <param name="id">The room.</param>
    /// <param name="last">Number of the last message to file.</param>
    /// <param name="by">Who wants it now; however few there are, if it is the owner, who pays.</param>
    /// <param name="cancellation">Stops between two steps and within a call.</param>
    /// <returns>Number of the first message that it was asked for; null: none.</returns>
    public async Task<long?> FileAsync(RoomId id, long last, UserId? by, CancellationToken cancellation)
    {
        long? first = null;
        while (disentangler.Engine is not null && await rooms.FindAsync(id, cancellation) is { TopicsBy: TopicsBy.Model } room && room.ModelUpToSeq < last)
        {
            var waiting = last - room.ModelUpToSeq;
            if (first is null && waiting < Fewest && !(by is { } person && room.IsOwnedBy(person)))
                break;

            // Two halves rather than a step and a small rest.
            var step = waiting > Step && waiting < 2 * Step ? waiting / 2 : Math.Min(waiting, Step);
            var upTo = await reassigner.ReassignByModelAsync(room, room.ModelUpToSeq + 1, room.ModelUpToSeq + step, cancellation);
            if (upTo <= room.ModelUpToSeq)
                break;
            first ??= room.ModelUpToSeq + 1;
            await rooms.AdvanceModelAsync(id, room.ModelUpToSeq, upTo, CancellationToken.None);
        }

        return first;
    }
}
