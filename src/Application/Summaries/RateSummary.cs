using System.Globalization;
using AIChat.Application.Rooms;
using AIChat.Domain.Summaries;
using AIChat.Domain.Topics;
using FluentValidation;

namespace AIChat.Application.Summaries;

/// <summary>A user votes on a summary or one of its points. A later vote on the same target replaces the earlier one.</summary>
/// <param name="Room">The room.</param>
/// <param name="Summary">The summary.</param>
/// <param name="By">The voter.</param>
/// <param name="Point">Level, topic number and index of the point from 0, such as <c>high/0/2</c>; null: the whole summary.</param>
/// <param name="Vote"><c>up</c> or <c>down</c>.</param>
/// <param name="Reason">Free text; null: none.</param>
public sealed record RateSummary(RoomId Room, SummaryId Summary, UserId By, string? Point, string? Vote, string? Reason) : IRequest<Result<Nothing>>;

internal sealed class RateSummaryValidator : AbstractValidator<RateSummary>
{
    public RateSummaryValidator()
    {
        RuleFor(request => request.Vote).Must(vote => vote is "up" or "down").WithErrorCode(SummaryErrors.Vote.Code).WithMessage(SummaryErrors.Vote.Message);
        RuleFor(request => request.Reason).Must(reason => reason is null || Text.LengthOf(reason.Trim()) <= SummaryVote.MaxReason)
            .WithErrorCode(SummaryErrors.Reason.Code).WithMessage(SummaryErrors.Reason.Message);
    }
}

internal sealed class RateSummaryHandler(RoomAccess access, ISummaryRepository summaries, TimeProvider time) : IRequestHandler<RateSummary, Result<Nothing>>
{
    public async Task<Result<Nothing>> Handle(RateSummary request, CancellationToken cancellationToken)
    {
        if (!(await access.ToReadAsync(request.Room, request.By, cancellationToken)).Succeeded(out var room, out var refusal))
            return refusal;
        if (await summaries.FindAsync(room.Id, request.Summary, request.By, cancellationToken) is not { } summary)
            return SummaryErrors.NotFound;
        var view = SummaryView.Of(summary);
        var engine = request.Point is { } point ? EngineOf(point, view) : view.Engine;
        if (engine is null)
            return SummaryErrors.Point;
        await summaries.SaveVoteAsync(SummaryVote.Of(summary, request.By, request.Point, engine, request.Vote == "up", request.Reason, time.GetUtcNow()), cancellationToken);
        return Nothing.Instance;
    }

    private static string? EngineOf(string point, SummaryView view)
        => point.Split('/') is [var level, var number, var index] && level is "low" or "mid" or "high"
            && view.Summaries.At(Enum.Parse<TopicLevel>(level, ignoreCase: true)).TryGetValue(number, out var topic)
            && ((index == "outcome" && topic.Outcome is not null) || IsIndexOf(topic.Points.Count, index))
                ? topic.Engine
                : null;

    private static bool IsIndexOf(int points, string index)
        => int.TryParse(index, NumberStyles.None, CultureInfo.InvariantCulture, out var at) && index == at.ToString(CultureInfo.InvariantCulture) && at < points;
}
