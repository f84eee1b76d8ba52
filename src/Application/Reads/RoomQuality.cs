using AIChat.Application.Rooms;
using AIChat.Domain.Summaries;
using AIChat.Domain.Topics;

namespace AIChat.Application.Reads;

/// <summary>
/// Measures the quality of a room's topics and summaries for its operator: sizes of conversations, corrections, uncertain assignments and votes.
/// </summary>
public sealed record RoomQuality(RoomId Room, UserId By) : IRequest<Result<RoomQualityView>>;

/// <param name="Topics">Number of topics of each level.</param>
/// <param name="Sizes">Distribution of messages per conversation.</param>
/// <param name="Singletons">Number of conversations of one message.</param>
/// <param name="Corrections">Corrections by people.</param>
/// <param name="Links">Certainty of the newest messages' assignments.</param>
/// <param name="Summaries">Votes for each engine's summaries.</param>
/// <param name="Model">What it costs to have a language model find the conversations; null: there is none.</param>
public sealed record RoomQualityView(LevelCounts Topics, SizesView Sizes, int Singletons, CorrectionRate Corrections, LinkDoubts Links, IReadOnlyList<EngineRate> Summaries, ModelCostView? Model);

/// <param name="Engine"><c>openai:</c> and the model's name.</param>
/// <param name="Per200Messages">US dollars, about.</param>
/// <param name="Waiting">Messages that wait for it; 0 where it is off.</param>
/// <param name="WholeRoom">US dollars for all messages of the room, about.</param>
public sealed record ModelCostView(string Engine, decimal Per200Messages, long Waiting, decimal WholeRoom);

public sealed record LevelCounts(int Low, int Mid, int High);

/// <summary>Messages per conversation; zeros if there is none.</summary>
public sealed record SizesView(long Smallest, long Median, long P90, long Largest);

/// <param name="InForce">Corrections in force among the newest 1,000.</param>
/// <param name="Undone">Corrections among them that were undone.</param>
/// <param name="MovedMessages">Messages moved by the corrections in force.</param>
/// <param name="MovedPerThousand">Moved messages per 1,000 messages of the room.</param>
public sealed record CorrectionRate(int InForce, int Undone, int MovedMessages, double MovedPerThousand);

/// <param name="Newest">Number of newest messages that were considered.</param>
/// <param name="Unclassified">Messages that are not classified yet.</param>
/// <param name="Noise">Messages without a conversation.</param>
/// <param name="Judged">Messages that had more than one candidate conversation.</param>
/// <param name="LowMargin">Messages among them whose margin is below <paramref name="Threshold"/>.</param>
/// <param name="Threshold">Margin = P(chosen conversation) − P(next best).</param>
/// <param name="LeastSure">The messages with the lowest margins.</param>
public sealed record LinkDoubts(long Newest, long Unclassified, long Noise, long Judged, long LowMargin, double Threshold, IReadOnlyList<DoubtfulMessage> LeastSure);

public sealed record DoubtfulMessage(string MessageId, long Seq, string? TopicId, double Margin);

/// <param name="Engine"><c>extractive</c>, or <c>openai:</c> and the model's name.</param>
/// <param name="Up">Positive votes.</param>
/// <param name="Down">Negative votes.</param>
/// <param name="UpRate">Positive votes as a share of all, 0 to 1.</param>
public sealed record EngineRate(string Engine, long Up, long Down, double UpRate);

internal sealed class RoomQualityHandler(RoomAccess access, ITopicRepository topics, ICorrectionRepository corrections, IMessageRepository messages, ISummaryRepository summaries, IDisentangler disentangler)
    : IRequestHandler<RoomQuality, Result<RoomQualityView>>
{
    private const int NewestCorrections = 1_000;
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
            await VotesAsync(room.Id, cancellationToken),
            disentangler.Engine is { } engine
                ? new ModelCostView(engine, disentangler.Estimate(200), room.TopicsBy == TopicsBy.Model ? room.LastSeq - room.ModelUpToSeq : 0, disentangler.Estimate(room.MessageCount))
                : null);
    }

    private async Task<CorrectionRate> CorrectionsAsync(Room room, CancellationToken cancellation)
    {
        var newest = await corrections.ListAsync(CorrectionsOfRoom.Before(room.Id, null, NewestCorrections), cancellation);
        var inForce = newest.Where(correction => correction.UndoneAt is null).ToList();
        var moved = inForce.SelectMany(correction => correction.Moved()).Select(each => each.Seq).Distinct().Count();
        return new CorrectionRate(inForce.Count, newest.Count - inForce.Count, moved, room.MessageCount == 0 ? 0 : 1000.0 * moved / room.MessageCount);
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
