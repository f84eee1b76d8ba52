using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text.Json;
using AIChat.Application.Common;
using AIChat.Application.Reads;
using AIChat.Application.Topics;
using AIChat.Domain.Summaries;
using AIChat.Domain.Topics;

namespace AIChat.Application.Summaries;

/// <summary>Makes a summary, part by part, stores it and tells the room. Parts that are stored already are taken from there.</summary>
internal sealed class SummaryWriter(SummaryReader reader, ISummaryRepository summaries, ISummarizer summarizer, ModelGivenTopicNames names, IIdGenerator ids, TimeProvider time, EventPublisher announcer)
{
    public const string Extractive = "extractive";

    /// <summary>Nobody asks for the same old lines for longer.</summary>
    private static readonly TimeSpan KeepParts = TimeSpan.FromDays(14);

    /// <summary>That which is shown first is made first.</summary>
    private static readonly TopicLevel[] Order = [TopicLevel.High, TopicLevel.Mid, TopicLevel.Low];

    public async IAsyncEnumerable<SummaryEvent> WriteAsync(SummarizeRoom request, SummaryScope scope, string key, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var readAt = time.GetUtcNow();
        var id = request.Period is { } period ? string.Create(CultureInfo.InvariantCulture, $"digest-{request.Room}-{period.Until:yyyyMMddHHmm}") : ids.New();
        var language = request.Language ?? RoomLanguage.Of(scope.Messages.Select(message => message.Content!));
        List<SummaryGroup> groups = [.. Order.Where(level => request.Covers(level)).SelectMany(level => scope.Groups(level, language, summarizer.Engine))];
        var making = new GroupProgress(request, scope, id, language, summarizer.Engine, groups);
        yield return new SummaryBegun(making.View(time.GetUtcNow()));

        foreach (var stored in await summaries.PartsAsync(request.Room, [.. groups.Select(group => group.Key).Distinct()], cancellation))
        {
            making.Parts[stored.Id] = JsonSerializer.Deserialize<WrittenPart>(stored.Body)!;
            foreach (var told in making.Tell(stored.Id))
                yield return told;
        }

        var unwritten = groups.Where(group => !making.Parts.ContainsKey(group.Key)).DistinctBy(group => group.Key).ToList();
        var asked = new GroupSummaryRequest([.. unwritten.Select(group => (IReadOnlyList<ChatLine>)[.. group.Messages.Select(LineOf)])], language, new SpendingAccount(request.By, request.Room));
        await foreach (var part in summarizer.SummarizeAsync(asked, cancellation))
        {
            var group = unwritten[part.Group];
            if (part is PointReady { Point: var point })
            {
                foreach (var told in making.Tell(group.Key, WrittenPart.PointOf(point, group)))
                    yield return told;
            }
            else if (part is GroupReady { Summary: var digest })
            {
                making.Parts[group.Key] = WrittenPart.Of(digest, group);
                making.InsteadOf ??= digest.InsteadOf;

                // Where a model was to answer and did not, it is asked again the next time.
                if (digest.InsteadOf is null)
                    await KeepAsync(group, making.Parts[group.Key], readAt, cancellation);
                foreach (var told in making.Tell(group.Key))
                    yield return told;
            }
        }

        // Names first: the summary shows them, and is found again by them.
        var given = groups.Where(group => unwritten.Exists(each => each.Key == group.Key) && making.Parts[group.Key].Name is not null).DistinctBy(group => group.Topic.Id).ToDictionary(group => group.Topic.Id, group => making.Parts[group.Key].Name!);
        if (await names.StoreAsync(request.Room, given, cancellation))
            making.Scope = scope with { Tree = await reader.TreeAsync(request.Room, scope.Messages, cancellation) };
        yield return await StoreAsync(making, key, readAt);
    }

    private static ChatLine LineOf(Message message) => new(message.SpeakerKey, message.Nickname, message.Content!, message.CreatedAt) { NgramProfile = message.NgramProfile };

    /// <summary>A message that was edited or taken back while this was being written: its old words must not stay.</summary>
    private async Task<bool> DropChangedAsync(RoomId room, IReadOnlyList<Message> read)
    {
        var changed = await reader.ChangedAsync(read, CancellationToken.None);
        foreach (var message in changed)
            await summaries.DropCoveringAsync(room, message.Seq, CancellationToken.None);
        return changed.Count > 0;
    }

    private async Task KeepAsync(SummaryGroup group, WrittenPart part, DateTimeOffset readAt, CancellationToken cancellation)
    {
        var room = group.Topic.RoomId;
        await summaries.SavePartAsync(SummaryPart.Of(group.Key, room, group.Messages[0].Seq, group.Messages[^1].Seq, JsonSerializer.Serialize(part), readAt), readAt - KeepParts, cancellation);
        await DropChangedAsync(room, group.Messages);
    }

    private async Task<SummaryEvent> StoreAsync(GroupProgress making, string key, DateTimeOffset readAt)
    {
        var (request, scope) = (making.Request, making.Scope);
        var view = making.View(time.GetUtcNow());
        var (first, last) = scope.Messages.Count == 0 ? (0, 0) : (scope.Messages[0].Seq, scope.Messages[^1].Seq);
        var stored = await summaries.SaveAsync(Summary.Of(new SummaryId(view.SummaryId), request.Room, key, scope.Fingerprint, first, last, view.ToBody(), request.Reader, readAt), CancellationToken.None);
        if (await DropChangedAsync(request.Room, scope.Messages))
            return new SummaryRefused(SummaryErrors.Changed);
        if (stored)
            await announcer.PublishAsync(new SummaryMade(request.Room, view, request.Reader));
        return new SummaryDone(view);
    }

