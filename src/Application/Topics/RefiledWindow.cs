using AIChat.Domain.Common;
using AIChat.Domain.Messages;
using AIChat.Domain.Rooms;
using AIChat.Domain.Topics;

namespace AIChat.Application.Topics;

/// <summary>
/// What a fresh look at a window changes: the labels that were found are given the ids of the topics that they overlap with most, level by level, and only what
/// differs from what is stored is kept.
/// </summary>
internal sealed class RefiledWindow
{
    private readonly Window window;
    private readonly Dictionary<TopicId, Topic> known;
    private readonly Classification found;
    private readonly RoomId room;
    private readonly IIds ids;
    private readonly Dictionary<TopicId, Topic> changed = [];

    public RefiledWindow(Window window, IReadOnlyList<Topic> known, Classification found, RoomId room, IIds ids, ITopicNamer namer)
    {
        this.window = window;
        this.known = known.ToDictionary(topic => topic.Id);
        this.found = found;
        this.room = room;
        this.ids = ids;

        var high = Keep(found.High, [.. window.Messages.Select(message => message.TopicId)], window.Context);
        var mid = Keep(found.Mid, [.. window.Messages.Select(message => ParentOf(message.TopicId))], 0);
        var low = Keep(found.Low, [.. window.Messages.Select(message => ParentOf(ParentOf(message.TopicId)))], 0);
        Place(low, found.Low, TopicLevel.Low, null, found.Low, namer);
        Place(mid, found.Mid, TopicLevel.Mid, low, found.Low, namer);
        Place(high, found.High, TopicLevel.High, mid, found.Mid, namer);
        (ChangedVerdicts, Moved) = Compare(high);
        ChangedTopics = [.. changed.Values.OrderBy(topic => topic.Level)];
    }

    /// <summary>Messages that belong elsewhere, or answer another message, than is stored.</summary>
    public IReadOnlyList<Verdict> ChangedVerdicts { get; }

    /// <summary>Those among them that belong elsewhere.</summary>
    public IReadOnlyList<FiledMessage> Moved { get; }

    /// <summary>New topics, and known ones with another name or parent; parents before children.</summary>
    public IReadOnlyCollection<Topic> ChangedTopics { get; }

    private TopicId? ParentOf(TopicId? topic) => topic is { } id && known.TryGetValue(id, out var found) ? found.ParentId : null;

    /// <summary>
    /// Gives each label an id: the stored topic with the most lines in common, each topic to one label, greatest overlap first; labels that the context was given
    /// (<paramref name="fixedLines"/>) keep theirs before all others; labels without a partner get a new id.
    /// </summary>
    private Dictionary<int, TopicId> Keep(IReadOnlyList<int> labels, IReadOnlyList<TopicId?> stored, int fixedLines)
    {
        var kept = new Dictionary<int, TopicId>();
        var taken = new HashSet<TopicId>();
        for (var line = 0; line < fixedLines; line++)
        {
            if (labels[line] >= 0 && stored[line] is { } topic && kept.TryAdd(labels[line], topic))
                taken.Add(topic);
        }

        var overlaps = Enumerable.Range(0, labels.Count)
            .Where(line => labels[line] >= 0 && stored[line] is { } topic && known.ContainsKey(topic))
            .GroupBy(line => (Label: labels[line], Topic: stored[line]!.Value))
            .OrderByDescending(pair => pair.Count())
            .ThenBy(pair => pair.Key.Label)
            .ThenBy(pair => pair.Key.Topic.Value, StringComparer.Ordinal);
        foreach (var pair in overlaps)
        {
            if (!kept.ContainsKey(pair.Key.Label) && taken.Add(pair.Key.Topic))
                kept[pair.Key.Label] = pair.Key.Topic;
        }

        foreach (var label in labels.Where(label => label >= 0))
        {
            if (!kept.ContainsKey(label))
                kept[label] = new TopicId(ids.New());
        }

        return kept;
    }

    /// <summary>Makes or moves the topics of one level and names them against each other.</summary>
    private void Place(
        Dictionary<int, TopicId> topicOf, IReadOnlyList<int> labels, TopicLevel level, Dictionary<int, TopicId>? parents, IReadOnlyList<int> parentLabels, ITopicNamer namer)
    {
        // A conversation that lies wholly in the context was named and placed when its own window was looked at.
        var groups = Enumerable.Range(0, labels.Count)
            .Where(line => labels[line] >= 0)
            .GroupBy(line => labels[line])
            .Where(group => group.Any(line => line >= window.Context))
            .OrderBy(group => group.Key)
            .ToList();
        var named = groups.Select(group => topicOf[group.Key]).ToHashSet();
        var nicknames = window.Messages.Select(message => message.Nickname).ToHashSet(StringComparer.OrdinalIgnoreCase);
        var names = namer.Name([.. groups.Select(group => (IReadOnlyList<string>)[.. group.Select(line => window.Messages[line].Content!)])], nicknames, TakenNames(level, named));
        foreach (var (group, name) in groups.Zip(names))
        {
            var id = topicOf[group.Key];
            TopicId? parent = parents?[parentLabels[group.First()]];
            if (!known.TryGetValue(id, out var topic))
            {
                changed[id] = Topic.Open(id, room, level, parent, name);
                continue;
            }

            if (topic.ParentId == parent && topic.Name == name.Name && topic.Keywords.SequenceEqual(name.Keywords))
                continue;
            topic.MoveUnder(parent);
            topic.Suggest(name);
            changed[id] = topic;
        }
    }

    // Topics that lie wholly within the window and are not named again are about to go, and their names with them.
    private HashSet<string> TakenNames(TopicLevel level, HashSet<TopicId> named)
    {
        var (first, last) = (window.Messages[window.Context].Seq, window.Messages[^1].Seq);
        return known.Values
            .Where(topic => topic.Level == level && !named.Contains(topic.Id) && (topic.FirstSeq < first || topic.LastSeq > last))
            .Select(topic => topic.Name)
            .ToHashSet(StringComparer.OrdinalIgnoreCase);
    }

    private (IReadOnlyList<Verdict> Verdicts, IReadOnlyList<FiledMessage> Moved) Compare(Dictionary<int, TopicId> high)
    {
        var verdicts = new List<Verdict>();
        var moved = new List<FiledMessage>();
        for (var line = window.Context; line < window.Messages.Count; line++)
        {
            var message = window.Messages[line];
            TopicId? topic = found.High[line] >= 0 ? high[found.High[line]] : null;
            MessageId? link = found.Links[line] is { } antecedent ? window.Messages[antecedent].Id : null;
            if (message.TopicId == topic && message.LinkTo == link)
                continue;
            verdicts.Add(new Verdict(message.Id, topic, link, null));
            if (message.TopicId != topic)
                moved.Add(new FiledMessage(message.Id, topic, message.TopicId));
        }

        return (verdicts, moved);
    }
}
