using AIChat.Domain.Topics;

namespace AIChat.Application.Topics;

/// <summary>Classifies a window and compares the outcome with what is stored.</summary>
internal sealed class WindowClassifier(IConversationClassifier classifier, ITopicNamer namer, IDriftDetector drift, ITopicRepository topics, IIdGenerator ids)
{
    public async Task<ReassignedWindow> ClassifyAsync(RoomId room, ReclassificationWindow window, CancellationToken cancellation)
    {
        var known = window.Messages.Any(message => message.TopicId is not null) ? await topics.ListAsync(TopicsOfRoom.All(room), cancellation) : [];
        var found = await classifier.ClassifyAsync(window.Lines(), ClassificationMode.Full, null, cancellation);
        return new ReassignedWindow(window, known, found, room, ids, namer, drift);
    }
}
