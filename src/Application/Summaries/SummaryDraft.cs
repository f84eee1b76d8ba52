using System.Globalization;
using AIChat.Application.Topics;
using AIChat.Domain.Topics;

namespace AIChat.Application.Summaries;

/// <summary>A summary while it is written: its conversations, the parts that are done, and what of them was announced.</summary>
/// <param name="request">The request.</param>
/// <param name="scope">What it covers.</param>
/// <param name="id">The summary's id.</param>
/// <param name="language">Its language.</param>
/// <param name="engine">The engine that writes it.</param>
/// <param name="groups">The topics of each level that was asked for, and in any case the conversations, of which the themes are made.</param>
internal sealed class SummaryDraft(SummaryRequest request, SummaryScope scope, string id, string language, string engine, IReadOnlyList<SummaryGroup> groups)
{
    public const string Extractive = "extractive";

    private readonly HashSet<object> _announced = [];
    private readonly int _words = SummaryLength.Words(request.MessagesAsked ?? scope.Messages.Count, scope.Messages.Sum(message => Text.Words(message.Content!)));
    private int _announcedWords;

    public SummaryRequest Request => request;

    public SummaryScope Scope { get; set; } = scope;

    /// <summary>Finished parts of conversations by <see cref="SummaryGroup.Key"/>.</summary>
    public Dictionary<string, WrittenPart> Parts { get; } = new(StringComparer.Ordinal);

    /// <summary>Why an extractive engine stood in for a language model; null: it did not.</summary>
    public Error? InsteadOf { get; set; }

    /// <summary>Announces an outcome or point that a model has just given, for each conversation with exactly these messages, unless that would be more than a summary may have.</summary>
    public IEnumerable<SummaryEvent> Announce(string key, WrittenPoint said, bool isOutcome)
    {
        if (!request.Covers(TopicLevel.High) || _announcedWords + said.Words > _words)
            return [];
        _announcedWords += said.Words;
        return NotYet(groups.Where(group => group.Level == TopicLevel.High && group.Key == key).SelectMany(group => (SummaryEvent[])
        [
            new SummaryTopicStarted(group.Level, group.Number, group.Topic.Id.Value, group.Topic.Name, group.Topic.Keywords),
            isOutcome ? new SummaryOutcomeReady(group.Level, group.Number, said.ToOutcome()) : new SummaryPointReady(group.Level, group.Number, said.ToView()),
        ]));
    }

    /// <summary>Announces all of the finished summary that was not announced yet.</summary>
    public IEnumerable<SummaryEvent> Announce(SummaryView whole) => NotYet(SummaryEvent.Of(whole));

    /// <summary>The summary so far.</summary>
    public SummaryView View(DateTimeOffset now)
    {
        var unread = Parts.Values.SelectMany(part => part.Unread).ToHashSet(StringComparer.Ordinal);
        List<int> read = [.. Enumerable.Range(0, Scope.Messages.Count).Where(i => !unread.Contains(Scope.Messages[i].Id.Value))];
        var numbers = LevelsOf<IReadOnlyList<int>>.From(level => SummaryScope.Number(Scope.Topics.At(level)));
        var levels = LevelsOf<(IReadOnlyDictionary<string, TopicSummaryView> Topics, ClosingView? Closing)>.From(LevelView);
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
            LevelsOf<IReadOnlyDictionary<string, TopicSummaryView>>.From(level => levels.At(level).Topics))
        {
            InsteadOf = InsteadOf is { } why ? new InsteadOfModel(why.Code, why.Message, why.RetryAfter is { } after ? now + after : null) : null,
            Unread = [.. Scope.Messages.Select(message => message.Id.Value).Where(unread.Contains)],
            Closing = LevelsOf<ClosingView?>.From(level => levels.At(level).Closing),
        };
    }

    private (IReadOnlyDictionary<string, TopicSummaryView> Topics, ClosingView? Closing) LevelView(TopicLevel level)
    {
        if (!request.Covers(level))
            return (new Dictionary<string, TopicSummaryView>(), null);
        var finished = groups.Where(group => group.Level == level).Select(group => (Group: group, Part: PartOf(group))).Where(each => each.Part is not null).ToList();
        var shown = SummaryLength.Choose([.. finished.Select(each => (each.Part!, each.Group.Messages.Count))], _words);
        List<SummaryGroup> smaller = [.. finished.Where((_, i) => !shown[i].IsAny).Select(each => each.Group)];
        return (
            finished.Select((each, i) => (each.Group.Number, View: ViewOf(each.Group, each.Part!, shown[i]))).ToDictionary(each => each.Number.ToString(CultureInfo.InvariantCulture), each => each.View, StringComparer.Ordinal),
            smaller.Count == 0 ? null : ClosingView.Of(smaller.Count, smaller.Sum(group => group.Messages.Count), language));
    }

    /// <summary>A conversation's part, or a theme's made of those of its conversations; null: not finished.</summary>
    private WrittenPart? PartOf(SummaryGroup group)
    {
        if (Parts.TryGetValue(group.Key, out var written))
            return written;
        if (group.Level == TopicLevel.High)
            return null;
        var conversations = group.Messages.Select(message => message.TopicId).Distinct().Join(groups.Where(each => each.Level == TopicLevel.High), topic => topic, each => each.Topic.Id, (_, each) => each);
        List<WrittenPart?> parts = [.. conversations.Select(each => Parts.GetValueOrDefault(each.Key))];
        return parts.Contains(null) ? null : WrittenPart.OfTheme(parts!);
    }

    private TopicSummaryView ViewOf(SummaryGroup group, WrittenPart part, ShownPart shown)
    {
        var topic = Scope.Tree.GetValueOrDefault(group.Topic.Id) ?? group.Topic;
        var places = group.Messages.Select((message, place) => (message.Id.Value, place)).ToDictionary(StringComparer.Ordinal);
        List<WrittenPoint> points = [.. shown.Points.OrderBy(point => places[point.Citations[0]])];
        return new TopicSummaryView(
            topic.Id.Value, topic.Name, topic.Keywords, string.Join('\n', points.Prepend(shown.Outcome).OfType<WrittenPoint>().Select(point => point.Text)), [.. points.Select(point => point.ToView())], part.Engine, part.Unread.Count)
        {
            Outcome = shown.Outcome?.ToOutcome(),
            Language = part.Engine == Extractive ? RoomLanguage.Of(group.Messages.Select(message => message.Content!)) : language,
        };
    }

    private IEnumerable<SummaryEvent> NotYet(IEnumerable<SummaryEvent> events) => events.Where(step => _announced.Add(step switch
    {
        SummaryTopicStarted topic => (topic.Level, topic.Number),
        SummaryOutcomeReady outcome => (outcome.Level, outcome.Number, outcome.Outcome.Text),
        SummaryPointReady point => (point.Level, point.Number, point.Point.Text),
        _ => throw new InvalidOperationException("Nothing else is announced."),
    }));
}
