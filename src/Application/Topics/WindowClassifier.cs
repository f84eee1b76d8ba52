using AIChat.Domain.Topics;

namespace AIChat.Application.Topics;

/// <summary>Classifies a window and compares the outcome with what is stored.</summary>
internal sealed class WindowClassifier(IConversationClassifier classifier, IDisentangler disentangler, ITopicNamer namer, IDriftDetector drift, ITopicRepository topics, IIdGenerator ids)
{
    public async Task<ReassignedWindow> ClassifyAsync(RoomId room, ReclassificationWindow window, CancellationToken cancellation)
    {
        var known = window.Messages.Any(message => message.TopicId is not null) ? await topics.ListAsync(TopicsOfRoom.All(room), cancellation) : [];
        var found = await classifier.ClassifyAsync(window.Lines(), ClassificationMode.Full, null, cancellation);
        return new ReassignedWindow(window, known, found, room, ids, namer, drift);
    }

    /// <summary>Has a language model find the conversations, at the expense of the room's owner. The themes are then those of its conversations.</summary>
    /// <returns>Null where it filed nothing; and the number of the last message that it was asked for.</returns>
    public async Task<(ReassignedWindow? Reassigned, long UpTo)> ClassifyByModelAsync(Room room, ReclassificationWindow window, CancellationToken cancellation)
    {
        var lines = window.Lines();
        var offline = await classifier.ClassifyAsync(lines, ClassificationMode.Full, null, cancellation);
        var found = await disentangler.DisentangleAsync(new DisentanglementRequest(room.Id, room.CreatedBy, lines, window.Context, offline.High), cancellation);
        var upTo = found.UpTo < lines.Count ? window.Messages[found.UpTo].Seq - 1 : window.Messages[^1].Seq;
        if (found.Filed == 0)
            return (null, upTo);
        var themed = await classifier.ClassifyAsync([.. lines.Select((line, at) => line with { Conversation = found.Conversations[at] })], ClassificationMode.Full, null, cancellation);
        var filed = themed with
        {
            Links = [.. offline.Links.Select((link, at) => link is { } earlier && themed.High[at] >= 0 && themed.High[earlier] == themed.High[at] ? link : themed.Links[at])],
            Titles = found.Titles,
            Outcomes = found.Outcomes,
        };
        var known = window.Messages.Any(message => message.TopicId is not null) ? await topics.ListAsync(TopicsOfRoom.All(room.Id), cancellation) : [];
        return (new ReassignedWindow(window, known, filed, room.Id, ids, namer, drift), upTo);
    }
}
