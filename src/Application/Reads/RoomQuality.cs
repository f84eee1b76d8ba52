using AIChat.Application.Rooms;
using AIChat.Domain.Summaries;
using AIChat.Domain.Topics;

namespace AIChat.Application.Reads;

/// <summary>How good are a room's topics and summaries? Evidence for whoever runs it: how large conversations are, what people corrected, where the classifier was unsure, and how people vote.</summary>
public sealed record RoomQuality(RoomId Room, UserId By) : IRequest<Result<RoomQualityView>>;

/// <param name="Topics">How many there are of each level.</param>
/// <param name="Sizes">Messages of a conversation.</param>
/// <param name="Singletons">Conversations of one message.</param>
/// <param name="Corrections">What people put right.</param>
/// <param name="Links">How sure the classifier was of the newest messages.</param>
/// <param name="Summaries">What people think of each engine's summaries.</param>
public sealed record RoomQualityView(LevelCounts Topics, SizesView Sizes, int Singletons, CorrectionRate Corrections, LinkDoubts Links, IReadOnlyList<EngineRate> Summaries);

public sealed record LevelCounts(int Low, int Mid, int High);

/// <summary>Of all conversations; zeros where there are none.</summary>
public sealed record SizesView(long Smallest, long Median, long P90, long Largest);

/// <param name="InForce">Corrections that hold, of the newest <see cref="RoomQualityHandler.NewestCorrections"/>.</param>
/// <param name="Undone">Those that were taken back.</param>
/// <param name="MovedMessages">Messages that those in force moved.</param>
/// <param name="MovedPerThousand">Of 1,000 messages of the room, how many people had to move.</param>
public sealed record CorrectionRate(int InForce, int Undone, int MovedMessages, double MovedPerThousand);

/// <param name="Newest">How many of the room's newest numbers this is about.</param>
/// <param name="Unclassified">Messages that wait for a verdict.</param>
/// <param name="Noise">Messages that belong nowhere.</param>
/// <param name="Judged">Messages whose conversation was a choice.</param>
/// <param name="LowMargin">Those among them that another conversation would have suited nearly as well.</param>
/// <param name="Threshold">P(the chosen) − P(the next best) below which a margin is low.</param>
/// <param name="LeastSure">The ones with the lowest margins.</param>
public sealed record LinkDoubts(long Newest, long Unclassified, long Noise, long Judged, long LowMargin, double Threshold, IReadOnlyList<DoubtfulMessage> LeastSure);

public sealed record DoubtfulMessage(string MessageId, long Seq, string? TopicId, double Margin);

/// <param name="Engine"><c>extractive</c>, or <c>openai:</c> and the model's name.</param>
/// <param name="Up">Votes for.</param>
/// <param name="Down">Votes against.</param>
/// <param name="UpRate">Votes for, of all.</param>
public sealed record EngineRate(string Engine, long Up, long Down, double UpRate);

internal sealed class RoomQualityHandler(RoomAccess access, ITopicRepository topics, ICorrectionRepository corrections, IMessageRepository messages, ISummaryRepository summaries)
    : IRequestHandler<RoomQuality, Result<RoomQualityView>>
{
    internal const int NewestCorrections = 1_000;
    private const long NewestMessages = 10_000;
    private const float LowMargin = 0.2f;
    private const int Examples = 20;

    public async Task<Result<RoomQualityView>> Handle(RoomQuality request, CancellationToken cancellationToken)
    {
        if (!(await access.ToReadAsync(request.Room, request.By, cancellationToken)).Succeeded(out var room, out var refusal))
            return refusal;
        var all = (await topics.ListAsync(TopicsOfRoom.All(room.Id), cancellationToken)).Where(topic => topic.MessageCount > 0).ToLookup(topic => topic.Level);
        var sizes = all[TopicLevel.High].Select(topic => topic.MessageCount).Order().ToList();
        return new RoomQualityView(
            new LevelCounts(all[TopicLevel.Low].Count(), all[TopicLevel.Mid].Count(), sizes.Count),
            sizes.Count == 0 ? new SizesView(0, 0, 0, 0) : new SizesView(sizes[0], sizes[(sizes.Count - 1) / 2], sizes[(int)Math.Ceiling(0.9 * sizes.Count) - 1], sizes[^1]),
            sizes.Count(size => size == 1),
            await CorrectionsAsync(room, cancellationToken),
            await LinksAsync(room, cancellationToken),
            await VotesAsync(room.Id, cancellationToken));
    }

    private async Task<CorrectionRate> CorrectionsAsync(Room room, CancellationToken cancellation)
    {
        var made = await corrections.ListAsync(CorrectionsOfRoom.Before(room.Id, null, NewestCorrections), cancellation);
        var inForce = made.Where(correction => correction.UndoneAt is null).ToList();
        var moved = inForce.SelectMany(correction => correction.Moved()).Select(each => each.Seq).Distinct().Count();
        return new CorrectionRate(inForce.Count, made.Count - inForce.Count, moved, room.MessageCount == 0 ? 0 : 1000.0 * moved / room.MessageCount);
    }

    private async Task<IReadOnlyList<EngineRate>> VotesAsync(RoomId room, CancellationToken cancellation)
        => [.. (await summaries.VotesAsync(room, cancellation)).Select(engine => new EngineRate(engine.Engine, engine.Up, engine.Down, Math.Round((double)engine.Up / (engine.Up + engine.Down), 3)))];

    private async Task<LinkDoubts> LinksAsync(Room room, CancellationToken cancellation)
    {
        var after = Math.Max(0, room.LastSeq - NewestMessages);
        var doubtful = MessagesOfRoom.LowMargin(room.Id, after, LowMargin, Examples);
        return new LinkDoubts(
            room.LastSeq - after,
            await messages.CountAsync(MessagesOfRoom.Unclassified(room.Id, 1), cancellation),
            await messages.CountAsync(MessagesOfRoom.Noise(room.Id, after), cancellation),
            await messages.CountAsync(MessagesOfRoom.LowMargin(room.Id, after, float.MaxValue, 1), cancellation),
            await messages.CountAsync(doubtful, cancellation),
            Math.Round(LowMargin, 3),
            [.. (await messages.ListAsync(doubtful, cancellation)).Select(message => new DoubtfulMessage(message.Id.Value, message.Seq, message.TopicId?.Value, Math.Round(message.LinkMargin!.Value, 3)))]);
    }
}
