using System.Text.Json;
using AIChat.Application.Common;
using AIChat.Application.Jobs;
using AIChat.Domain.Jobs;
using AIChat.Domain.Topics;

namespace AIChat.Application.Topics;

/// <summary>
/// Looks at a room again, many messages at once, and files better what was filed live: corrects links, rebuilds the themes, names everything. Topics keep their
/// ids by overlap, and whatever people corrected stays. Run twice on the same room it changes nothing the second time.
/// </summary>
public sealed record ReclassifyRoom(Job Job) : IRequest<Result<Nothing>>;

/// <summary>A conversation turned to something else, from this message on: an offer to split it there.</summary>
public sealed record TopicDrifted(RoomId Room, TopicId Topic, MessageId From) : INotification;

internal sealed class ReclassifyRoomHandler(
    IConversationClassifier classifier,
    ITopicNamer namer,
    IDriftDetector drift,
    IRoomRepository rooms,
    IMessageRepository messages,
    ITopicRepository topics,
    ICorrectionRepository corrections,
    IUserRepository users,
    RoomEmbeddings roomVectors,
    IEmbeddingRepository vectors,
    IJobRepository jobs,
    RoomLeases leases,
    OnlineClassifierCache followers,
    IIdGenerator ids,
    TimeProvider time,
    EventPublisher announcer)
    : IRequestHandler<ReclassifyRoom, Result<Nothing>>
{
    // Windows lie on a fixed grid, so that the same room is cut in the same way each time.
    internal const int WindowSize = 5_000;
    private const int ContextSize = 1_000;
    private const int SaveBatch = 100;
    private const int EmbedBatch = 200;
    private const int MaxAnnounced = 500;

    private static readonly TimeSpan OnlineClassificationTimeout = TimeSpan.FromMinutes(10);

    public async Task<Result<Nothing>> Handle(ReclassifyRoom request, CancellationToken cancellationToken)
    {
        var job = request.Job;
        var room = job.RoomId;
        job.Start();
        await jobs.SaveAsync(job, cancellationToken);

        var upTo = await OnlineClassificationAsync(room, cancellationToken);
        var last = await topics.ReclassifiedUpToAsync(room, cancellationToken);
        var from = JsonSerializer.Deserialize<ReclassifyInput>(job.Input)!.Whole ? 1 : await FirstChangedAsync(room, last, cancellationToken);
        var start = ((from - 1) / WindowSize * WindowSize) + 1;
        for (var first = start; first <= upTo.Seq; first += WindowSize)
        {
            while (!await ReassignAsync(room, first, Math.Min(first + WindowSize - 1, upTo.Seq), cancellationToken))
            {
            }

            job.Advance(Math.Min(first + WindowSize - 1, upTo.Seq) - start + 1, Math.Max(0, upTo.Seq - start + 1), null);
            await jobs.SaveAsync(job, cancellationToken);
        }

        using (var held = await HoldAsync(room, cancellationToken))
        {
            await topics.RecountAsync(held.Lease, cancellationToken);
            followers.Forget(room);
        }

        await topics.SetReclassifiedUpToAsync(room, upTo, cancellationToken);
        job.Succeed(time.GetUtcNow());
        await jobs.SaveAsync(job, cancellationToken);
        await announcer.PublishAsync(new MessagesAssigned(room, [], SetChanged: true));
        return Nothing.Instance;
    }

    /// <summary>Waits until what was there at the start is filed, and says up to where that is.</summary>
    private async Task<ReclassifiedUpTo> OnlineClassificationAsync(RoomId room, CancellationToken cancellation)
    {
        var (end, rev) = await rooms.FindAsync(room, cancellation) is { } known ? (known.LastSeq, known.Rev) : (0, 0);
        var started = time.GetTimestamp();
        while (true)
        {
            var waiting = await messages.ListAsync(MessagesOfRoom.Unclassified(room, 1), cancellation);
            if (waiting.Count == 0 || waiting[0].Seq > end)
                return new ReclassifiedUpTo(end, rev);
            if (time.GetElapsedTime(started) > OnlineClassificationTimeout)
                return new ReclassifiedUpTo(waiting[0].Seq - 1, rev);
            await Task.Delay(TimeSpan.FromMilliseconds(200), time, cancellation);
        }
    }

    private async Task<long> FirstChangedAsync(RoomId room, ReclassifiedUpTo last, CancellationToken cancellation)
    {
        var first = last.Seq + 1;
        for (var rev = last.Rev; ;)
        {
            var changes = await messages.ChangedAfterAsync(room, rev, 500, cancellation);
            if (changes.Messages.Count == 0)
                return first;
            first = Math.Min(first, changes.Messages.Min(message => message.Seq));
            rev = changes.Rev;
        }
    }

    private async Task<Window> ReadAsync(RoomId room, long first, long end, IReadOnlyList<Correction> inForce, CancellationToken cancellation)
    {
        var found = new List<Message>();
        for (var after = Math.Max(0, first - 1 - ContextSize); after < end;)
        {
            var page = await messages.ListAsync(MessagesOfRoom.After(room, after, (int)Math.Min(500, end - after)), cancellation);
            if (page.Count == 0)
                break;
            after = page[^1].Seq;
            found.AddRange(page.Where(message => !message.IsDeleted && message.Seq <= end));
        }

        return new Window(found, found.TakeWhile(message => message.Seq < first).Count(), Correction.Bindings(inForce))
        {
            Embeddings = await EmbeddingsAsync(room, found, cancellation),
            ExcludedFromAi = await users.ExcludedFromAiAsync([.. found.Select(message => message.UserId).OfType<UserId>().Distinct()], cancellation),
        };
    }

    /// <summary>The lines' sentence vectors; what live filing had no time for is made now.</summary>
    private async Task<IReadOnlyDictionary<MessageId, float[]>> EmbeddingsAsync(RoomId room, List<Message> found, CancellationToken cancellation)
    {
        var (senses, areAll) = (new Dictionary<MessageId, float[]>(), true);
        foreach (var batch in found.Chunk(EmbedBatch))
        {
            var (made, complete) = await roomVectors.MakeAsync(room, batch, cancellation);
            areAll &= complete;
            foreach (var (id, sense) in made)
                senses[id] = sense;
        }

        // Whoever lets a model see all of a room has to come here again.
        if (!areAll)
            await vectors.SetSeenAsync(room, null, cancellation);
        return senses;
    }

    /// <returns>False when somebody corrected topics meanwhile: then nothing was written, and it is to be looked at again.</returns>
    private async Task<bool> ReassignAsync(RoomId room, long first, long end, CancellationToken cancellation)
    {
        var inForce = await corrections.ListAsync(CorrectionsOfRoom.InForce(room), cancellation);
        var window = await ReadAsync(room, first, end, inForce, cancellation);
        if (window.Messages.Count == window.Context)
            return true;
        var known = await KnownTopicsAsync(room, window, cancellation);
        var found = await classifier.ClassifyAsync(LinesOf(window), ClassificationMode.Full, null, cancellation);
        var refiled = new ReassignedWindow(window, known, found, room, ids, namer, drift);

        using var held = await HoldAsync(room, cancellation);
        var now = await corrections.ListAsync(CorrectionsOfRoom.InForce(room), cancellation);
        if (!now.Select(correction => correction.Id).SequenceEqual(inForce.Select(correction => correction.Id)))
            return false;
        followers.Forget(room);
        // Topics first, before anything is filed under them.
        await SaveAsync(held, [], refiled.ChangedTopics, cancellation);
        foreach (var batch in refiled.ChangedVerdicts.Chunk(SaveBatch))
            await SaveAsync(held, batch, [], cancellation);

        var moved = refiled.Moved.Take(MaxAnnounced + 1).ToList();
        await announcer.PublishAsync(new MessagesAssigned(room, moved.Count > MaxAnnounced ? [] : moved, refiled.ChangedTopics.Count > 0));
        foreach (var drifted in refiled.Drifted)
            await announcer.PublishAsync(drifted);
        return true;
    }

    private async Task SaveAsync(RoomLeaseHandle held, IReadOnlyList<TopicAssignment> verdicts, IReadOnlyCollection<Topic> changed, CancellationToken cancellation)
    {
        if ((verdicts.Count == 0 && changed.Count == 0) || await topics.SaveAssignmentsAsync(held.Lease, verdicts, changed, cancellation))
            return;
        held.Lost();
        throw new LeaseLostException();
    }

    private static List<ChatLine> LinesOf(Window window)
    {
        var lines = new List<ChatLine>(window.Messages.Count);
        var indexOf = new Dictionary<MessageId, int>();
        var numbers = new Dictionary<TopicId, int>();
        foreach (var message in window.Messages)
        {
            int? replyTo = message.ReplyTo is { } answered && indexOf.TryGetValue(answered, out var index) ? index : null;
            int? conversation = lines.Count < window.Context ? -1 : null;
            if (window.GivenTopic(lines.Count) is { } topic)
                conversation = numbers.TryGetValue(topic, out var number) ? number : numbers[topic] = numbers.Count;

            indexOf[message.Id] = lines.Count;
            lines.Add(window.LineOf(lines.Count) with { ReplyTo = replyTo, Conversation = conversation });
        }

        return lines;
    }

    private async Task<IReadOnlyList<Topic>> KnownTopicsAsync(RoomId room, Window window, CancellationToken cancellation)
        => window.Messages.Any(message => message.TopicId is not null) ? await topics.ListAsync(TopicsOfRoom.All(room), cancellation) : [];

    private async Task<RoomLeaseHandle> HoldAsync(RoomId room, CancellationToken cancellation)
    {
        while (true)
        {
            if (await leases.EnterAsync(room, cancellation) is { } held)
                return held;
            await Task.Delay(TimeSpan.FromMilliseconds(500), time, cancellation);
        }
    }
}

