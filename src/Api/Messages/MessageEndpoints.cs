using AIChat.Application.Common;
using AIChat.Application.Messages;
using AIChat.Application.Reads;
using AIChat.Domain.Messages;
using AIChat.Domain.Rooms;
using Microsoft.AspNetCore.Http.HttpResults;

namespace AIChat.Api.Messages;

internal static class MessageEndpoints
{
    public static void MapMessages(this IEndpointRouteBuilder routes)
    {
        var messages = routes.MapGroup("/chat/{channelId}").WithTags("Messages").RequireAuthorization();
        messages.MapPost("/", PostAsync).WithSummary("Send a message");
        messages.MapGet("/messages", ListAsync).WithSummary("Messages: by page, by topic, by search");
        messages.MapPatch("/messages/{messageId}", EditAsync).WithSummary("Edit my message");
        messages.MapDelete("/messages/{messageId}", DeleteAsync).WithSummary("Delete my message");
    }

    private static async Task<Results<Created<MessageView>, Ok<MessageView>, ProblemHttpResult>> PostAsync(
        string channelId, PostBody body, IMediator mediator, RateLimits rates, HttpContext http)
    {
        if (rates.WhyNotSend(http.Me()) is { } tooFast)
            return http.Problem(tooFast);
        var request = new PostMessage(new RoomId(channelId), http.Me(), body.Content, body.ClientMessageId, MessageIdOf(body.ReplyTo));
        if (!(await mediator.Send(request, http.RequestAborted)).Succeeded(out var posted, out var error))
            return http.Problem(error);
        return posted.Repeated
            ? TypedResults.Ok(posted.Message)
            : TypedResults.Created($"{http.Request.PathBase}/chat/{channelId}/messages?after={posted.Message.Seq - 1}&limit=1", posted.Message);
    }

    private static Task<Results<Ok<Page<MessageView>>, ProblemHttpResult>> ListAsync(
        string channelId, long? before, long? after, string? topicId, string? q, bool? semantic, string? cursor, int? limit, IMediator mediator, HttpContext http)
    {
        if (semantic == true)
            return mediator.OkAsync(new SearchByMeaning(new RoomId(channelId), http.Me(), q, before is not null || after is not null || topicId is not null || cursor is not null, limit ?? Cursor.DefaultLimit), http);
        TopicId? topic = topicId is null ? null : new TopicId(topicId);
        return mediator.OkAsync(new ListMessages(new RoomId(channelId), http.Me(), before, after, topic, q, cursor, limit ?? Cursor.DefaultLimit), http);
    }

    private static Task<Results<Ok<MessageView>, ProblemHttpResult>> EditAsync(string channelId, string messageId, EditBody body, IMediator mediator, HttpContext http)
        => mediator.OkAsync(new EditMessage(new RoomId(channelId), new MessageId(messageId), http.Me(), body.Content), http);

    private static Task<Results<NoContent, ProblemHttpResult>> DeleteAsync(string channelId, string messageId, IMediator mediator, HttpContext http)
        => mediator.NoContentAsync(new DeleteMessage(new RoomId(channelId), new MessageId(messageId), http.Me()), http);

    private static MessageId? MessageIdOf(string? id) => id is null ? null : new MessageId(id);

    internal sealed record PostBody(string? Content, string? ClientMessageId, string? ReplyTo);

    internal sealed record EditBody(string? Content);
}
