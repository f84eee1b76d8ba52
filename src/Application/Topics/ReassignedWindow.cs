using AIChat.Domain.Topics;

namespace AIChat.Application.Topics;

/// <summary>A conversation turned to another subject at this message: an offer to split it there.</summary>
public sealed record TopicDrifted(RoomId Room, TopicId Topic, MessageId From) : INotification;

/// <summary>
/// The difference between a window's new classification and what is stored. At each level, labels get the ids of the stored topics that they overlap with, so that
/// as many messages as possible keep their topic.
/// </summary>
internal sealed class ReassignedWindow
{
    private readonly ReclassificationWindow _window;
    private readonly Dictionary<TopicId, Topic> _known;
    private readonly Classification _found;
    private readonly RoomId _room;
    private readonly IIdGenerator _ids;
    private readonly Dictionary<TopicId, Topic> _changed = [];

    public ReassignedWindow(ReclassificationWindow window, IReadOnlyList<Topic> known, Classification found, RoomId room, IIdGenerator ids, ITopicNamer namer, IDriftDetector drift)
    {
        _window = window;
        _known = known.ToDictionary(topic => topic.Id);
        _found = found;
        _room = room;
        _ids = ids;

        var high = Keep(found.High, [.. window.Messages.Select(message => message.TopicId)], [.. Enumerable.Range(0, window.Messages.Count).Select(window.FixedTopic)]);
        var mid = Keep(found.Mid, [.. window.Messages.Select(message => ParentOf(message.TopicId))], null);
        var low = Keep(found.Low, [.. window.Messages.Select(message => ParentOf(ParentOf(message.TopicId)))], null);
        Place(low, found.Low, TopicLevel.Low, null, found.Low, namer);
        Place(mid, found.Mid, TopicLevel.Mid, low, found.Low, namer);
        Place(high, found.High, TopicLevel.High, mid, found.Mid, namer);
        (ChangedAssignments, Moved) = Compare(high);
        Drifted = OfferSplits(high, drift);
        ChangedTopics = [.. _changed.Values.OrderBy(topic => topic.Level)];
        Outcomes = found.Outcomes.Where(pair => pair.Value.Lines.Any(line => line >= window.Context)).ToDictionary(
            pair => high[pair.Key],
            pair => new TopicOutcome(pair.Value.Text, [.. pair.Value.Lines.Select(line => window.Messages[line].Id)]) { UpTo = window.Messages[^1].Seq });
        Conversations = [.. Enumerable.Range(window.Context, window.Messages.Count - window.Context).Where(line => found.High[line] >= 0).Select(line => high[found.High[line]]).Concat(Moved.Select(moved => moved.Previous).OfType<TopicId>()).Distinct()];
    }

    /// <summary>Messages whose topic or link differs from what is stored.</summary>
    public IReadOnlyList<TopicAssignment> ChangedAssignments { get; }

    /// <summary>The messages among them whose topic differs.</summary>
    public IReadOnlyList<AssignedMessage> Moved { get; }

    /// <summary>New offers to split a conversation where its subject turned.</summary>
    public IReadOnlyList<TopicDrifted> Drifted { get; }

    /// <summary>New topics, and stored ones with another name, parent or offer to split; parents before children.</summary>
    public IReadOnlyCollection<Topic> ChangedTopics { get; }

    /// <summary>The conversations that messages of the window after the context are in, or have left.</summary>
    public IReadOnlyCollection<TopicId> Conversations { get; }

    /// <summary>The outcomes that a language model gave to conversations.</summary>
    public IReadOnlyDictionary<TopicId, TopicOutcome> Outcomes { get; }

    private TopicId? ParentOf(TopicId? topic) => topic is { } id && _known.TryGetValue(id, out var stored) ? stored.ParentId : null;

    /// <summary>
    /// Gives each label a topic id. A label with a fixed topic gets that one. The others are paired with stored topics so that as many messages as possible keep
    /// theirs (Hungarian assignment; a topic that a person named goes first). A label without a partner gets a new id.
    /// </summary>
    private Dictionary<int, TopicId> Keep(IReadOnlyList<int> labels, IReadOnlyList<TopicId?> stored, IReadOnlyList<TopicId?>? fixedTopics)
    {
        var kept = new Dictionary<int, TopicId>();
        for (var line = 0; line < labels.Count && fixedTopics is not null; line++)
        {
            if (labels[line] >= 0 && fixedTopics[line] is { } topic)
                kept.TryAdd(labels[line], topic);
        }

        var taken = kept.Values.ToHashSet();
        var topics = _known.Keys.Where(topic => !taken.Contains(topic)).OrderBy(topic => topic.Value, StringComparer.Ordinal).ToList();
        var columns = topics.Select((topic, column) => (topic, column)).ToDictionary(pair => pair.topic, pair => pair.column);
        var overlaps = Enumerable.Range(0, labels.Count)
            .Where(line => labels[line] >= 0 && !kept.ContainsKey(labels[line]) && stored[line] is { } topic && columns.ContainsKey(topic))
            .GroupBy(line => (Label: labels[line], Column: columns[stored[line]!.Value]))
            .Select(pair => (pair.Key.Label, pair.Key.Column, (double)pair.Count() + (_known[topics[pair.Key.Column]].NameSource == NameSource.User ? labels.Count : 0)));
        foreach (var (label, column, _) in HungarianAssignment.Best([.. overlaps]))
            kept[label] = topics[column];
        foreach (var label in labels.Where(label => label >= 0))
        {
            if (!kept.ContainsKey(label))
                kept[label] = new TopicId(_ids.New());
        }

        return kept;
    }

