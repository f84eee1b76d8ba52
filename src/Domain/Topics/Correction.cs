using AIChat.Domain.Messages;
using AIChat.Domain.Rooms;
using AIChat.Domain.Users;

namespace AIChat.Domain.Topics;

/// <summary>The kinds of corrections.</summary>
public enum CorrectionKind
{
    Rename,
    Merge,
    Split,
    Move,
}

/// <summary>
/// A person's correction of topics. Until it is undone it binds every later classification: the messages of the conversations concerned stay where it left them, so that any two
/// of them belong together (must-link) or apart (cannot-link). Later messages of these conversations are free.
/// </summary>
public sealed class Correction
{
    /// <summary>Messages that one correction may concern.</summary>
    public const int MaxMessages = 20_000;

    private Correction(CorrectionId id, RoomId roomId, long number, CorrectionKind kind, UserId by, string nickname, DateTimeOffset createdAt)
    {
        Id = id;
        RoomId = roomId;
        Number = number;
        Kind = kind;
        By = by;
        Nickname = nickname;
        CreatedAt = createdAt;
    }

    public CorrectionId Id { get; private set; }

    public RoomId RoomId { get; private set; }

    /// <summary>1, 2, 3… within the room, in the order in which they were made.</summary>
    public long Number { get; private set; }

    public CorrectionKind Kind { get; private set; }

    public UserId By { get; private set; }

    /// <summary>The person's nickname at the time.</summary>
    public string Nickname { get; private set; }

    public DateTimeOffset CreatedAt { get; private set; }

    /// <summary>The conversation or theme that has the result: the one renamed, merged into, split off or moved to.</summary>
    public TopicId TopicId { get; private set; }

    /// <summary>The name that was given; null: none was.</summary>
    public string? Name { get; private set; }

    /// <summary>The topics concerned and the themes above them, as they were before.</summary>
    public IReadOnlyList<FormerTopic> Former { get; private set; } = [];

    /// <summary>The conversation of every message of the conversations concerned.</summary>
    public IReadOnlyList<CorrectedAssignment> Assignments { get; private set; } = [];

    public DateTimeOffset? UndoneAt { get; private set; }

    public UserId? UndoneBy { get; private set; }

    /// <summary>The conversations that messages went to, came from, or stayed in.</summary>
    public IEnumerable<TopicId> Conversations() => Assignments.SelectMany(filing => new[] { filing.TopicId, filing.Before }).OfType<TopicId>().Distinct();

    /// <summary>The numbers of the messages that went elsewhere, by where they had been; null: they were noise or not filed yet.</summary>
    public IEnumerable<(TopicId? Before, long Seq)> Moved()
        => Assignments.Where(filing => filing.Before != filing.TopicId).SelectMany(filing => filing.Seqs.Select(seq => (filing.Before, seq)));

    public static Correction Rename(CorrectionEntry entry, Topic topic, string name)
    {
        var correction = Of(entry, CorrectionKind.Rename, topic.Id);
        correction.Name = name;
        correction.Former = [topic.ToFormer()];
        return correction;
    }

    /// <param name="entry">The person, the room and the time.</param>
    /// <param name="into">The conversation that takes the messages.</param>
    /// <param name="concerned">The conversations concerned and the themes above them.</param>
    /// <param name="messages">Every message of these conversations.</param>
    public static Result<Correction> Merge(CorrectionEntry entry, TopicId into, IEnumerable<Topic> concerned, IReadOnlyList<Message> messages)
        => Of(entry, CorrectionKind.Merge, into).File(concerned, messages, _ => into);

