using AIChat.Domain.Messages;
using AIChat.Domain.Rooms;
using AIChat.Domain.Topics;
using AIChat.Infrastructure.Persistence.Common;
using Ardalis.Specification;
using Microsoft.EntityFrameworkCore;

namespace AIChat.Infrastructure.Persistence.Sqlite;

internal sealed class SqliteTopicRepository(SqliteDatabase database, SqliteWriter writer) : ITopicRepository
{
    public Task<IReadOnlyList<Topic>> ListAsync(ISpecification<Topic> specification, CancellationToken cancellation) => database.ReadAsync<IReadOnlyList<Topic>>(async context =>
    {
        return await context.Topics.Apply(specification).ToListAsync(cancellation);
    });

    public Task<bool> SaveAssignmentsAsync(Lease lease, IReadOnlyList<TopicAssignment> assignments, IReadOnlyCollection<Topic> topics, CancellationToken cancellation)
        => writer.WriteInBackgroundAsync(async context =>
        {
            if (!IsHeld(context, lease))
                return false;
            await SaveTopicsAsync(context, topics, namesStand: false);
            await context.SaveChangesAsync(CancellationToken.None);
            TopicAssignmentWrites.Assign(context, assignments);
            return true;
        });

    public Task<bool> CorrectAsync(Lease lease, Correction correction, IReadOnlyList<TopicAssignment> assignments, IReadOnlyCollection<Topic> topics, CancellationToken cancellation)
        => writer.WriteAsync(async context =>
        {
            if (!IsHeld(context, lease))
                return false;
            if (await context.Corrections.AnyAsync(stored => stored.Id == correction.Id, CancellationToken.None))
                context.Update(correction);
            else
                context.Add(correction);
            await SaveTopicsAsync(context, topics, namesStand: true);
            await context.SaveChangesAsync(CancellationToken.None);
            TopicAssignmentWrites.Assign(context, assignments);
            await TopicCounts.RecountAsync(context, correction.RoomId.Value, [.. correction.Conversations().Select(topic => topic.Value)]);
            return true;
        });

    public Task<bool> RecountAsync(Lease lease, CancellationToken cancellation) => writer.WriteInBackgroundAsync(async context =>
    {
        if (!IsHeld(context, lease))
            return false;
        await TopicCounts.RecountAsync(context, RoomLease.RoomOf(lease).Value, null);
        return true;
    });

    public Task ForgetAsync(Message deleted, CancellationToken cancellation) => writer.WriteAsync(context =>
    {
        if (deleted.TopicId is { } topic)
            TopicAssignmentWrites.Forget(context, topic);
        return Task.FromResult(true);
    });

    public Task ForgetOutcomeAsync(RoomId room, TopicId conversation, CancellationToken cancellation) => writer.WriteAsync(async context =>
    {
        foreach (var stored in await context.Topics.Where(topic => topic.Id == conversation && topic.RoomId == room).ToListAsync(CancellationToken.None))
            stored.Conclude(null);
        return await context.SaveChangesAsync(CancellationToken.None);
    });

    public Task<IReadOnlyDictionary<TopicId, IReadOnlyList<Participant>>> ParticipantsAsync(RoomId room, IReadOnlyCollection<Topic> topics, CancellationToken cancellation)
        => database.ReadAsync<IReadOnlyDictionary<TopicId, IReadOnlyList<Participant>>>(async context =>
        {
            var under = new List<(TopicId Topic, TopicId Conversation)>();
            foreach (var topic in topics)
            {
                foreach (var conversation in await ConversationsAsync(context, room, topic.Id, topic.Level, cancellation))
                    under.Add((topic.Id, conversation));
            }

            var conversations = under.Select(pair => pair.Conversation).Distinct().ToList();
            var topicIds = conversations.Select(id => (TopicId?)id).ToList();
            var shares = await context.Messages
                .Where(message => message.RoomId == room && topicIds.Contains(message.TopicId) && message.DeletedAt == null)
                .GroupBy(message => new { message.TopicId, message.UserId, message.Nickname })
                .Select(group => new { group.Key.TopicId, group.Key.UserId, group.Key.Nickname, Count = group.LongCount(), Last = group.Max(message => message.Seq) })
                .ToListAsync(cancellation);
            var byConversation = shares.Select(share => new NicknameShare(share.TopicId!.Value, share.UserId, share.Nickname, share.Count, share.Last)).ToLookup(share => share.Conversation);
            return under.GroupBy(pair => pair.Topic).ToDictionary(group => group.Key, group => Participant.Merge(group.SelectMany(pair => byConversation[pair.Conversation])));
        });

