using AIChat.Application.Common;
using AIChat.Domain.Topics;

namespace AIChat.Application.Topics;

/// <summary>Assigns the room's next unclassified messages to topics, one batch.</summary>
public sealed record ClassifyRoom(RoomId Room) : IRequest<Result<ClassificationProgress>>;

public enum ClassificationProgress
{
    /// <summary>Every message was classified already.</summary>
    NothingWaiting,

    /// <summary>A batch was classified; more may be waiting.</summary>
    BatchDone,

    /// <summary>Another node holds the room's lease.</summary>
    HeldElsewhere,
}

/// <summary>Messages were assigned to topics, for the first time or again.</summary>
/// <param name="Room">The room.</param>
/// <param name="Messages">The messages with their new and previous topics; without imported ones while an import runs.</param>
/// <param name="SetChanged">Whether topics were added, removed, renamed or moved.</param>
public sealed record MessagesAssigned(RoomId Room, IReadOnlyList<AssignedMessage> Messages, bool SetChanged) : INotification;

public sealed record AssignedMessage(MessageId Id, TopicId? Topic, TopicId? Previous);

internal sealed class ClassifyRoomHandler(RoomLeases leases, OnlineClassifierCache classifiers, IMessageRepository messages, ITopicRepository topics, EventPublisher events)
    : IRequestHandler<ClassifyRoom, Result<ClassificationProgress>>
{
    private const int BatchSize = 200;

    public async Task<Result<ClassificationProgress>> Handle(ClassifyRoom request, CancellationToken cancellationToken)
    {
        MessagesAssigned assigned;
        using (var held = await leases.EnterAsync(request.Room, cancellationToken))
        {
            if (held is null)
                return ClassificationProgress.HeldElsewhere;
            var waiting = await messages.ListAsync(MessagesOfRoom.Unclassified(request.Room, BatchSize), cancellationToken);
            if (waiting.Count == 0)
                return ClassificationProgress.NothingWaiting;

            var classifier = await classifiers.GetAsync(held.Lease, request.Room, waiting[0].Seq, cancellationToken);
            try
            {
                var outcome = await classifier.AssignAsync(waiting, cancellationToken);
                if (!await topics.SaveAssignmentsAsync(held.Lease, outcome.Assignments, [.. outcome.Opened, .. await RenamedAsync(request.Room, outcome, cancellationToken)], cancellationToken))
                {
                    held.MarkLost();
                    classifiers.Forget(request.Room);
                    return ClassificationProgress.HeldElsewhere;
                }

                var sent = waiting.Zip(outcome.Assignments).Where(pair => pair.First.ImportedBy is null);
                assigned = new MessagesAssigned(request.Room, [.. sent.Select(pair => new AssignedMessage(pair.First.Id, pair.Second.Topic, null))], outcome.Opened.Count + outcome.Renamed.Count > 0);
            }
            catch
            {
                // The classifier has observed messages that are not stored as assigned.
                classifiers.Forget(request.Room);
                throw;
            }
        }

        await events.PublishAsync(assigned);
        return ClassificationProgress.BatchDone;
    }

    /// <summary>The stored topics with their better names: what else they are may have changed since the classifier opened them.</summary>
    private async Task<IReadOnlyList<Topic>> RenamedAsync(RoomId room, OnlineAssignments outcome, CancellationToken cancellation)
    {
        if (outcome.Renamed.Count == 0)
            return [];
        var renamed = await topics.ListAsync(TopicsOfRoom.WithIds(room, [.. outcome.Renamed.Keys]), cancellation);
        foreach (var topic in renamed)
            topic.Suggest(outcome.Renamed[topic.Id]);
        return renamed;
    }
}