    /// <summary>A summary that is being made.</summary>
    private sealed class GroupProgress(SummarizeRoom request, SummaryScope scope, string id, string language, string engine, List<SummaryGroup> groups)
    {
        private readonly HashSet<(TopicLevel Level, int Number)> topics = [];
        private readonly HashSet<string> streamed = new(StringComparer.Ordinal);

        public SummarizeRoom Request => request;

        public SummaryScope Scope { get; set; } = scope;

        public Dictionary<string, WrittenPart> Parts { get; } = new(StringComparer.Ordinal);

        public Error? InsteadOf { get; set; }

        /// <summary>A point of each topic that has these messages.</summary>
        public IEnumerable<SummaryEvent> Tell(string key, SummaryPointView point)
        {
            streamed.Add(key);
            return groups.Where(group => group.Key == key).SelectMany(group => Begin(group).Append(new SummaryPointReady(group.Level, group.Number, point)));
        }

        /// <summary>What is known of a part, unless its points were told as they came.</summary>
        public IEnumerable<SummaryEvent> Tell(string key)
            => streamed.Add(key)
                ? groups.Where(group => group.Key == key).SelectMany(group => Begin(group).Concat(Parts[key].Points.Select(point => new SummaryPointReady(group.Level, group.Number, point))))
                : [];

        /// <summary>It as far as it is known.</summary>
        public SummaryView View(DateTimeOffset now)
        {
            // Read is what was in at least one part, and what is in none.
            var unread = groups.Where(group => Parts.ContainsKey(group.Key)).SelectMany(group => Parts[group.Key].Unread).ToHashSet(StringComparer.Ordinal);
            unread.ExceptWith(groups.Where(group => Parts.ContainsKey(group.Key)).SelectMany(group => group.Messages.Select(message => message.Id.Value).Except(Parts[group.Key].Unread, StringComparer.Ordinal)));
            List<int> read = [.. Enumerable.Range(0, Scope.Messages.Count).Where(i => !unread.Contains(Scope.Messages[i].Id.Value))];
            var numbers = LevelsOf<IReadOnlyList<int>>.From(level => SummaryScope.Number(Scope.Topics.At(level)));
            var engines = Parts.Values.Select(part => part.Engine).ToList();
            return new SummaryView(
                id,
                request.Room.Value,
                request.HowMany ?? SummaryRequest.DefaultHowMany,
                read.Count == 0 ? null : Scope.Messages[read[0]].Id.Value,
                engines.Count > 0 && engines.TrueForAll(each => each == Extractive) ? Extractive : engine,
                language,
                Scope.LeftOut,
                [.. read.Select(i => Scope.Messages[i].Id.Value)],
                LevelsOf<IReadOnlyList<int>>.From(level => [.. read.Select(i => numbers.At(level)[i])]),
                LevelsOf<IReadOnlyList<string?>>.From(level => [.. read.Select(i => Scope.Topics.At(level)[i]?.Id.Value)]),
                LevelsOf<IReadOnlyDictionary<string, TopicSummaryView>>.From(level => groups.Where(group => group.Level == level && Parts.ContainsKey(group.Key))
                    .ToDictionary(group => group.Number.ToString(CultureInfo.InvariantCulture), Whole, StringComparer.Ordinal)))
            {
                InsteadOf = InsteadOf is { } why ? new InsteadOfModel(why.Code, why.Message, why.RetryAfter is { } after ? now + after : null) : null,
                Unread = [.. Scope.Messages.Select(message => message.Id.Value).Where(unread.Contains)],
            };
        }

        private TopicSummaryView Whole(SummaryGroup group)
        {
            var (topic, part) = (Scope.Tree.GetValueOrDefault(group.Topic.Id) ?? group.Topic, Parts[group.Key]);
            return new TopicSummaryView(topic.Id.Value, topic.Name, topic.Keywords, part.Content, part.Points, part.Engine, part.Unread.Count);
        }

        private IEnumerable<SummaryEvent> Begin(SummaryGroup group)
        {
            if (topics.Add((group.Level, group.Number)))
                yield return new SummaryTopicStarted(group.Level, group.Number, group.Topic.Id.Value, group.Topic.Name, group.Topic.Keywords);
        }
    }
}

/// <summary>What is stored of a group: a digest whose lines are messages.</summary>
internal sealed record WrittenPart(string Engine, string Content, string? Name, IReadOnlyList<SummaryPointView> Points, IReadOnlyList<string> Unread)
{
    public static WrittenPart Of(GroupSummary digest, SummaryGroup group) => new(
        digest.Engine, digest.Content, digest.Name, [.. digest.Points.Select(point => PointOf(point, group))], [.. digest.Unread.Select(line => group.Messages[line].Id.Value)]);

    public static SummaryPointView PointOf(SummaryPoint point, SummaryGroup group) => new(point.Text, [.. point.Citations.Select(line => group.Messages[line].Id.Value)], point.Kind, point.IsWeak);
}
