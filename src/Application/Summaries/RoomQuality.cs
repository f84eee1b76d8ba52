using AIChat.Application.Rooms;
using AIChat.Application.Topics;
using AIChat.Domain.Common;
using AIChat.Domain.Rooms;
using AIChat.Domain.Summaries;
using AIChat.Domain.Users;
using MediatR;

namespace AIChat.Application.Summaries;

/// <summary>How good are a room's topics and summaries?</summary>
public sealed record RoomQuality(RoomId Room, UserId By) : IRequest<Result<RoomQualityView>>;

/// <inheritdoc cref="QualityView"/>
/// <param name="Topics">How many there are of each level.</param>
/// <param name="Sizes">Messages of a conversation.</param>
/// <param name="Singletons">Conversations of one message.</param>
/// <param name="Corrections">What people put right.</param>
/// <param name="Links">How sure the classifier was of the newest messages.</param>
/// <param name="Summaries">What people think of each engine's summaries.</param>
public sealed record RoomQualityView(LevelCounts Topics, SizesView Sizes, int Singletons, CorrectionRate Corrections, LinkDoubts Links, IReadOnlyList<EngineRate> Summaries);

/// <param name="Engine"><c>extractive</c>, or <c>openai:</c> and the model's name.</param>
/// <param name="Up">Votes for.</param>
/// <param name="Down">Votes against.</param>
/// <param name="UpRate">Votes for, of all.</param>
public sealed record EngineRate(string Engine, long Up, long Down, double UpRate);

internal sealed class RoomQualityHandler(RoomAccess access, ISummaryRepository summaries, IMediator mediator) : IRequestHandler<RoomQuality, Result<RoomQualityView>>
{
    public async Task<Result<RoomQualityView>> Handle(RoomQuality request, CancellationToken cancellationToken)
    {
        if (!(await access.ToReadAsync(request.Room, request.By, cancellationToken)).Succeeded(out var room, out var refusal))
            return refusal;
        if (!(await mediator.Send(new TopicQuality(room.Id, request.By), cancellationToken)).Succeeded(out var topics, out refusal))
            return refusal;
        var votes = await summaries.VotesAsync(room.Id, cancellationToken);
        return new RoomQualityView(
            topics.Topics,
            topics.Sizes,
            topics.Singletons,
            topics.Corrections,
            topics.Links,
            [.. votes.Select(engine => new EngineRate(engine.Engine, engine.Up, engine.Down, Math.Round((double)engine.Up / (engine.Up + engine.Down), 3)))]);
    }
}