    /// <summary>Opens or moves the topics of one level and names them against each other.</summary>
    private void Place(
        Dictionary<int, TopicId> topicOf, IReadOnlyList<int> labels, TopicLevel level, Dictionary<int, TopicId>? parents, IReadOnlyList<int> parentLabels, ITopicNamer namer)
    {
        // A conversation that lies wholly in the context was placed and named with its own window.
        var groups = Enumerable.Range(0, labels.Count)
            .Where(line => labels[line] >= 0)
            .GroupBy(line => labels[line])
            .Where(group => group.Any(line => line >= _window.Context))
            .OrderBy(group => group.Key)
            .ToList();
        var named = groups.Select(group => topicOf[group.Key]).ToHashSet();
        var nicknames = _window.Messages.Select(message => message.Nickname).ToHashSet(StringComparer.OrdinalIgnoreCase);
        var names = namer.Name([.. groups.Select(group => Said([.. group], topicOf[group.Key]))], nicknames, TakenNames(level, named));
        foreach (var (group, name) in groups.Zip(names))
        {
            var id = topicOf[group.Key];
            TopicId? parent = parents?[parentLabels[group.First()]];
            if (!_known.TryGetValue(id, out var topic))
            {
                _changed[id] = topic = Topic.Open(id, _room, level, parent, name);
                Call(topic, group.Key);
                continue;
            }

            var (oldParent, oldName, oldKeywords) = (topic.ParentId, topic.Name, topic.Keywords);
            topic.MoveUnder(parent);
            topic.Suggest(name);
            Call(topic, group.Key);
            if (topic.ParentId != oldParent || topic.Name != oldName || !topic.Keywords.SequenceEqual(oldKeywords))
                _changed[id] = topic;
        }
    }

    /// <summary>The texts from which a topic gets its name.</summary>
    private TopicTexts Said(IReadOnlyList<int> lines, TopicId id)
        => new([.. lines.Select(line => _window.Messages[line].Content!)])
        {
            Conversations = [.. lines.Select(line => _found.High[line])],
            Current = _known.GetValueOrDefault(id)?.AutomaticName,
        };

    /// <summary>Gives a conversation the language model's name, where no other has it. One that has a better name than its words keeps it.</summary>
    private void Call(Topic topic, int label)
    {
        if (topic is { Level: TopicLevel.High, NameSource: NameSource.Auto } && _found.Titles.TryGetValue(label, out var title)
            && !_known.Values.Concat(_changed.Values).Any(other => other.Level == TopicLevel.High && other.Id != topic.Id && string.Equals(other.Name, title, StringComparison.OrdinalIgnoreCase)))
            topic.Call(title);
    }

    /// <summary>Offers to split conversations that drifted, except between two messages that people corrected.</summary>
    private List<TopicDrifted> OfferSplits(Dictionary<int, TopicId> topicOf, IDriftDetector drift)
    {
        var offers = new List<TopicDrifted>();
        foreach (var group in Enumerable.Range(0, _found.High.Count).Where(line => _found.High[line] >= 0).GroupBy(line => _found.High[line]).Where(group => group.Any(line => line >= _window.Context)))
        {
            var lines = group.ToList();
            var id = topicOf[group.Key];
            var topic = _changed.GetValueOrDefault(id) ?? _known[id];
            var turn = drift.Find([.. lines.Select(line => _window.Line(line))]);
            MessageId? from = turn is { } at && !(IsCorrected(lines[at - 1]) && IsCorrected(lines[at])) ? _window.Messages[lines[at]].Id : null;
            if (topic.DriftFrom == from)
                continue;
            topic.OfferSplit(from);
            _changed[id] = topic;
            if (from is { } message)
                offers.Add(new TopicDrifted(_room, id, message));
        }

        return offers;

        bool IsCorrected(int line) => _window.Corrected.ContainsKey(_window.Messages[line].Seq);
    }

    // Excluded: topics within the window that are not named now, because they are about to be removed, and those that get a new automatic name.
    private HashSet<string> TakenNames(TopicLevel level, HashSet<TopicId> named)
    {
        var (first, last) = (_window.Messages[_window.Context].Seq, _window.Messages[^1].Seq);
        return _known.Values
            .Where(topic => topic.Level == level && (named.Contains(topic.Id) ? topic.NameSource != NameSource.Auto : topic.FirstSeq < first || topic.LastSeq > last))
            .Select(topic => topic.Name)
            .ToHashSet(StringComparer.OrdinalIgnoreCase);
    }

    private (IReadOnlyList<TopicAssignment> Assignments, IReadOnlyList<AssignedMessage> Moved) Compare(Dictionary<int, TopicId> high)
    {
        var assignments = new List<TopicAssignment>();
        var moved = new List<AssignedMessage>();
        for (var line = _window.Context; line < _window.Messages.Count; line++)
        {
            var message = _window.Messages[line];
            TopicId? topic = _found.High[line] >= 0 ? high[_found.High[line]] : null;
            MessageId? link = _found.Links[line] is { } antecedent ? _window.Messages[antecedent].Id : null;
            // A settled message is among lines that are known, where links are no more than the order.
            if (message.TopicId == topic && (message.LinkTo == link || _window.IsSettled(line)))
                continue;
            assignments.Add(new TopicAssignment(message.Id, topic, link, null) { Margin = topic is null || _window.Corrected.ContainsKey(message.Seq) ? null : _found.Margins[line] });
            if (message.TopicId != topic)
                moved.Add(new AssignedMessage(message.Id, topic, message.TopicId));
        }

        return (assignments, moved);
    }
}