    /// <param name="entry">The person, the room and the time.</param>
    /// <param name="opened">The conversation to open; not among <paramref name="concerned"/>.</param>
    /// <param name="name">Its name; null: one is found.</param>
    /// <param name="concerned">The conversation to split and the themes above it.</param>
    /// <param name="messages">Every message of the conversation.</param>
    /// <param name="leaving">The messages that leave: at least one and not all.</param>
    public static Result<Correction> Split(
        CorrectionEntry entry, TopicId opened, string? name, IEnumerable<Topic> concerned, IReadOnlyList<Message> messages, IReadOnlySet<MessageId> leaving)
    {
        var living = messages.Where(message => !message.IsDeleted).ToList();
        if (leaving.Count == 0 || !leaving.IsSubsetOf(messages.Select(message => message.Id)) || !living.Exists(message => leaving.Contains(message.Id)) || living.TrueForAll(message => leaving.Contains(message.Id)))
            return TopicErrors.SplitBad;
        var correction = Of(entry, CorrectionKind.Split, opened);
        correction.Name = name;
        return correction.File(concerned, messages, message => leaving.Contains(message.Id) ? opened : message.TopicId!.Value);
    }

    /// <param name="entry">The person, the room and the time.</param>
    /// <param name="moved">The message that is in the wrong conversation.</param>
    /// <param name="into">Where it belongs.</param>
    /// <param name="concerned">Both conversations and the themes above them.</param>
    /// <param name="messages">Every message of both, <paramref name="moved"/> among them.</param>
    public static Result<Correction> Move(CorrectionEntry entry, MessageId moved, TopicId into, IEnumerable<Topic> concerned, IReadOnlyList<Message> messages)
        => Of(entry, CorrectionKind.Move, into).File(concerned, messages, message => message.Id == moved ? into : message.TopicId!.Value);

    /// <summary>Where corrections say that messages belong, by the messages' numbers; of two that speak of the same message the later one counts.</summary>
    public static IReadOnlyDictionary<long, TopicId> Bindings(IEnumerable<Correction> inForce)
    {
        var bound = new Dictionary<long, TopicId>();
        foreach (var filing in inForce.OrderBy(correction => correction.Number).SelectMany(correction => correction.Assignments))
        {
            foreach (var seq in filing.Seqs)
                bound[seq] = filing.TopicId;
        }

        return bound;
    }

    /// <summary>Why it cannot be undone, or null.</summary>
    /// <param name="later">The corrections in force that were made after it.</param>
    public Error? WhyNotUndo(IReadOnlyCollection<Correction> later)
    {
        if (UndoneAt is not null)
            return TopicErrors.CorrectionUndone;
        var moved = Moved().Select(each => each.Seq).ToHashSet();
        var namesGo = Kind is CorrectionKind.Rename or CorrectionKind.Split;
        return later.Any(other => (namesGo && other.Kind == CorrectionKind.Rename && other.TopicId == TopicId) || other.Assignments.Any(filing => filing.Seqs.Any(moved.Contains)))
            ? TopicErrors.CorrectionBuiltUpon
            : null;
    }

    public void Undo(UserId by, DateTimeOffset now) => (UndoneBy, UndoneAt) = (by, now);

    private static Correction Of(CorrectionEntry entry, CorrectionKind kind, TopicId topic)
        => new(entry.Id, entry.Room, entry.Number, kind, entry.By.Id, entry.By.Nickname, entry.Now) { TopicId = topic };

    private Result<Correction> File(IEnumerable<Topic> concerned, IReadOnlyList<Message> messages, Func<Message, TopicId> belongs)
    {
        if (messages.Count > MaxMessages)
            return TopicErrors.CorrectionTooLarge;
        Former = [.. concerned.Select(topic => topic.ToFormer())];
        Assignments = [.. messages
            .GroupBy(message => (Topic: belongs(message), Before: message.TopicId))
            .Select(group => new CorrectedAssignment(group.Key.Topic, group.Key.Before, [.. group.Select(message => message.Seq).Order()]))];
        return this;
    }
}

/// <summary>The person, the room and the time of a correction.</summary>
public sealed record CorrectionEntry(CorrectionId Id, RoomId Room, long Number, User By, DateTimeOffset Now);

/// <summary>Where messages belong, and where they were before.</summary>
/// <param name="TopicId">Their conversation.</param>
/// <param name="Before">The one that they were in; null: none.</param>
/// <param name="Seqs">Their numbers, in order.</param>
public sealed record CorrectedAssignment(TopicId TopicId, TopicId? Before, IReadOnlyList<long> Seqs);