    public Task<IReadOnlyList<TopicId>> ConversationsUnderAsync(RoomId room, TopicId topic, CancellationToken cancellation) => database.ReadAsync<IReadOnlyList<TopicId>>(async context =>
    {
        var found = await context.Topics.FirstOrDefaultAsync(stored => stored.Id == topic && stored.RoomId == room, cancellation);
        return found is null ? [] : await ConversationsAsync(context, room, topic, found.Level, cancellation);
    });

    public Task<ReclassifiedUpTo> ReclassifiedUpToAsync(RoomId room, CancellationToken cancellation) => database.ReadAsync(async context =>
    {
        return await context.Reclassified.FirstOrDefaultAsync(row => row.RoomId == room, cancellation) is { } upTo ? new ReclassifiedUpTo(upTo.Seq, upTo.Rev) : default;
    });

    public Task SetReclassifiedUpToAsync(RoomId room, ReclassifiedUpTo upTo, CancellationToken cancellation) => writer.WriteAsync(async context =>
    {
        var row = await context.Reclassified.FirstOrDefaultAsync(stored => stored.RoomId == room, CancellationToken.None);
        if (row is null)
            context.Add(row = new ReclassifiedRow { RoomId = room });
        (row.Seq, row.Rev) = (upTo.Seq, upTo.Rev);
        return await context.SaveChangesAsync(CancellationToken.None);
    });

    public Task<IReadOnlyList<RoomId>> RoomsToReclassifyAsync(CancellationToken cancellation) => database.ReadAsync<IReadOnlyList<RoomId>>(async context =>
    {
        return await context.Rooms
            .Where(room => (room.LastSeq > 0 || room.Rev > 0) && !context.Reclassified.Any(upTo => upTo.RoomId == room.Id && upTo.Seq >= room.LastSeq && upTo.Rev >= room.Rev))
            .Select(room => room.Id)
            .ToListAsync(cancellation);
    });

    private static bool IsHeld(AIChatDbContext context, Lease lease) => context.Prepared(
        """SELECT 1 FROM leases WHERE "Key" = @key AND "Holder" = @holder AND "Epoch" = @epoch""",
        ("@key", lease.Key), ("@holder", lease.Holder), ("@epoch", lease.Epoch)).ExecuteScalar() is not null;

    /// <param name="context">The writer's context.</param>
    /// <param name="topics">New and known topics.</param>
    /// <param name="namesStand">Whether known topics take the given names; if not, a name that a person gave stays (see <see cref="Topic.Naming"/>).</param>
    private static async Task SaveTopicsAsync(AIChatDbContext context, IReadOnlyCollection<Topic> topics, bool namesStand)
    {
        if (topics.Count == 0)
            return;
        var ids = topics.Select(topic => topic.Id).ToList();
        var known = await context.Topics.Where(topic => ids.Contains(topic.Id)).ToDictionaryAsync(topic => topic.Id, CancellationToken.None);
        foreach (var topic in topics)
        {
            if (!known.TryGetValue(topic.Id, out var stored))
            {
                context.Add(topic);
                continue;
            }

            // The given counters may be old.
            var kept = namesStand || (stored.NameSource != NameSource.User && topic.NameSource != NameSource.User) ? Topic.Counters : [.. Topic.Counters, .. Topic.Naming];
            foreach (var property in context.Entry(stored).Properties.Where(property => !property.Metadata.IsPrimaryKey() && !kept.Contains(property.Metadata.Name)))
                property.CurrentValue = property.Metadata.GetGetter().GetClrValue(topic);
        }
    }

    private static async Task<List<TopicId>> ConversationsAsync(AIChatDbContext context, RoomId room, TopicId topic, TopicLevel level, CancellationToken cancellation) => level switch
    {
        TopicLevel.High => [topic],
        TopicLevel.Mid => await context.Topics.Where(high => high.RoomId == room && high.ParentId == topic).Select(high => high.Id).ToListAsync(cancellation),
        TopicLevel.Low => await context.Topics.Where(high => high.RoomId == room && context.Topics.Any(mid => mid.ParentId == topic && high.ParentId == mid.Id))
            .Select(high => high.Id).ToListAsync(cancellation),
    };
}
