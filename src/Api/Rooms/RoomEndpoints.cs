using AIChat.Application.Common;
using AIChat.Application.Reads;
using AIChat.Application.Rooms;
using AIChat.Domain.Rooms;
using Microsoft.AspNetCore.Http.HttpResults;

namespace AIChat.Api.Rooms;

internal static class RoomEndpoints
{
    public static void MapRooms(this IEndpointRouteBuilder routes)
    {
        var rooms = routes.MapGroup("/chat").WithTags("Rooms").RequireAuthorization();
        rooms.MapGet("/", ListAsync).WithSummary("Rooms, the most recently active first");
        rooms.MapPost("/", OpenAsync).WithSummary("Open a room");
        rooms.MapGet("/{channelId}", EnterAsync).WithSummary("Enter a room");
        rooms.MapPatch("/{channelId}", ChangeAsync).WithSummary("Change a room's settings");
        rooms.MapPost("/{channelId}/read", MarkReadAsync).WithSummary("Move my read mark");
    }

    private static Task<Results<Ok<Page<RoomView>>, ProblemHttpResult>> ListAsync(string? q, string? cursor, int? limit, IMediator mediator, HttpContext http)
        => mediator.OkAsync(new ListRooms(http.Me(), q, cursor, limit ?? Cursor.DefaultLimit), http);

    private static Task<Results<Created<RoomView>, ProblemHttpResult>> OpenAsync(OpenBody body, IMediator mediator, HttpContext http)
        => mediator.CreatedAsync(new OpenRoom(http.Me(), body.ChannelName), http, room => $"/chat/{room.ChannelId}");

    private static Task<Results<Ok<RoomEntered>, ProblemHttpResult>> EnterAsync(string channelId, int? limit, IMediator mediator, HttpContext http)
        => mediator.OkAsync(new EnterRoom(new RoomId(channelId), http.Me(), limit ?? Cursor.DefaultLimit), http);

    private static async Task<Results<Ok<RoomView>, ProblemHttpResult>> ChangeAsync(string channelId, ChangeBody body, IMediator mediator, HttpContext http)
    {
        var room = new RoomId(channelId);
        return (await mediator.Send(new ChangeRoom(room, http.Me(), body.Digest, body.TopicsBy), http.RequestAborted)).Succeeded(out _, out var refusal)
            ? await mediator.OkAsync(new GetRoom(room, http.Me()), http)
            : http.Problem(refusal);
    }

    private static Task<Results<Ok<ReadMarkView>, ProblemHttpResult>> MarkReadAsync(string channelId, ReadBody body, IMediator mediator, HttpContext http)
        => mediator.OkAsync(new MarkRead(new RoomId(channelId), http.Me(), body.Seq ?? -1), http);

    internal sealed record OpenBody(string? ChannelName);

    internal sealed record ChangeBody(SummaryScheduleRequest? Digest, string? TopicsBy);

    internal sealed record ReadBody(long? Seq);
}
