using AIChat.Application.Common;
using AIChat.Domain.Topics;

namespace AIChat.Application.Topics;

/// <summary>Files the room's next messages without a verdict, one batch.</summary>
public sealed record ClassifyRoom(RoomId Room) : IRequest<Result<Classified>>;

/// <summary>How a batch went.</summary>
public enum Classified
{
    /// <summary>Every message had its verdict.</summary>
    Nothing,

    /// <summary>A batch was filed; there may be more.</summary>
    SomeFiled,

    /// <summary>Another node has the room.</summary>
    Elsewhere,
}

/// <summary>Messages have been filed, or filed anew.</summary>
/// <param name="Room">Their room.</param>
/// <param name="Messages">Which, and where they are and were; imported ones are left out while they come in.</param>
/// <param name="SetChanged">Whether topics came, went, or changed name or place.</param>
public sealed record MessagesAssigned(RoomId Room, IReadOnlyList<AssignedMessage> Messages, bool SetChanged) : INotification;

public sealed record AssignedMessage(MessageId Id, TopicId? Topic, TopicId? Previous);

internal sealed class ClassifyRoomHandler(RoomLeases leases, OnlineClassifierCache followers, IMessageRepository messages, ITopicRepository topics, EventPublisher announcer)
    : IRequestHandler<ClassifyRoom, Result<Classified>>
{
    private const int BatchSize = 200;

    public async Task<Result<Classified>> Handle(ClassifyRoom request, CancellationToken cancellationToken)
    {
        MessagesAssigned filed;
        using (var held = await leases.EnterAsync(request.Room, cancellationToken))
        {
            if (held is null)
                return Classified.Elsewhere;
            var waiting = await messages.ListAsync(MessagesOfRoom.Unclassified(request.Room, BatchSize), cancellationToken);
            if (waiting.Count == 0)
                return Classified.Nothing;

            var follower = await followers.GetAsync(held.Lease, request.Room, waiting[0].Seq, cancellationToken);
            try
            {
                var filing = await follower.FileAsync(waiting, cancellationToken);
                if (!await topics.SaveAssignmentsAsync(held.Lease, filing.Assignments, filing.Opened, cancellationToken))
                {
                    held.Lost();
                    followers.Forget(request.Room);
                    return Classified.Elsewhere;
                }

                var sent = waiting.Zip(filing.Assignments).Where(pair => pair.First.ImportedBy is null);
                filed = new MessagesAssigned(request.Room, [.. sent.Select(pair => new AssignedMessage(pair.First.Id, pair.Second.Topic, null))], filing.Opened.Count > 0);
            }
            catch
            {
                // It has taken in messages that are not filed.
                followers.Forget(request.Room);
                throw;
            }
        }

        await announcer.PublishAsync(filed);
        return Classified.SomeFiled;
    }
}
