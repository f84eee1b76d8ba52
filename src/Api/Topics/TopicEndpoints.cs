using AIChat.Application.Common;
using AIChat.Application.Jobs;
using AIChat.Application.Messages;
using AIChat.Application.Reads;
using AIChat.Application.Topics;
using AIChat.Domain.Messages;
using AIChat.Domain.Rooms;
using AIChat.Domain.Topics;
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
        topics.MapGet("/topics", ListAsync).WithSummary("The topics of a room");
        topics.MapPatch("/topics/{topicId}", RenameAsync).WithSummary("Rename a topic");
        topics.MapPost("/topics/merge", MergeAsync).WithSummary("Merge conversations");
        topics.MapPost("/topics/{topicId}/split", SplitAsync).WithSummary("Split messages off into a conversation");
        topics.MapPut("/messages/{messageId}/topic", MoveAsync).WithSummary("Move a message to another conversation");
        topics.MapGet("/topics/corrections", CorrectionsAsync).WithSummary("The corrections of a room");
        topics.MapPost("/topics/corrections/{correctionId}/undo", UndoAsync).WithSummary("Undo a correction");
        topics.MapPost("/reclassify", ReclassifyAsync).WithSummary("Reclassify the whole room");
        routes.MapPredict();
    }

    public static RouteHandlerBuilder MapPredict(this IEndpointRouteBuilder routes)
        => routes.MapPost("/predict", PredictAsync).RequireAuthorization().WithTags("Topics").WithSummary("Classify the given messages; nothing is stored")
            .WithMetadata(new RequestSizeLimitAttribute(PredictMaxBytes));

    private static Task<Results<Ok<Page<TopicView>>, ProblemHttpResult>> ListAsync(string channelId, string? level, string? cursor, int? limit, IMediator mediator, HttpContext http)
        => mediator.OkAsync(new ListTopics(new RoomId(channelId), http.Me(), level, cursor, limit ?? Cursor.DefaultLimit), http);

    private static Task<Results<Ok<TopicView>, ProblemHttpResult>> RenameAsync(string channelId, string topicId, NameBody body, IMediator mediator, HttpContext http)
        => mediator.OkAsync(new RenameTopic(new RoomId(channelId), new TopicId(topicId), http.Me(), body.Name), http);

    private static Task<Results<Ok<TopicView>, ProblemHttpResult>> MergeAsync(string channelId, MergeBody body, IMediator mediator, HttpContext http)
        => mediator.OkAsync(new MergeTopics(new RoomId(channelId), body.TopicIds, http.Me()), http);

    private static Task<Results<Created<TopicView>, ProblemHttpResult>> SplitAsync(string channelId, string topicId, SplitBody body, IMediator mediator, HttpContext http)
        => mediator.CreatedAsync(
            new SplitTopic(new RoomId(channelId), new TopicId(topicId), body.MessageIds, body.Name, http.Me()), http, topic => $"/chat/{channelId}/messages?topicId={topic.TopicId}");

    private static Task<Results<Ok<MessageView>, ProblemHttpResult>> MoveAsync(string channelId, string messageId, MoveBody body, IMediator mediator, HttpContext http)
        => mediator.OkAsync(new MoveMessage(new RoomId(channelId), new MessageId(messageId), body.TopicId, http.Me()), http);

    private static Task<Results<Ok<Page<CorrectionView>>, ProblemHttpResult>> CorrectionsAsync(string channelId, string? cursor, int? limit, IMediator mediator, HttpContext http)
        => mediator.OkAsync(new ListCorrections(new RoomId(channelId), http.Me(), cursor, limit ?? Cursor.DefaultLimit), http);

    private static Task<Results<Ok<CorrectionView>, ProblemHttpResult>> UndoAsync(string channelId, string correctionId, IMediator mediator, HttpContext http)
        => mediator.OkAsync(new UndoCorrection(new RoomId(channelId), new CorrectionId(correctionId), http.Me()), http);

    private static Task<Results<Accepted<JobStarted>, ProblemHttpResult>> ReclassifyAsync(string channelId, bool? history, IMediator mediator, HttpContext http)
        => mediator.AcceptedAsync(new StartReclassify(new RoomId(channelId), http.Me(), history ?? false), http, job => $"/jobs/{job.JobId}");

    private static Task<Results<Ok<Prediction>, ProblemHttpResult>> PredictAsync(PredictBody body, IMediator mediator, HttpContext http)
        => mediator.OkAsync(new PredictTopics(body.Chats, body.Howmany, body.Mode, body.Summarize ?? false), http);

    internal sealed record NameBody(string? Name);

    internal sealed record MergeBody(IReadOnlyList<string?>? TopicIds);

    internal sealed record SplitBody(IReadOnlyList<string?>? MessageIds, string? Name);

    internal sealed record MoveBody(string? TopicId);

    /// <param name="ChannelId">A label for the caller's own use.</param>
    /// <param name="Howmany">How many of the newest messages are used; null: all.</param>
    /// <param name="Chats">Oldest first.</param>
    /// <param name="Mode"><c>full</c> or <c>online</c>.</param>
    internal sealed record PredictBody(string? ChannelId, int? Howmany, IReadOnlyList<PredictedChat?>? Chats, string? Mode, bool? Summarize);
}
