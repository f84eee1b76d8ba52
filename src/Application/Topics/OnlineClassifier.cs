using AIChat.Domain.Topics;

namespace AIChat.Application.Topics;

/// <summary>The outcome of an online classification: an assignment for each message, and the topics that were opened.</summary>
public sealed record OnlineAssignments(IReadOnlyList<TopicAssignment> Assignments, IReadOnlyList<Topic> Opened);

/// <summary>
/// Classifies one room message by message: a linker that has observed the room's newest messages, and the topic of each of the linker's conversation numbers. Not
/// thread-safe: only the holder of the room's lease uses it.
/// </summary>
public sealed class OnlineClassifier
{
    // After that many lines it is replaced by one that starts from the newest messages, which bounds its lists.
    private const int MaxLines = 20_000;

    /// <summary>After this timeout a message is classified without its embedding; re-classification adds it.</summary>
    private static readonly TimeSpan EncoderTimeout = TimeSpan.FromSeconds(2);

    private readonly Lease _lease;
    private readonly ILinker _linker;
    private readonly IMessageEmbedder _embedder;
    private readonly RoomEmbeddings _embeddings;
    private readonly EmbeddingModel? _model;
    private readonly ITopicNamer _namer;
    private readonly IIdGenerator _ids;
    private readonly List<MessageId> _lines = [];
    private readonly Dictionary<MessageId, int> _lineOf = [];
    private readonly Dictionary<int, TopicId> _topicOf = [];
    private readonly Dictionary<TopicId, TopicId> _parentOf = [];
    private readonly HashSet<string> _nicknames = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<TopicLevel, HashSet<string>> _names = Enum.GetValues<TopicLevel>().ToDictionary(level => level, _ => new HashSet<string>(StringComparer.OrdinalIgnoreCase));
    private long _nextSeq;

    private OnlineClassifier(Lease lease, RoomId room, long nextSeq, ILinkerFactory linkers, IMessageEmbedder embedder, RoomEmbeddings embeddings, ITopicNamer namer, IIdGenerator ids)
    {
        _lease = lease;
        _embedder = embedder;
        _embeddings = embeddings;
        _model = embeddings.FindModel();
        _namer = namer;
        _ids = ids;
        _nextSeq = nextSeq;
        _linker = linkers.Start();
        Room = room;
    }

    public RoomId Room { get; }

    internal static async Task<OnlineClassifier> StartAsync(
        Lease lease,
        RoomId room,
        long nextSeq,
        ILinkerFactory linkers,
        IMessageEmbedder embedder,
        RoomEmbeddings embeddings,
        ITopicNamer namer,
        IMessageRepository messages,
        ITopicRepository topics,
        IIdGenerator ids,
        CancellationToken cancellation)
    {
        var classifier = new OnlineClassifier(lease, room, nextSeq, linkers, embedder, embeddings, namer, ids);
        foreach (var topic in await topics.ListAsync(TopicsOfRoom.All(room), cancellation))
        {
            classifier._names[topic.Level].Add(topic.Name);
            if (topic.ParentId is { } parent)
                classifier._parentOf[topic.Id] = parent;
        }

        var past = await messages.ListAsync(MessagesOfRoom.Before(room, nextSeq, linkers.Context), cancellation);
        var known = await embeddings.FindAsync(room, past, cancellation);
        var numbers = new Dictionary<TopicId, int>();
        foreach (var message in past.Reverse().Where(message => !message.IsDeleted))
        {
            var number = -1;
            if (message.TopicId is { } topic && !numbers.TryGetValue(topic, out number))
            {
                number = numbers[topic] = numbers.Count;
                classifier._topicOf[number] = topic;
            }

            classifier._linker.Observe(classifier.LineOf(message, message.NgramProfile, known.GetValueOrDefault(message.Id)), number);
        }

        return classifier;
    }

