using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using AIChat.Application.Common;
using AIChat.Application.Rooms;
using AIChat.Application.Topics;
using AIChat.Domain.Common;
using AIChat.Domain.Messages;
using AIChat.Domain.Rooms;
using AIChat.Domain.Summaries;
using AIChat.Domain.Topics;
using AIChat.Domain.Users;
using FluentValidation;
using MediatR;

namespace AIChat.Application.Summaries;

/// <summary>What was said lately, by topic, each point with its proof. The same question about the same messages gets the stored answer.</summary>
/// <param name="Room">Where.</param>
/// <param name="By">For whom.</param>
/// <param name="HowMany">The newest so many messages; null: 100.</param>
/// <param name="Since"><c>unread</c>, or a time: messages after the caller's read mark or since then, up to 10,000, in place of <paramref name="HowMany"/>.</param>
/// <param name="Level">Summaries of this level only; null: of all three.</param>
/// <param name="Language"><c>ko</c> or <c>en</c>; null: the room's.</param>
public sealed record SummarizeRoom(RoomId Room, UserId By, int? HowMany, string? Since, string? Level, string? Language) : IRequest<Result<SummaryView>>;

/// <summary>A summary was made; for everyone in the room unless it was made for one <paramref name="Reader"/>.</summary>
public sealed record SummaryMade(RoomId Room, SummaryView Summary, UserId? Reader) : INotification;

internal sealed class SummarizeRoomShape : AbstractValidator<SummarizeRoom>
{
    public SummarizeRoomShape()
    {
        RuleFor(request => request.HowMany).InclusiveBetween(1, 1000).WithErrorCode(SummaryErrors.HowMany.Code).WithMessage(SummaryErrors.HowMany.Message);
        RuleFor(request => request.Since).Must(since => since is null || SummaryRequest.IsSince(since))
            .WithErrorCode(SummaryErrors.Since.Code).WithMessage(SummaryErrors.Since.Message);
        RuleFor(request => request.Level).Must(level => level is null or "low" or "mid" or "high")
            .WithErrorCode(SummaryErrors.Level.Code).WithMessage(SummaryErrors.Level.Message);
        RuleFor(request => request.Language).Must(language => language is null or RoomLanguage.Korean or RoomLanguage.English)
            .WithErrorCode(SummaryErrors.Language.Code).WithMessage(SummaryErrors.Language.Message);
    }
}

internal static class SummaryRequest
{
    public const string Unread = "unread";
    public const int DefaultHowMany = 100;
    public const int MaxSince = 10_000;

    public static bool IsSince(string since) => since == Unread || TryParseTime(since, out _);

    public static bool TryParseTime(string since, out DateTimeOffset time)
        => DateTimeOffset.TryParse(since, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out time);

    /// <summary>The question as a key: the same one finds the same answer.</summary>
    public static string KeyOf(SummarizeRoom request, string engine)
        => string.Join('/', engine, request.Since ?? $"last-{request.HowMany ?? DefaultHowMany}", request.Level ?? "all", request.Language ?? "auto");
}

