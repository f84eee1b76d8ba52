using System.Runtime.CompilerServices;
using AIChat.Application.Rooms;
using AIChat.Domain.Topics;

namespace AIChat.Application.Reads;

/// <summary>Exports a room's messages, oldest first, up to the newest one at the time of the call. Import reads the result.</summary>
public sealed record ExportRoom(RoomId Room, UserId By) : IRequest<Result<RoomExport>>;

/// <param name="ChannelName">The room's name.</param>
/// <param name="Lines">One for each message that is not deleted; read from the store in batches while it is enumerated.</param>
public sealed record RoomExport(string ChannelName, IAsyncEnumerable<ExportedLine> Lines);

/// <summary>A message and its topics. <paramref name="ReplyTo"/> and <paramref name="LinkTo"/> are ids of earlier lines: the author's explicit reply, and the classifier's link.</summary>
public sealed record ExportedLine(
    string Id, long Seq, string? UserId, string Nickname, string Content, DateTimeOffset CreatedAt, DateTimeOffset? EditedAt, string? ReplyTo, string? LinkTo, ExportedTopics? Topics);

public sealed record ExportedTopics(ExportedTopic? Low, ExportedTopic? Mid, ExportedTopic? High);

public sealed record ExportedTopic(string TopicId, string Name);

internal sealed class ExportRoomHandler(RoomAccess access, IMessageRepository messages, ITopicRepository topics) : IRequestHandler<ExportRoom, Result<RoomExport>>
{
    private const int Batch = 500;

    public async Task<Result<RoomExport>> Handle(ExportRoom request, CancellationToken cancellationToken)
    {
        if (!(await access.ToReadAsync(request.Room, request.By, cancellationToken)).Succeeded(out var room, out var refusal))
            return refusal;
        var known = (await topics.ListAsync(TopicsOfRoom.All(room.Id), cancellationToken)).ToDictionary(topic => topic.Id);
        return new RoomExport(room.Name, LinesAsync(room.Id, room.LastSeq, known, CancellationToken.None));
    }

    private async IAsyncEnumerable<ExportedLine> LinesAsync(RoomId room, long end, Dictionary<TopicId, Topic> known, [EnumeratorCancellation] CancellationToken cancellation)
    {
        for (var after = 0L; after < end;)
        {
            var page = await messages.ListAsync(MessagesOfRoom.After(room, after, Batch), cancellation);
            if (page.Count == 0)
                yield break;
            after = page[^1].Seq;
            foreach (var message in page.Where(message => !message.IsDeleted && message.Seq <= end))
            {
                yield return new ExportedLine(
                    message.Id.Value, message.Seq, message.UserId?.Value, message.Nickname, message.Content!, message.CreatedAt, message.EditedAt,
                    message.ReplyTo?.Value, message.LinkTo?.Value, TopicsOf(message.TopicId, known));
            }
        }
    }

    private static ExportedTopics? TopicsOf(TopicId? id, Dictionary<TopicId, Topic> known)
    {
        var high = Find(id);
        if (high is null)
            return null;
        var mid = Find(high.ParentId);
        return new ExportedTopics(Of(Find(mid?.ParentId)), Of(mid), Of(high));

        Topic? Find(TopicId? wanted) => wanted is { } key ? known.GetValueOrDefault(key) : null;

        static ExportedTopic? Of(Topic? topic) => topic is null ? null : new ExportedTopic(topic.Id.Value, topic.Name);
    }
}
