using AIChat.Application.Topics;
using AIChat.Domain.Summaries;
using AIChat.Domain.Topics;

namespace AIChat.Application.Summaries;

/// <summary>Reads the messages and topics that a summary covers.</summary>
internal sealed class SummaryReader(IRoomRepository rooms, IMessageRepository messages, ITopicRepository topics, IUserRepository users, ISummarizer summarizer)
{
    public async Task<SummaryScope> ReadAsync(SummaryRequest request, CancellationToken cancellation)
    {
        var found = (await messages.ListAsync(await QueryAsync(request, cancellation), cancellation)).Reverse().ToList();
        if (request.Period is { } period)
            found.RemoveAll(message => message.CreatedAt >= period.Until);
        return await ScopeAsync(request.Room, found, cancellation);
    }

    /// <summary>The same messages as they are now; deleted ones are left out.</summary>
    public async Task<SummaryScope> ReadAgainAsync(RoomId room, IReadOnlyCollection<string> ids, CancellationToken cancellation)
        => await ScopeAsync(room, await NotDeletedAsync(room, [.. ids.Select(id => new MessageId(id))], cancellation), cancellation);

    /// <summary>Those of the given messages that were edited or deleted since they were read.</summary>
    public async Task<IReadOnlyList<Message>> ChangedAsync(IReadOnlyList<Message> read, CancellationToken cancellation)
    {
        if (read.Count == 0)
            return [];
        var current = (await NotDeletedAsync(read[0].RoomId, [.. read.Select(message => message.Id)], cancellation)).Select(message => (message.Id, message.EditedAt)).ToHashSet();
        return [.. read.Where(message => !current.Contains((message.Id, message.EditedAt)))];
    }

    /// <summary>The conversations of these messages and the themes above them.</summary>
    public async Task<IReadOnlyDictionary<TopicId, Topic>> TreeAsync(RoomId room, IReadOnlyList<Message> of, CancellationToken cancellation)
        => (await TopicTree.OfAsync(of, room, topics, cancellation)).ToDictionary(topic => topic.Id);

    private async Task<List<Message>> NotDeletedAsync(RoomId room, IReadOnlyCollection<MessageId> ids, CancellationToken cancellation)
        => [.. (await messages.FindManyAsync(room, ids, cancellation)).Where(message => !message.IsDeleted).OrderBy(message => message.Seq)];

    private async Task<SummaryScope> ScopeAsync(RoomId room, List<Message> found, CancellationToken cancellation)
    {
        var all = found.Count;
        if (summarizer.IsRemote)
        {
            var excluded = await users.ExcludedFromAiAsync([.. found.Select(message => message.UserId).OfType<UserId>().Distinct()], cancellation);
            found.RemoveAll(message => message.UserId is { } author && excluded.Contains(author));
        }

        return new SummaryScope(found, all - found.Count, await TreeAsync(room, found, cancellation));
    }

    private async Task<MessagesOfRoom> QueryAsync(SummaryRequest request, CancellationToken cancellation)
    {
        if (request.Period is { } period)
            return MessagesOfRoom.NotDeleted(request.Room, 0, period.From, SummaryRequest.MaxSince);
        return request.Since switch
        {
            null => MessagesOfRoom.NotDeleted(request.Room, 0, null, request.HowMany ?? SummaryRequest.DefaultHowMany),
            SummaryRequest.Unread => MessagesOfRoom.NotDeleted(
                request.Room, (await rooms.ReadMarksAsync(request.By, [request.Room], cancellation)).GetValueOrDefault(request.Room), null, SummaryRequest.MaxSince),
            var since when SummaryRequest.TryParseTime(since, out var from) => MessagesOfRoom.NotDeleted(request.Room, 0, from, SummaryRequest.MaxSince),
            _ => throw new InvalidOperationException("The validator accepts no other value."),
        };
    }
}
