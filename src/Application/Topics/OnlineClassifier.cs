using AIChat.Domain.Topics;

namespace AIChat.Application.Topics;

/// <summary>The outcome of an online classification: an assignment for each message, the topics that were opened, and better names of topics that are stored.</summary>
public sealed record OnlineAssignments(IReadOnlyList<TopicAssignment> Assignments, IReadOnlyList<Topic> Opened, IReadOnlyDictionary<TopicId, TopicName> Renamed);

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
    private readonly Dictionary<TopicId, YoungConversation> _young = [];
    private readonly HashSet<TopicId> _grown = [], _shared = [];
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
        var known = await topics.ListAsync(TopicsOfRoom.All(room), cancellation);
        foreach (var topic in known)
        {
            classifier._names[topic.Level].Add(topic.Name);
            if (topic.ParentId is { } parent)
                classifier._parentOf[topic.Id] = parent;
        }

        var past = await messages.ListAsync(MessagesOfRoom.Before(room, nextSeq, linkers.Context), cancellation);
        var vectors = await embeddings.FindAsync(room, past, cancellation);
        var numbers = new Dictionary<TopicId, int>();
        foreach (var message in past.Reverse().Where(message => !message.IsDeleted))
        {
            var number = -1;
            if (message.TopicId is { } topic && !numbers.TryGetValue(topic, out number))
            {
                number = numbers[topic] = numbers.Count;
                classifier._topicOf[number] = topic;
            }

            classifier._linker.Observe(classifier.LineOf(message, message.NgramProfile, vectors.GetValueOrDefault(message.Id)), number);
        }

        var said = past.Reverse().Where(message => !message.IsDeleted).ToLookup(message => message.TopicId, message => message.Content!);
        foreach (var topic in known.Where(topic => topic.Level == TopicLevel.High && topic.MessageCount < YoungConversation.MaxLines && said[topic.Id].Count() == topic.MessageCount))
            classifier._young[topic.Id] = new YoungConversation([topic], [.. said[topic.Id]]);

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

        var renamed = RenameYoung();
        foreach (var topic in opened)
            renamed.Remove(topic.Id);
        return new OnlineAssignments(assignments, opened, renamed);
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
        else if (_young.TryGetValue(topic, out var young) && young.Grow(message.Content!))
            _grown.Add(topic);
        return new TopicAssignment(message.Id, topic, linkTo, profile) { Margin = decision.Margin };
    }

    // A new conversation has a name and themes at once: the themes of a similar conversation if there is one, otherwise new ones. Re-classification improves both.
    private TopicId Open(Message first, int? similar, List<Topic> opened)
    {
        TopicId parent;
        var named = new List<Topic>();
        if (similar is { } number && _topicOf.TryGetValue(number, out var alike) && _parentOf.TryGetValue(alike, out var shared))
        {
            parent = shared;
            _shared.Add(shared);
            if (_parentOf.TryGetValue(shared, out var broad))
                _shared.Add(broad);
        }
        else
        {
            parent = Add(TopicLevel.Mid, Add(TopicLevel.Low, null));
        }

        var conversation = Add(TopicLevel.High, parent);
        _young[conversation] = new YoungConversation(named, [first.Content!]);
        return conversation;

        TopicId Add(TopicLevel level, TopicId? above)
        {
            var name = _namer.Name([new TopicTexts([first.Content!])], _nicknames, _names[level])[0];
            var topic = Topic.Open(new TopicId(_ids.New()), Room, level, above, name);
            _names[level].Add(topic.Name);
            if (above is { } theme)
                _parentOf[topic.Id] = theme;
            opened.Add(topic);
            named.Add(topic);
            return topic.Id;
        }
    }

    /// <summary>Names the conversations anew that have grown, and the themes that were opened with them as long as no other conversation is in them.</summary>
    private Dictionary<TopicId, TopicName> RenameYoung()
    {
        var renamed = new Dictionary<TopicId, TopicName>();
        foreach (var id in _grown)
        {
            var young = _young[id];
            foreach (var topic in young.Topics.Where(topic => topic.AutomaticName is not null && !_shared.Contains(topic.Id)))
            {
                var (taken, before) = (_names[topic.Level], topic.Name);
                taken.Remove(before);
                topic.Suggest(_namer.Name([new TopicTexts(young.Texts) { Current = topic.AutomaticName }], _nicknames, taken)[0]);
                taken.Add(topic.Name);
                if (topic.Name != before)
                    renamed[topic.Id] = new TopicName(topic.Name, topic.Keywords);
            }

            if (young.Texts.Count >= YoungConversation.MaxLines)
                _young.Remove(id);
        }

        _grown.Clear();
        return renamed;
    }

    /// <summary>A conversation whose name follows its first lines.</summary>
    /// <param name="Topics">The conversation and the themes that hold nothing else.</param>
    /// <param name="Texts">What was said in it.</param>
    private sealed record YoungConversation(List<Topic> Topics, List<string> Texts)
    {
        /// <summary>From then on only re-classification names it.</summary>
        public const int MaxLines = 24;

        /// <summary>Up to that many lines each one may say what it is about, later every so many.</summary>
        private const int EveryLine = 8, Seldom = 4;

        /// <returns>Whether it is to be named anew.</returns>
        public bool Grow(string text)
        {
            Texts.Add(text);
            return Texts.Count <= EveryLine || Texts.Count % Seldom == 0;
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
