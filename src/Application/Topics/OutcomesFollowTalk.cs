using AIChat.Domain.Topics;
using Microsoft.Extensions.Logging;

namespace AIChat.Application.Topics;

/// <summary>
/// Finds the outcomes of conversations in which people have just spoken, two seconds later: the topic of a message does not wait for them, and the
/// lines of a busy room are read once for all of them. After a crash, the next line or the next re-classification finds the outcome.
/// </summary>
internal sealed class OutcomesFollowTalk(ITopicRepository topics, TopicOutcomes outcomes, RoomLeases leases, TimeProvider time, ILogger<OutcomesFollowTalk> log)
    : INotificationHandler<MessagesAssigned>
{
    private static readonly TimeSpan Gathering = TimeSpan.FromSeconds(2);

    private readonly Lock _gate = new();
    private readonly Dictionary<RoomId, HashSet<TopicId>> _spokenIn = [];

    public Task Handle(MessagesAssigned notification, CancellationToken cancellationToken)
    {
        var conversations = notification.Messages.Where(message => message.Previous is null).Select(message => message.Topic).OfType<TopicId>().ToHashSet();
        if (conversations.Count == 0)
            return Task.CompletedTask;
        lock (_gate)
        {
            if (_spokenIn.TryGetValue(notification.Room, out var waiting))
            {
                waiting.UnionWith(conversations);
                return Task.CompletedTask;
            }

            _spokenIn[notification.Room] = conversations;
        }

        _ = ConcludeSoonAsync(notification.Room);
        return Task.CompletedTask;
    }

    private HashSet<TopicId> Take(RoomId room)
    {
        lock (_gate)
            return _spokenIn.Remove(room, out var conversations) ? conversations : [];
    }

    private async Task ConcludeSoonAsync(RoomId room)
    {
        await Task.Delay(Gathering, time, CancellationToken.None);
        try
        {
            using var held = await leases.EnterAsync(room, CancellationToken.None);
            var spokenIn = Take(room);

            // Another node classifies this room now, and hears of its next lines.
            if (held is null)
                return;
            var changed = await outcomes.ConcludeAsync(room, await topics.ListAsync(TopicsOfRoom.WithIds(room, spokenIn), CancellationToken.None), CancellationToken.None);
            if (changed.Count > 0 && !await topics.SaveAssignmentsAsync(held.Lease, [], changed, CancellationToken.None))
                held.MarkLost();
        }
#pragma warning disable CA1031 // nobody awaits this
        catch (Exception failure)
#pragma warning restore CA1031
        {
            Take(room);
            log.LogError(failure, "The outcomes of room {Room} could not be found", room.Value);
        }
    }
}
