using AIChat.Api.Common;
using AIChat.Application.Common;
using AIChat.Application.Jobs;
using AIChat.Application.Summaries;
using AIChat.Application.Topics;
using AIChat.Domain.Rooms;
using MediatR;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace AIChat.Api.Topics;

internal static class TopicEndpoints
{
    // 10,000 messages of 4,000 characters, most of them short.
    private const int PredictMaxBytes = 64 * 1024 * 1024;

    public static void MapTopics(this IEndpointRouteBuilder routes)
    {
        var topics = routes.MapGroup("/chat/{channelId}").WithTags("Topics").RequireAuthorization();
        topics.MapGet("/topics", ListAsync).WithSummary("What is talked about");
        topics.MapPost("/reclassify", ReclassifyAsync).WithSummary("Look at the whole room again");
        routes.MapPost("/predict", PredictAsync).RequireAuthorization().WithTags("Topics").WithSummary("The classifier alone; nothing is stored")
            .WithMetadata(new RequestSizeLimitAttribute(PredictMaxBytes));
    }

    private static Task<Results<Ok<Page<TopicView>>, ProblemHttpResult>> ListAsync(string channelId, string? level, string? cursor, int? limit, IMediator mediator, HttpContext http)
        => mediator.OkAsync(new ListTopics(new RoomId(channelId), http.Me(), level, cursor, limit ?? Cursor.DefaultLimit), http);

    private static Task<Results<Accepted<JobStarted>, ProblemHttpResult>> ReclassifyAsync(string channelId, IMediator mediator, HttpContext http)
        => mediator.AcceptedAsync(new StartReclassify(new RoomId(channelId), http.Me()), http, job => $"/jobs/{job.JobId}");

    private static Task<Results<Ok<Prediction>, ProblemHttpResult>> PredictAsync(PredictBody body, IMediator mediator, HttpContext http)
        => mediator.OkAsync(new PredictTopics(body.Chats, body.Howmany, body.Mode, body.Summarize ?? false), http);

    /// <param name="ChannelId">A label, for the caller's own use.</param>
    /// <param name="Howmany">Only the newest so many.</param>
    /// <param name="Chats">Oldest first.</param>
    /// <param name="Mode"><c>full</c> or <c>online</c>.</param>
    /// <param name="Summarize">Whether to sum up too.</param>
    internal sealed record PredictBody(string? ChannelId, int? Howmany, IReadOnlyList<PredictedChat?>? Chats, string? Mode, bool? Summarize);
}
