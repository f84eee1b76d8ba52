using AIChat.Domain.Topics;

namespace AIChat.Application.Topics;

/// <summary>Messages that are classified together, oldest first. The first <paramref name="Context"/> of them are read only and keep their topics.</summary>
/// <param name="Messages">None is deleted.</param>
/// <param name="Context">Number of read-only messages at the beginning.</param>
/// <param name="Corrected">Topic by message number, where a person decided.</param>
internal sealed record ReclassificationWindow(IReadOnlyList<Message> Messages, int Context, IReadOnlyDictionary<long, TopicId> Corrected)
{
    /// <summary>Windows lie on a fixed grid, so that each run cuts a room in the same way.</summary>
    public const int Size = 5_000;

    /// <summary>The most read-only messages before a window.</summary>
    public const int MaxContext = 1_000;

    public IReadOnlyDictionary<MessageId, float[]> Embeddings { get; init; } = new Dictionary<MessageId, float[]>();

    /// <summary>Numbers of the messages that a language model was asked for; they keep their topics.</summary>
    public (long From, long UpTo) Settled { get; init; }

    /// <summary>Authors who exclude their messages from remote models.</summary>
    public IReadOnlySet<UserId> ExcludedFromAi { get; init; } = new HashSet<UserId>();

    /// <summary>The fixed topic of a message: a person's decision, or what the context and settled messages have; null: to be found.</summary>
    public TopicId? FixedTopic(int index) => Corrected.TryGetValue(Messages[index].Seq, out var topic) ? topic : KeepsTopic(index) ? Messages[index].TopicId : null;

    /// <summary>One message without its place in the window: neither <see cref="ChatLine.ReplyTo"/> nor <see cref="ChatLine.Conversation"/> is set.</summary>
    public ChatLine Line(int index)
    {
        var message = Messages[index];
        return ChatLine.Of(message, Embeddings.GetValueOrDefault(message.Id), message.UserId is { } author && ExcludedFromAi.Contains(author));
    }

    /// <summary>The whole window as a classifier sees it, with replies and fixed conversations.</summary>
    public List<ChatLine> Lines()
    {
        var lines = new List<ChatLine>(Messages.Count);
        var indexOf = new Dictionary<MessageId, int>();
        var numbers = new Dictionary<TopicId, int>();
        for (var i = 0; i < Messages.Count; i++)
        {
            int? replyTo = Messages[i].ReplyTo is { } answered && indexOf.TryGetValue(answered, out var index) ? index : null;
            int? conversation = KeepsTopic(i) ? -1 : null;
            if (FixedTopic(i) is { } topic)
                conversation = numbers.TryGetValue(topic, out var number) ? number : numbers[topic] = numbers.Count;

            indexOf[Messages[i].Id] = i;
            lines.Add(Line(i) with { ReplyTo = replyTo, Conversation = conversation });
        }

        return lines;
    }

    /// <summary>Whether a language model was asked for a message.</summary>
    public bool IsSettled(int index) => Settled.From > 0 && Messages[index].Seq >= Settled.From && Messages[index].Seq <= Settled.UpTo;

    private bool KeepsTopic(int index) => index < Context || IsSettled(index);
}
