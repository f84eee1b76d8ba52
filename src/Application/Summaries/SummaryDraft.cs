using System.Globalization;
using AIChat.Application.Topics;
using AIChat.Domain.Topics;

namespace AIChat.Application.Summaries;

/// <summary>A summary while it is written: its groups, the parts that are done, and which of them were announced.</summary>
internal sealed class SummaryDraft(SummaryRequest request, SummaryScope scope, string id, string language, string engine, IReadOnlyList<SummaryGroup> groups)
{
    private const string Extractive = "extractive";

    private readonly HashSet<(TopicLevel Level, int Number)> _startedTopics = [];
    private readonly HashSet<string> _announced = new(StringComparer.Ordinal);

    public SummaryRequest Request => request;

    public SummaryScope Scope { get; set; } = scope;

    /// <summary>Finished parts by <see cref="SummaryGroup.Key"/>.</summary>
    public Dictionary<string, WrittenPart> Parts { get; } = new(StringComparer.Ordinal);

    /// <summary>Why an extractive engine stood in for a language model; null: it did not.</summary>
    public Error? InsteadOf { get; set; }

    /// <summary>Announces one point, for each topic with exactly these messages.</summary>
    public IEnumerable<SummaryEvent> Announce(string key, SummaryPointView point)
    {
        _announced.Add(key);
        return groups.Where(group => group.Key == key).SelectMany(group => Start(group).Append(new SummaryPointReady(group.Level, group.Number, point)));
    }

    /// <summary>Announces all points of a finished part, unless they were announced one by one.</summary>
    public IEnumerable<SummaryEvent> Announce(string key)
        => _announced.Add(key)
            ? groups.Where(group => group.Key == key).SelectMany(group => Start(group).Concat(Parts[key].Points.Select(point => new SummaryPointReady(group.Level, group.Number, point))))
            : [];

    /// <summary>The summary so far.</summary>
    public SummaryView View(DateTimeOffset now)
    {
        // A message counts as read if at least one finished part read it, or if it belongs to none.
        var finished = groups.Where(group => Parts.ContainsKey(group.Key)).ToList();
        var unread = finished.SelectMany(group => Parts[group.Key].Unread).ToHashSet(StringComparer.Ordinal);
        unread.ExceptWith(finished.SelectMany(group => group.Messages.Select(message => message.Id.Value).Except(Parts[group.Key].Unread, StringComparer.Ordinal)));
        List<int> read = [.. Enumerable.Range(0, Scope.Messages.Count).Where(i => !unread.Contains(Scope.Messages[i].Id.Value))];
        var numbers = LevelsOf<IReadOnlyList<int>>.From(level => SummaryScope.Number(Scope.Topics.At(level)));
        return new SummaryView(
            id,
            request.Room.Value,
            request.HowMany ?? SummaryRequest.DefaultHowMany,
            read.Count == 0 ? null : Scope.Messages[read[0]].Id.Value,
            Parts.Count > 0 && Parts.Values.All(part => part.Engine == Extractive) ? Extractive : engine,
            language,
            Scope.LeftOut,
            [.. read.Select(i => Scope.Messages[i].Id.Value)],
            LevelsOf<IReadOnlyList<int>>.From(level => [.. read.Select(i => numbers.At(level)[i])]),
            LevelsOf<IReadOnlyList<string?>>.From(level => [.. read.Select(i => Scope.Topics.At(level)[i]?.Id.Value)]),
            LevelsOf<IReadOnlyDictionary<string, TopicSummaryView>>.From(level => finished.Where(group => group.Level == level)
                .ToDictionary(group => group.Number.ToString(CultureInfo.InvariantCulture), ViewOf, StringComparer.Ordinal)))
        {
            InsteadOf = InsteadOf is { } why ? new InsteadOfModel(why.Code, why.Message, why.RetryAfter is { } after ? now + after : null) : null,
            Unread = [.. Scope.Messages.Select(message => message.Id.Value).Where(unread.Contains)],
        };
    }

    private TopicSummaryView ViewOf(SummaryGroup group)
    {
        var (topic, part) = (Scope.Tree.GetValueOrDefault(group.Topic.Id) ?? group.Topic, Parts[group.Key]);
        return new TopicSummaryView(topic.Id.Value, topic.Name, topic.Keywords, part.Content, part.Points, part.Engine, part.Unread.Count);
    }

    private IEnumerable<SummaryEvent> Start(SummaryGroup group)
    {
        if (_startedTopics.Add((group.Level, group.Number)))
            yield return new SummaryTopicStarted(group.Level, group.Number, group.Topic.Id.Value, group.Topic.Name, group.Topic.Keywords);
    }
}
