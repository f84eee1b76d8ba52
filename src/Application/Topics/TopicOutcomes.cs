using AIChat.Domain.Topics;

namespace AIChat.Application.Topics;

/// <summary>Computes what conversations came to from their current messages. Nothing is stored here.</summary>
public sealed class TopicOutcomes(IMessageRepository messages, IOutcomeFinder finder)
{
    /// <summary>An outcome is looked for in the newest messages of a conversation; few of those that the finder learned from had more.</summary>
    private const int Newest = 40;

    /// <summary>Reads the messages of conversations and takes their outcomes from these.</summary>
    /// <param name="room">The room.</param>
    /// <param name="conversations">Conversations of the room, as they are stored.</param>
    /// <param name="cancellation">Stops reading.</param>
    /// <returns>The conversations whose outcome is another one now.</returns>
    public async Task<IReadOnlyList<Topic>> ConcludeAsync(RoomId room, IEnumerable<Topic> conversations, CancellationToken cancellation)
    {
        var changed = new List<Topic>();
        foreach (var conversation in conversations)
        {
            var said = await messages.ListAsync(MessagesOfRoom.Before(room, null, Newest, [conversation.Id]), cancellation);
            if (Conclude(conversation, said))
                changed.Add(conversation);
        }

        return changed;
    }

    /// <summary>Takes a conversation's outcome from its messages.</summary>
    /// <param name="conversation">The conversation.</param>
    /// <param name="said">Its messages, newest first; deleted ones say nothing.</param>
    /// <returns>Whether it is another one now.</returns>
    public bool Conclude(Topic conversation, IReadOnlyList<Message> said)
    {
        var there = said.Take(Newest).Where(message => !message.IsDeleted).Reverse().ToList();
        var before = conversation.Outcome;

        // A language model's stands until there is more to say, or what it cites is no longer here.
        if (before is { UpTo: > 0 } && there.Count > 0 && there[^1].Seq <= before.UpTo && before.Citations.All(cited => there.Exists(message => message.Id == cited)))
            return false;
        conversation.Conclude(finder.Find(there.ConvertAll(message => ChatLine.Of(message))) is { } found
            ? new TopicOutcome(found.Text, [.. found.Lines.Select(line => there[line].Id)])
            : null);
        return conversation.Outcome != before;
    }
}