    /// <summary>Whether it has observed everything before this message, under this lease and with embeddings of this model.</summary>
    internal bool IsAt(Lease current, long seq, EmbeddingModel? model)
        => model == _model && current.Key == _lease.Key && current.Epoch == _lease.Epoch && seq == _nextSeq && _lines.Count < MaxLines;

    /// <summary>Assigns the room's next messages, in their order. Discard the classifier if the store rejects the outcome: it has observed them already.</summary>
    public async Task<OnlineAssignments> AssignAsync(IReadOnlyList<Message> next, CancellationToken cancellation)
    {
        var assignments = new List<TopicAssignment>(next.Count);
        var opened = new List<Topic>();
        var present = next.Where(message => !message.IsDeleted).ToList();
        var profiles = (await _embedder.EmbedAsync([.. present.Select(message => message.Content!)], cancellation)).Zip(present).ToDictionary(pair => pair.Second.Id, pair => pair.First);
        var embeddings = await EmbeddingsAsync(present, cancellation);
        foreach (var message in next)
        {
            assignments.Add(message.IsDeleted ? new TopicAssignment(message.Id, null, null, null) : Assign(message, profiles[message.Id], embeddings.GetValueOrDefault(message.Id), opened));
            _nextSeq = message.Seq + 1;
        }

        return new OnlineAssignments(assignments, opened);
    }

    /// <summary>Embeddings of the messages that people sent. Imported ones wait for the re-classification after their import: an encoder cannot keep up with a file.</summary>
    private async Task<IReadOnlyDictionary<MessageId, float[]>> EmbeddingsAsync(List<Message> present, CancellationToken cancellation)
    {
        var sent = present.Where(message => message.ImportedBy is null).ToList();
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        timeout.CancelAfter(EncoderTimeout);
        try
        {
            return (await _embeddings.MakeAsync(Room, sent, timeout.Token)).Vectors;
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return new Dictionary<MessageId, float[]>();
        }
    }

    private TopicAssignment Assign(Message message, byte[] profile, float[]? embedding, List<Topic> opened)
    {
        var decision = _linker.Link(LineOf(message, profile, embedding));
        MessageId? linkTo = decision.Antecedent is { } line ? _lines[line] : null;
        if (decision.Conversation < 0)
            return new TopicAssignment(message.Id, null, linkTo, profile);
        if (!_topicOf.TryGetValue(decision.Conversation, out var topic))
            topic = _topicOf[decision.Conversation] = Open(message, decision.SimilarConversation, opened);
        return new TopicAssignment(message.Id, topic, linkTo, profile) { Margin = decision.Margin };
    }

    // A new conversation has a name and themes at once: the themes of a similar conversation if there is one, otherwise new ones. Re-classification improves both.
    private TopicId Open(Message first, int? similar, List<Topic> opened)
    {
        TopicId parent;
        if (similar is { } number && _topicOf.TryGetValue(number, out var conversation) && _parentOf.TryGetValue(conversation, out var shared))
            parent = shared;
        else
            parent = Add(TopicLevel.Mid, Add(TopicLevel.Low, null));
        return Add(TopicLevel.High, parent);

        TopicId Add(TopicLevel level, TopicId? above)
        {
            var name = _namer.Name([[first.Content!]], _nicknames, _names[level])[0];
            var topic = Topic.Open(new TopicId(_ids.New()), Room, level, above, name);
            _names[level].Add(topic.Name);
            if (above is { } theme)
                _parentOf[topic.Id] = theme;
            opened.Add(topic);
            return topic.Id;
        }
    }

    /// <summary>The message as the linker's next line.</summary>
    private ChatLine LineOf(Message message, byte[]? profile, float[]? embedding)
    {
        _nicknames.Add(message.Nickname);
        int? replyTo = message.ReplyTo is { } answered && _lineOf.TryGetValue(answered, out var line) ? line : null;
        _lineOf[message.Id] = _lines.Count;
        _lines.Add(message.Id);
        return ChatLine.Of(message, embedding) with { ReplyTo = replyTo, NgramProfile = profile };
    }
}
