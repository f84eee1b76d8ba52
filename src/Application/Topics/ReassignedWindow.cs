using AIChat.Domain.Topics;

namespace AIChat.Application.Topics;

/// <summary>
/// What a fresh look at a window changes: the labels that were found are given the ids of the topics that they overlap with, level by level, so that as many lines as
/// can be keep theirs; and only what differs from what is stored is kept.
/// </summary>
internal sealed class ReassignedWindow
{
    private readonly Window window;
    private readonly Dictionary<TopicId, Topic> known;
    private readonly Classification found;
    private readonly RoomId room;
    private readonly IIdGenerator ids;
    private readonly Dictionary<TopicId, Topic> changed = [];

    public ReassignedWindow(Window window, IReadOnlyList<Topic> known, Classification found, RoomId room, IIdGenerator ids, ITopicNamer namer, IDriftDetector drift)
    {
        this.window = window;
        this.known = known.ToDictionary(topic => topic.Id);
        this.found = found;
        this.room = room;
        this.ids = ids;

        var high = Keep(found.High, [.. window.Messages.Select(message => message.TopicId)], [.. Enumerable.Range(0, window.Messages.Count).Select(window.GivenTopic)]);
        var mid = Keep(found.Mid, [.. window.Messages.Select(message => ParentOf(message.TopicId))], null);
        var low = Keep(found.Low, [.. window.Messages.Select(message => ParentOf(ParentOf(message.TopicId)))], null);
        Place(low, found.Low, TopicLevel.Low, null, found.Low, namer);
        Place(mid, found.Mid, TopicLevel.Mid, low, found.Low, namer);
        Place(high, found.High, TopicLevel.High, mid, found.Mid, namer);
        (ChangedVerdicts, Moved) = Compare(high);
        Drifted = OfferSplits(high, drift);
        ChangedTopics = [.. changed.Values.OrderBy(topic => topic.Level)];
    }

    /// <summary>Messages that belong elsewhere, or answer another message, than is stored.</summary>
    public IReadOnlyList<TopicAssignment> ChangedVerdicts { get; }

    /// <summary>Those among them that belong elsewhere.</summary>
    public IReadOnlyList<AssignedMessage> Moved { get; }

    /// <summary>Conversations that turned to something else, and from which message on, as far as that is news.</summary>
    public IReadOnlyList<TopicDrifted> Drifted { get; }

    /// <summary>New topics, and known ones with another name, parent or offer to split; parents before children.</summary>
    public IReadOnlyCollection<Topic> ChangedTopics { get; }

    private TopicId? ParentOf(TopicId? topic) => topic is { } id && known.TryGetValue(id, out var found) ? found.ParentId : null;

    /// <summary>
    /// Gives each label an id: labels of lines whose topic was given keep that one; the others are paired with the stored topics so that as many lines as can be keep
    /// their topic, a topic that a person named before any other; labels without a partner get a new id.
    /// </summary>
    private Dictionary<int, TopicId> Keep(IReadOnlyList<int> labels, IReadOnlyList<TopicId?> stored, IReadOnlyList<TopicId?>? given)
    {
        var kept = new Dictionary<int, TopicId>();
        for (var line = 0; line < labels.Count && given is not null; line++)
        {
            if (labels[line] >= 0 && given[line] is { } topic)
                kept.TryAdd(labels[line], topic);
        }

        var taken = kept.Values.ToHashSet();
        var topics = known.Keys.Where(topic => !taken.Contains(topic)).OrderBy(topic => topic.Value, StringComparer.Ordinal).ToList();
        var columns = topics.Select((topic, column) => (topic, column)).ToDictionary(pair => pair.topic, pair => pair.column);
        var overlaps = Enumerable.Range(0, labels.Count)
            .Where(line => labels[line] >= 0 && !kept.ContainsKey(labels[line]) && stored[line] is { } topic && columns.ContainsKey(topic))
            .GroupBy(line => (Label: labels[line], Column: columns[stored[line]!.Value]))
            .Select(pair => (pair.Key.Label, pair.Key.Column, (double)pair.Count() + (known[topics[pair.Key.Column]].NameSource == NameSource.User ? labels.Count : 0)));
        foreach (var (label, column, _) in HungarianAssignment.Best([.. overlaps]))
            kept[label] = topics[column];
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

            var (under, called, keywords) = (topic.ParentId, topic.Name, topic.Keywords);
            topic.MoveUnder(parent);
            topic.Suggest(name);
            if (topic.ParentId != under || topic.Name != called || !topic.Keywords.SequenceEqual(keywords))
                changed[id] = topic;
        }
    }

    /// <summary>What a person put together is not offered to be split.</summary>
    private List<TopicDrifted> OfferSplits(Dictionary<int, TopicId> topicOf, IDriftDetector drift)
    {
        var news = new List<TopicDrifted>();
        foreach (var group in Enumerable.Range(0, found.High.Count).Where(line => found.High[line] >= 0).GroupBy(line => found.High[line]).Where(group => group.Any(line => line >= window.Context)))
        {
            var lines = group.ToList();
            var id = topicOf[group.Key];
            var topic = changed.GetValueOrDefault(id) ?? known[id];
            var turn = drift.Find([.. lines.Select(line => window.LineOf(line))]);
            MessageId? from = turn is { } at && !(IsBound(lines[at - 1]) && IsBound(lines[at])) ? window.Messages[lines[at]].Id : null;
            if (topic.DriftFrom == from)
                continue;
            topic.OfferSplit(from);
            changed[id] = topic;
            if (from is { } message)
                news.Add(new TopicDrifted(room, id, message));
        }

        return news;

        bool IsBound(int line) => window.Bound.ContainsKey(window.Messages[line].Seq);
    }

    // Topics that lie wholly within the window and are not named again are about to go, and their names with them; those that have a better name than their words' keep it.
    private HashSet<string> TakenNames(TopicLevel level, HashSet<TopicId> named)
    {
        var (first, last) = (window.Messages[window.Context].Seq, window.Messages[^1].Seq);
        return known.Values
            .Where(topic => topic.Level == level && (named.Contains(topic.Id) ? topic.NameSource != NameSource.Auto : topic.FirstSeq < first || topic.LastSeq > last))
            .Select(topic => topic.Name)
            .ToHashSet(StringComparer.OrdinalIgnoreCase);
    }

    private (IReadOnlyList<TopicAssignment> Verdicts, IReadOnlyList<AssignedMessage> Moved) Compare(Dictionary<int, TopicId> high)
    {
        var verdicts = new List<TopicAssignment>();
        var moved = new List<AssignedMessage>();
        for (var line = window.Context; line < window.Messages.Count; line++)
        {
            var message = window.Messages[line];
            TopicId? topic = found.High[line] >= 0 ? high[found.High[line]] : null;
            MessageId? link = found.Links[line] is { } antecedent ? window.Messages[antecedent].Id : null;
            if (message.TopicId == topic && message.LinkTo == link)
                continue;
            verdicts.Add(new TopicAssignment(message.Id, topic, link, null) { Margin = topic is null || window.Bound.ContainsKey(message.Seq) ? null : found.Margins[line] });
            if (message.TopicId != topic)
                moved.Add(new AssignedMessage(message.Id, topic, message.TopicId));
        }

        return (verdicts, moved);
    }
}
