using AIChat.Application.Rooms;
using FluentValidation;

namespace AIChat.Application.Summaries;

/// <summary>A summary topic by topic and point by point, as it is made.</summary>
/// <param name="What">The same question as for the whole.</param>
public sealed record FollowSummary(SummarizeRoom What) : IRequest<Result<SummaryStream>>;

/// <param name="Events">To be read once; leaving early ends the making, if nobody else follows it.</param>
public sealed record SummaryStream(IAsyncEnumerable<SummaryEvent> Events);

internal sealed class FollowSummaryValidator : AbstractValidator<FollowSummary>
{
    public FollowSummaryValidator() => RuleFor(request => request.What).SetValidator(new SummarizeRoomValidator());
}

internal sealed class FollowSummaryHandler(RoomAccess access, SummaryAnswers answers) : IRequestHandler<FollowSummary, Result<SummaryStream>>
{
    public async Task<Result<SummaryStream>> Handle(FollowSummary request, CancellationToken cancellationToken)
    {
        if (!(await access.ToReadAsync(request.What.Room, request.What.By, cancellationToken)).Succeeded(out var room, out var refusal))
            return refusal;
        return await answers.FollowAsync(request.What, room, cancellationToken);
    }
}
