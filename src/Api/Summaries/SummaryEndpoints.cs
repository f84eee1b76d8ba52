using System.Net.ServerSentEvents;
using AIChat.Application.Reads;
using AIChat.Application.Summaries;
using AIChat.Domain.Rooms;
using AIChat.Domain.Summaries;
using Microsoft.AspNetCore.Http.HttpResults;

namespace AIChat.Api.Summaries;

internal static class SummaryEndpoints
{
    private const string EventStream = "text/event-stream";

    private static readonly Error NoRoom = Error.Invalid("channel_id_missing", "Name the room: channelId.");

    public static void MapSummaries(this IEndpointRouteBuilder routes)
    {
        var summaries = routes.MapGroup("/chat").WithTags("Summaries").RequireAuthorization();
        summaries.MapPost("/summary", SummarizeAsync).WithSummary("Summarise a room by topic, with citations");
        summaries.MapGet("/{channelId}/summary", LatestAsync).WithSummary("The newest stored summary");
        summaries.MapPost("/{channelId}/summary/{summaryId}/feedback", RateAsync).WithSummary("Rate a summary or a point");
        summaries.MapGet("/{channelId}/topics/quality", QualityAsync).WithTags("Topics").WithSummary("Quality of topics and summaries: sizes, corrections, doubts, votes");
        routes.MapGet("/usage", UsageAsync).AllowAnonymous().AddEndpointFilter<AdminGuard>().WithTags("Operating").WithSummary("The cost of language models in a month");
    }

    private static Task<Results<Ok<UsageView>, ProblemHttpResult>> UsageAsync(string? month, IMediator mediator, HttpContext http) => mediator.OkAsync(new ModelUsage(month), http);

    /// <summary>The complete summary; with <c>Accept: text/event-stream</c>, its events as they happen.</summary>
    private static async Task<Results<Ok<SummaryView>, ServerSentEventsResult<object>, ProblemHttpResult>> SummarizeAsync(
        SummarizeBody body, IMediator mediator, RateLimits rates, ILoggerFactory logs, HttpContext http)
    {
        if (rates.WhyNotSummarize(http.Me()) is { } tooFast)
            return http.Problem(tooFast);
        if (string.IsNullOrWhiteSpace(body.ChannelId))
            return http.Problem(NoRoom);
        var (room, me) = (new RoomId(body.ChannelId), http.Me());
        if (!http.Request.GetTypedHeaders().Accept.Any(type => type.MediaType.Equals(EventStream, StringComparison.OrdinalIgnoreCase)))
        {
            var request = new SummarizeRoom(room, me, body.Howmany, body.Since, body.Level, body.Language);
            return (await mediator.Send(request, http.RequestAborted)).Succeeded(out var whole, out var refusal) ? TypedResults.Ok(whole) : http.Problem(refusal);
        }

        if (!(await mediator.Send(new FollowSummary(room, me, body.Howmany, body.Since, body.Level, body.Language), http.RequestAborted)).Succeeded(out var stream, out var why))
            return http.Problem(why);

        // A buffering proxy would hold the points back.
        http.Response.Headers["X-Accel-Buffering"] = "no";
        return TypedResults.ServerSentEvents(stream.ToWireAsync(logs.CreateLogger(typeof(SummaryEvents)), http.RequestAborted).Select(part => new SseItem<object>(part.Data, part.Event)));
    }

    private static Task<Results<Ok<SummaryView>, ProblemHttpResult>> LatestAsync(string channelId, IMediator mediator, HttpContext http)
        => mediator.OkAsync(new LatestSummary(new RoomId(channelId), http.Me()), http);

    private static Task<Results<NoContent, ProblemHttpResult>> RateAsync(string channelId, string summaryId, FeedbackBody body, IMediator mediator, HttpContext http)
        => mediator.NoContentAsync(new RateSummary(new RoomId(channelId), new SummaryId(summaryId), http.Me(), body.Point, body.Vote, body.Reason), http);

    private static Task<Results<Ok<RoomQualityView>, ProblemHttpResult>> QualityAsync(string channelId, IMediator mediator, HttpContext http)
        => mediator.OkAsync(new RoomQuality(new RoomId(channelId), http.Me()), http);

    internal sealed record FeedbackBody(string? Point, string? Vote, string? Reason);

    internal sealed record SummarizeBody(string? ChannelId, int? Howmany, string? Since, string? Level, string? Language);
}
