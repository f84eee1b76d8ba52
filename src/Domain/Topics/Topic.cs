using AIChat.Domain.Messages;
using AIChat.Domain.Rooms;

namespace AIChat.Domain.Topics;

/// <summary>A conversation or a theme of a room. The store moves the counters together with the assignments that they count.</summary>
public sealed class Topic
{
    public const int MaxNameLength = 80;

    /// <summary>The properties that the store moves together with the assignments that they count: saving a known topic leaves them as they are stored.</summary>
    public static IReadOnlyCollection<string> Counters { get; } = [nameof(MessageCount), nameof(FirstSeq), nameof(LastSeq), nameof(FirstAt), nameof(LastAt)];

    /// <summary>The properties of the name. Saving a known topic outside a correction leaves them as they are stored where one of the two names is a person's.</summary>
    public static IReadOnlyCollection<string> Naming { get; } = [nameof(Name), nameof(NameSource)];

    private Topic(TopicId id, RoomId roomId, TopicLevel level, TopicId? parentId, string name)
    {
        Id = id;
        RoomId = roomId;
        Level = level;
        ParentId = parentId;
        Name = name;
    }

    public TopicId Id { get; private set; }

    public RoomId RoomId { get; private set; }

    public TopicLevel Level { get; private set; }

    /// <summary>The theme one step coarser; null at <see cref="TopicLevel.Low"/>.</summary>
    public TopicId? ParentId { get; private set; }

    public string Name { get; private set; }

    public NameSource NameSource { get; private set; }

    public IReadOnlyList<string> Keywords { get; private set; } = [];

    /// <summary>Its name, if it was made of its words; null: a person or a model gave it.</summary>
    public string? AutomaticName => NameSource == NameSource.Auto ? Name : null;

    /// <summary>Messages assigned to it that are not deleted.</summary>
    public long MessageCount { get; private set; }

    public long FirstSeq { get; private set; }

    public long LastSeq { get; private set; }

    public DateTimeOffset FirstAt { get; private set; }

    public DateTimeOffset LastAt { get; private set; }

    /// <summary>The message from which on a conversation turned to something else: an offer to split it there; null: none.</summary>
    public MessageId? DriftFrom { get; private set; }

    /// <summary>What a conversation came to; null: nothing yet, or it is a theme.</summary>
    public TopicOutcome? Outcome { get; private set; }

    public static Topic Open(TopicId id, RoomId room, TopicLevel level, TopicId? parent, TopicName name)
        => new(id, room, level, parent, name.Name) { Keywords = name.Keywords };

    /// <summary>A topic that was left empty is there again, with the name that it had.</summary>
    public static Topic Reopen(FormerTopic former, RoomId room)
        => new(former.TopicId, room, former.Level, former.ParentId, former.Name) { NameSource = former.NameSource, Keywords = former.Keywords };

    /// <summary>The name that a person types, as it is stored.</summary>
    public static Result<string> NameOf(string typed)
    {
        var name = typed.Trim();
        if (name.Length == 0)
            return TopicErrors.NameEmpty;
        if (Text.LengthOf(name) > MaxNameLength)
            return TopicErrors.NameTooLong;
        return Text.IsOneLine(name) ? name : TopicErrors.NameBad;
    }

    /// <summary>Takes the name that a person gave, as <see cref="NameOf"/> keeps it.</summary>
    public void Rename(string name) => (Name, NameSource) = (name, NameSource.User);

    public FormerTopic ToFormer() => new(Id, Level, ParentId, Name, NameSource, Keywords);

    /// <summary>Takes back the name that it had.</summary>
    public void Restore(FormerTopic former) => (Name, NameSource, Keywords) = (former.Name, former.NameSource, former.Keywords);

    /// <summary>Takes the name that a language model gave, unless a person gave the one that it has.</summary>
    public void Call(string name)
    {
        if (NameSource != NameSource.User)
            (Name, NameSource) = (name, NameSource.Model);
    }

    /// <summary>Takes a name from words that were added, unless it has a better one than that.</summary>
    public void Suggest(TopicName name)
    {
        Keywords = name.Keywords;
        if (NameSource == NameSource.Auto)
            Name = name.Name;
    }

    /// <summary>Takes a name from its words now that some are gone, unless a person gave the one that it has: a model's may tell of them.</summary>
    public void NameAnew(TopicName name)
    {
        if (NameSource == NameSource.Model)
            NameSource = NameSource.Auto;
        Suggest(name);
    }

    public void MoveUnder(TopicId? parent) => ParentId = parent;

    public void OfferSplit(MessageId? from) => DriftFrom = from;

    /// <summary>Takes what a conversation came to. A theme comes to nothing itself.</summary>
    public void Conclude(TopicOutcome? outcome) => Outcome = Level == TopicLevel.High ? outcome : null;
}
