using AIChat.Domain.Topics;

namespace AIChat.Application.Topics;

/// <summary>What filing a message decided: the verdict, and the topics that it opened.</summary>
public sealed record OnlineAssignments(IReadOnlyList<TopicAssignment> Assignments, IReadOnlyList<Topic> Opened);

/// <summary>
/// Follows one room: a linker that has seen its newest messages, and which topic each of the linker's conversation numbers stands for. Not thread-safe: it
/// belongs to whoever holds the room's lease.
/// </summary>
public sealed class OnlineClassifier
{
    // Then it starts afresh from the newest messages, so that its lists stay short.
    private const int MaxLines = 20_000;

    /// <summary>A model that takes longer is not waited for: the line is filed by its words, and the next look at the room has its vector.</summary>
    private static readonly TimeSpan EncoderTimeout = TimeSpan.FromSeconds(2);

    private readonly Lease lease;
    private readonly ILinker linker;
    private readonly IMessageEmbedder embedder;
    private readonly RoomEmbeddings roomVectors;
    private readonly EmbeddingModel? model;
    private readonly ITopicNamer namer;
    private readonly IIdGenerator ids;
    private readonly List<MessageId> lines = [];
    private readonly Dictionary<MessageId, int> lineOf = [];
    private readonly Dictionary<int, TopicId> topicOf = [];
    private readonly Dictionary<TopicId, TopicId> parentOf = [];
    private readonly HashSet<string> nicknames = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<TopicLevel, HashSet<string>> names = Enum.GetValues<TopicLevel>().ToDictionary(level => level, _ => new HashSet<string>(StringComparer.OrdinalIgnoreCase));
    private long nextSeq;

    private OnlineClassifier(Lease lease, RoomId room, long nextSeq, ILinkerFactory linkers, IMessageEmbedder embedder, RoomEmbeddings roomVectors, ITopicNamer namer, IIdGenerator ids)
    {
        this.lease = lease;
        this.embedder = embedder;
        this.roomVectors = roomVectors;
        model = roomVectors.FindModel();
        this.namer = namer;
        this.ids = ids;
        this.nextSeq = nextSeq;
        linker = linkers.Start();
        Room = room;
    }

    public RoomId Room { get; }

    internal static async Task<OnlineClassifier> StartAsync(
        Lease lease,
        RoomId room,
        long nextSeq,
        ILinkerFactory linkers,
        IMessageEmbedder embedder,
        RoomEmbeddings roomVectors,
        ITopicNamer namer,
        IMessageRepository messages,
        ITopicRepository topics,
        IIdGenerator ids,
        CancellationToken cancellation)
    {
        var follower = new OnlineClassifier(lease, room, nextSeq, linkers, embedder, roomVectors, namer, ids);
        foreach (var topic in await topics.ListAsync(TopicsOfRoom.All(room), cancellation))
        {
            follower.names[topic.Level].Add(topic.Name);
            if (topic.ParentId is { } parent)
                follower.parentOf[topic.Id] = parent;
        }

        var past = await messages.ListAsync(MessagesOfRoom.Before(room, nextSeq, linkers.Context), cancellation);
        var senses = await roomVectors.FindAsync(room, past, cancellation);
        var numbers = new Dictionary<TopicId, int>();
        foreach (var message in past.Reverse().Where(message => !message.IsDeleted))
        {
            var number = -1;
            if (message.TopicId is { } topic && !numbers.TryGetValue(topic, out number))
            {
                number = numbers[topic] = numbers.Count;
                follower.topicOf[number] = topic;
            }

            follower.linker.Observe(follower.TakeIn(message, message.NgramProfile, senses.GetValueOrDefault(message.Id)), number);
        }

        return follower;
    }

    /// <summary>Whether it stands just before this message, under this lease, and with vectors of this model.</summary>
    internal bool Follows(Lease current, long seq, EmbeddingModel? currentModel) => currentModel == model && current.Key == lease.Key && current.Epoch == lease.Epoch && seq == nextSeq && lines.Count < MaxLines;

    /// <summary>Files the next messages of the room, in their order. They count as filed from now on: throw the follower away if the store does not take them.</summary>
    public async Task<OnlineAssignments> FileAsync(IReadOnlyList<Message> next, CancellationToken cancellation)
    {
        var verdicts = new List<TopicAssignment>(next.Count);
        var opened = new List<Topic>();
        var present = next.Where(message => !message.IsDeleted).ToList();
        var vectors = (await embedder.EmbedAsync([.. present.Select(message => message.Content!)], cancellation)).Zip(present).ToDictionary(pair => pair.Second.Id, pair => pair.First);
        var senses = await SensesAsync(present, cancellation);
        foreach (var message in next)
        {
            verdicts.Add(message.IsDeleted ? new TopicAssignment(message.Id, null, null, null) : File(message, vectors[message.Id], senses.GetValueOrDefault(message.Id), opened));
            nextSeq = message.Seq + 1;
        }

        return new OnlineAssignments(verdicts, opened);
    }

    /// <summary>Sentence vectors of what was just said. Imported lines wait for the look at the whole room that follows an import: a model cannot keep up with a file.</summary>
    private async Task<IReadOnlyDictionary<MessageId, float[]>> SensesAsync(List<Message> present, CancellationToken cancellation)
    {
        var said = present.Where(message => message.ImportedBy is null).ToList();
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        patience.CancelAfter(EncoderTimeout);
        try
        {
            return (await roomVectors.MakeAsync(Room, said, patience.Token)).Vectors;
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return new Dictionary<MessageId, float[]>();
        }
    }

    private TopicAssignment File(Message message, byte[] vector, float[]? sense, List<Topic> opened)
    {
        var verdict = linker.Link(TakeIn(message, vector, sense));
        MessageId? linkTo = verdict.Antecedent is { } line ? lines[line] : null;
        if (verdict.Conversation < 0)
            return new TopicAssignment(message.Id, null, linkTo, vector);
        if (!topicOf.TryGetValue(verdict.Conversation, out var topic))
            topic = topicOf[verdict.Conversation] = Open(message, verdict.SimilarConversation, opened);
        return new TopicAssignment(message.Id, topic, linkTo, vector) { Margin = verdict.Margin };
    }

    // A new conversation has a name and themes at once: those of its kin where it has one, else its own. Re-classification finds better ones.
    private TopicId Open(Message first, int? kin, List<Topic> opened)
    {
        TopicId parent;
        if (kin is { } number && topicOf.TryGetValue(number, out var relative) && parentOf.TryGetValue(relative, out var shared))
            parent = shared;
        else
            parent = Add(TopicLevel.Mid, Add(TopicLevel.Low, null));
        return Add(TopicLevel.High, parent);

        TopicId Add(TopicLevel level, TopicId? above)
        {
            var name = namer.Name([[first.Content!]], nicknames, names[level])[0];
            var topic = Topic.Open(new TopicId(ids.New()), Room, level, above, name);
            names[level].Add(topic.Name);
            if (above is { } theme)
                parentOf[topic.Id] = theme;
            opened.Add(topic);
            return topic.Id;
        }
    }

    private ChatLine TakeIn(Message message, byte[]? vector, float[]? sense)
    {
        nicknames.Add(message.Nickname);
        int? replyTo = message.ReplyTo is { } answered && lineOf.TryGetValue(answered, out var line) ? line : null;
        lineOf[message.Id] = lines.Count;
        lines.Add(message.Id);
        return new ChatLine(message.SpeakerKey, message.Nickname, message.Content!, message.CreatedAt, replyTo) { NgramProfile = vector, Embedding = sense };
    }
}