/// <summary>
/// Messages that are looked at together; the first <paramref name="Context"/> of them only to be seen. <paramref name="Bound"/> says where people put messages, by number.
/// </summary>
internal sealed record Window(IReadOnlyList<Message> Messages, int Context, IReadOnlyDictionary<long, TopicId> Bound)
{
    public IReadOnlyDictionary<MessageId, float[]> Embeddings { get; init; } = new Dictionary<MessageId, float[]>();

    /// <summary>Those of the authors who keep their messages from language models elsewhere.</summary>
    public IReadOnlySet<UserId> ExcludedFromAi { get; init; } = new HashSet<UserId>();

    /// <summary>A message by itself, as whatever looks at words sees it.</summary>
    public ChatLine LineOf(int line)
    {
        var message = Messages[line];
        return new ChatLine(message.SpeakerKey, message.Nickname, message.Content!, message.CreatedAt)
        {
            NgramProfile = message.NgramProfile,
            Embedding = Embeddings.GetValueOrDefault(message.Id),
            ExcludeFromAi = message.UserId is { } author && ExcludedFromAi.Contains(author),
        };
    }

    /// <summary>The topic that a line has whatever is found: the context's own, or what a person said; null: none.</summary>
    public TopicId? GivenTopic(int line)
        => Bound.TryGetValue(Messages[line].Seq, out var topic) ? topic : line < Context ? Messages[line].TopicId : null;
}
