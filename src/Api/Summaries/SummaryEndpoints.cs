using AIChat.Api.Common;
using AIChat.Application.Summaries;
using AIChat.Domain.Common;
using AIChat.Domain.Rooms;
using MediatR;
using Microsoft.AspNetCore.Http.HttpResults;

namespace AIChat.Api.Summaries;

internal static class SummaryEndpoints
{
    private static readonly Error NoRoom = Error.Invalid("channel_id_missing", "Say which room: channelId.");

    public static void MapSummaries(this IEndpointRouteBuilder routes)
    {
        var summaries = routes.MapGroup("/chat").WithTags("Summaries").RequireAuthorization();
        summaries.MapPost("/summary", SummarizeAsync).WithSummary("What was said, by topic, with proof");
        summaries.MapGet("/{channelId}/summary", LatestAsync).WithSummary("The newest summary that still holds");
        routes.MapGet("/usage", UsageAsync).AllowAnonymous().AddEndpointFilter<AdminGuard>().WithTags("Operating").WithSummary("What language models cost in a month");
    }

    private static Task<Results<Ok<UsageView>, ProblemHttpResult>> UsageAsync(string? month, IMediator mediator, HttpContext http) => mediator.OkAsync(new ModelUsage(month), http);

    private static async Task<Results<Ok<SummaryView>, ProblemHttpResult>> SummarizeAsync(SummarizeBody body, IMediator mediator, RateLimits rates, HttpContext http)
    {
        if (rates.WhyNotSummarize(http.Me()) is { } tooFast)
            return http.Problem(tooFast);
        if (string.IsNullOrWhiteSpace(body.ChannelId))
            return http.Problem(NoRoom);
        return await mediator.OkAsync(new SummarizeRoom(new RoomId(body.ChannelId), http.Me(), body.Howmany, body.Since, body.Level, body.Language), http);
    }

    private static Task<Results<Ok<SummaryView>, ProblemHttpResult>> LatestAsync(string channelId, IMediator mediator, HttpContext http)
        => mediator.OkAsync(new LatestSummary(new RoomId(channelId), http.Me()), http);

    internal sealed record SummarizeBody(string? ChannelId, int? Howmany, string? Since, string? Level, string? Language);
}