internal sealed class SummarizeRoomHandler(
    RoomAccess access,
    IRoomRepository rooms,
    IMessageRepository messages,
    ITopicRepository topics,
    ISummaryRepository summaries,
    ISummarizer summarizer,
    IUserRepository users,
    TopicQueue queue,
    IIds ids,
    TimeProvider time,
    Announcer announcer)
    : IRequestHandler<SummarizeRoom, Result<SummaryView>>
{
    private const string ExtractiveEngine = "extractive";

    private static readonly TimeSpan PatienceForLiveFiling = TimeSpan.FromSeconds(10);

    public async Task<Result<SummaryView>> Handle(SummarizeRoom request, CancellationToken cancellationToken)
    {
        if (!(await access.ToReadAsync(request.Room, request.By, cancellationToken)).Succeeded(out var room, out var refusal))
            return refusal;
        if (!await IsFiledAsync(room, cancellationToken))
            return SummaryErrors.StillClassifying;

        var (covered, leftOut) = await CoveredAsync(request, room, cancellationToken);
        var tree = (await TopicTree.OfAsync(covered, room.Id, topics, cancellationToken)).ToDictionary(topic => topic.Id);
        var key = SummaryRequest.KeyOf(request, summarizer.Engine);
        var fingerprint = FingerprintOf(covered, tree);
        UserId? reader = request.Since == SummaryRequest.Unread ? request.By : null;
        if (await summaries.FindAsync(room.Id, key, fingerprint, reader, cancellationToken) is { } stored)
            return SummaryView.Of(stored);

        var view = await WriteAsync(request, covered, leftOut, tree, cancellationToken);
        var (first, last) = covered.Count == 0 ? (0, 0) : (covered[0].Seq, covered[^1].Seq);
        // Where the model could not answer it is asked again the next time.
        var summary = Summary.Of(new SummaryId(view.SummaryId), room.Id, view.InsteadOf is null ? key : key + "/instead", fingerprint, first, last, view.ToBody(), reader, time.GetUtcNow());
        await summaries.SaveAsync(summary, cancellationToken);

        // A message that was edited or taken back while this was being written: its old words must not stay.
        var (now, _) = await CoveredAsync(request, room, CancellationToken.None);
        foreach (var changed in covered.ExceptBy(now.Select(message => (message.Id, message.EditedAt)), message => (message.Id, message.EditedAt)))
        {
            var current = await messages.FindAsync(room.Id, changed.Id, CancellationToken.None);
            if (current is null || current.IsDeleted || current.EditedAt != changed.EditedAt)
            {
                await summaries.DropCoveringAsync(room.Id, changed.Seq, CancellationToken.None);
                return SummaryErrors.Changed;
            }
        }

        await announcer.TellAsync(new SummaryMade(room.Id, view, reader));
        return view;
    }

    /// <summary>Waits a moment for messages that are just being filed; a summary of them without topics would say nothing.</summary>
    private async Task<bool> IsFiledAsync(Room room, CancellationToken cancellation)
    {
        var started = time.GetTimestamp();
        while ((await messages.ListAsync(MessagesOfRoom.Unclassified(room.Id, 1), cancellation)) is [var waiting] && waiting.Seq <= room.LastSeq)
        {
            if (time.GetElapsedTime(started) > PatienceForLiveFiling)
                return false;
            queue.Wake(room.Id);
            await Task.Delay(TimeSpan.FromMilliseconds(100), time, cancellation);
        }

        return true;
    }

    /// <summary>The messages that are asked for, and how many more there are whose authors keep them from a model elsewhere.</summary>
    private async Task<(IReadOnlyList<Message> Covered, int LeftOut)> CoveredAsync(SummarizeRoom request, Room room, CancellationToken cancellation)
    {
        var specification = request.Since switch
        {
            null => MessagesOfRoom.Living(room.Id, 0, null, request.HowMany ?? SummaryRequest.DefaultHowMany),
            SummaryRequest.Unread => MessagesOfRoom.Living(
                room.Id, (await rooms.ReadMarksAsync(request.By, [room.Id], cancellation)).GetValueOrDefault(room.Id), null, SummaryRequest.MaxSince),
            var since when SummaryRequest.TryParseTime(since, out var from) => MessagesOfRoom.Living(room.Id, 0, from, SummaryRequest.MaxSince),
            _ => throw new InvalidOperationException("The validator lets no other value through."),
        };
        var asked = (await messages.ListAsync(specification, cancellation)).Reverse().ToList();
        if (!summarizer.SendsElsewhere)
            return (asked, 0);
        var kept = await users.KeptFromAiAsync([.. asked.Select(message => message.UserId).OfType<UserId>().Distinct()], cancellation);
        return (asked.FindAll(message => message.UserId is not { } author || !kept.Contains(author)), asked.Count(message => message.UserId is { } author && kept.Contains(author)));
    }

    private async Task<SummaryView> WriteAsync(SummarizeRoom request, IReadOnlyList<Message> covered, int leftOut, Dictionary<TopicId, Topic> tree, CancellationToken cancellation)
    {
        var language = request.Language ?? RoomLanguage.Of(covered.Select(message => message.Content!));
        var topicIds = LevelsOf<IReadOnlyList<Topic?>>.From(level => [.. covered.Select(message => At(level, message.TopicId, tree))]);
        var labels = LevelsOf<IReadOnlyList<int>>.From(level => Number(topicIds.At(level)));
        var notes = new Written();
        var written = new Dictionary<TopicLevel, IReadOnlyDictionary<string, TopicSummaryView>>();
        foreach (var level in Enum.GetValues<TopicLevel>())
        {
            var wanted = request.Level is null || Enum.Parse<TopicLevel>(request.Level, ignoreCase: true) == level;
            written[level] = wanted
                ? await SummarizeAsync(request, covered, topicIds.At(level), labels.At(level), language, notes, cancellation)
                : new Dictionary<string, TopicSummaryView>();
        }

        return new SummaryView(
            ids.New(),
            request.Room.Value,
            request.HowMany ?? SummaryRequest.DefaultHowMany,
            covered.Count == 0 ? null : covered[0].Id.Value,
            notes.IsByModel ? summarizer.Engine : notes.Any ? ExtractiveEngine : summarizer.Engine,
            language,
            leftOut,
            [.. covered.Select(message => message.Id.Value)],
            labels,
            LevelsOf<IReadOnlyList<string?>>.From(level => [.. topicIds.At(level).Select(topic => topic?.Id.Value)]),
            LevelsOf<IReadOnlyDictionary<string, TopicSummaryView>>.From(level => written[level]))
        {
            InsteadOf = notes.Refusal is { } refusal ? new InsteadOfModel(refusal.Code, refusal.Message, refusal.RetryAfter is { } after ? time.GetUtcNow() + after : null) : null,
        };
    }

    private async Task<IReadOnlyDictionary<string, TopicSummaryView>> SummarizeAsync(
        SummarizeRoom asked, IReadOnlyList<Message> covered, IReadOnlyList<Topic?> topicOf, IReadOnlyList<int> labels, string language, Written notes, CancellationToken cancellation)
    {
        var groups = Enumerable.Range(0, covered.Count).Where(i => labels[i] >= 0).GroupBy(i => labels[i]).OrderBy(group => group.Key).Select(group => group.ToList()).ToList();
        var request = new DigestRequest([.. groups.Select(group => (IReadOnlyList<ChatLine>)[.. group.Select(i => LineOf(covered[i]))])], language, new SpendingAccount(asked.By, asked.Room));
        var digests = await summarizer.SummarizeAsync(request, cancellation).OfType<DigestTold>().Select(part => part.Digest).ToListAsync(cancellation);
        foreach (var digest in digests)
        {
            notes.Any = true;
            notes.IsByModel |= digest.Engine != ExtractiveEngine;
            notes.Refusal ??= digest.InsteadOf;
        }

        return groups.Zip(digests).ToDictionary(
            pair => labels[pair.First[0]].ToString(CultureInfo.InvariantCulture),
            pair =>
            {
                var topic = topicOf[pair.First[0]]!;
                var points = pair.Second.Points.Select(point => new SummaryPointView(point.Text, [.. point.Citations.Select(line => covered[pair.First[line]].Id.Value)], point.Kind, point.IsWeak));
                return new TopicSummaryView(topic.Id.Value, topic.Name, topic.Keywords, pair.Second.Content, [.. points], pair.Second.Engine, pair.Second.Unread.Count);
            },
            StringComparer.Ordinal);
    }

    private static ChatLine LineOf(Message message) => new(message.SpeakerKey, message.Nickname, message.Content!, message.CreatedAt) { Embedding = message.Embedding };

    private static Topic? At(TopicLevel level, TopicId? conversation, Dictionary<TopicId, Topic> tree)
    {
        var topic = conversation is { } id ? tree.GetValueOrDefault(id) : null;
        while (topic is not null && topic.Level != level)
            topic = topic.ParentId is { } parent ? tree.GetValueOrDefault(parent) : null;
        return topic;
    }

    private static List<int> Number(IReadOnlyList<Topic?> topics)
    {
        var numbers = new Dictionary<TopicId, int>();
        return [.. topics.Select(topic => topic is null ? -1 : numbers.TryGetValue(topic.Id, out var known) ? known : numbers[topic.Id] = numbers.Count)];
    }

    private static string FingerprintOf(IReadOnlyList<Message> covered, Dictionary<TopicId, Topic> tree)
    {
        var text = new StringBuilder();
        foreach (var message in covered)
            text.Append(CultureInfo.InvariantCulture, $"{message.Id} {message.EditedAt?.UtcTicks} {message.TopicId}\n");
        foreach (var topic in tree.Values.OrderBy(topic => topic.Id.Value, StringComparer.Ordinal))
            text.Append(CultureInfo.InvariantCulture, $"{topic.Id} {topic.ParentId} {topic.Name}\n");
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())));
    }

    /// <summary>Who wrote the parts of a summary.</summary>
    private sealed class Written
    {
        public bool Any { get; set; }

        public bool IsByModel { get; set; }

        /// <summary>Why a model did not write a part; the first of them.</summary>
        public Error? Refusal { get; set; }
    }
}
