using System.Runtime.CompilerServices;
using AIChat.Api.Summaries;
using AIChat.Application.Messages;
using AIChat.Application.Rooms;
using AIChat.Application.Summaries;
using AIChat.Domain.Messages;
using AIChat.Domain.Rooms;
using AIChat.Domain.Users;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.SignalR;

namespace AIChat.Api.Realtime;

/// <summary>The realtime API: join rooms, send messages, catch up. Its methods call the same use cases as REST.</summary>
[Authorize]
internal sealed class ChatHub(IMediator mediator, RateLimits rates, SessionConnections connections, ILogger<ChatHub> log) : Hub<IChatClient>
{
    private static readonly Error NotJoined = Error.Forbidden("not_joined", "Join the room first.");
    private static readonly Error NoRoom = Error.Invalid("channel_id_missing", "Name the room: channelId.");

    private UserId Me => new(Context.User!.Identity!.Name!);

    public static string Group(RoomId room) => "room:" + room.Value;

    public override async Task OnConnectedAsync()
    {
        connections.Add(Context);
        await base.OnConnectedAsync();
    }

    public override async Task OnDisconnectedAsync(Exception? exception)
    {
        connections.Remove(Context);
        await base.OnDisconnectedAsync(exception);
    }

    [HubMethodName("join")]
    public async Task<RoomPosition> JoinAsync(string? channelId)
    {
        var room = RoomOf(channelId);

        // Into the group first, so that a message that arrives between the two steps is delivered.
        var position = await mediator.Send(new JoinRoom(room, Me), Context.ConnectionAborted);
        if (!position.Succeeded(out _, out var refusal))
            throw refusal.ToHubException();
        await Groups.AddToGroupAsync(Context.ConnectionId, Group(room));
        Context.Items[room] = true;
        return (await mediator.Send(new JoinRoom(room, Me), Context.ConnectionAborted)).OrThrow();
    }

    [HubMethodName("leave")]
    public async Task LeaveAsync(string? channelId)
    {
        var room = RoomOf(channelId);
        Context.Items.Remove(room);
        await Groups.RemoveFromGroupAsync(Context.ConnectionId, Group(room));
    }

    [HubMethodName("message")]
    public async Task<MessageView> MessageAsync(SendArgument? message)
    {
        var room = RoomOf(message?.ChannelId);
        Joined(room);
        if (rates.WhyNotSend(Me) is { } tooFast)
            throw tooFast.ToHubException();
        MessageId? replyTo = message!.ReplyTo is { } answered ? new MessageId(answered) : null;
        return (await mediator.Send(new PostMessage(room, Me, message.Content, message.ClientMessageId, replyTo), Context.ConnectionAborted)).OrThrow().Message;
    }

    [HubMethodName("sync")]
    public async Task<RoomChanges> SyncAsync(SyncArgument? position)
    {
        var room = RoomOf(position?.ChannelId);
        Joined(room);
        return (await mediator.Send(new SyncRoom(room, Me, position!.AfterSeq, position.AfterRev), Context.ConnectionAborted)).OrThrow();
    }

    /// <summary>A summary, event by event. Ending the last stream of a summary cancels the work.</summary>
    [HubMethodName("summarize")]
    public async IAsyncEnumerable<SummaryEventView> SummarizeAsync(SummarizeArgument? request, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var room = RoomOf(request?.ChannelId);
        if (rates.WhyNotSummarize(Me) is { } tooFast)
            throw tooFast.ToHubException();
        var stream = (await mediator.Send(new FollowSummary(room, Me, request!.Howmany, request.Since, request.Level, request.Language), cancellation)).OrThrow();
        await foreach (var part in stream.ToWireAsync(log, cancellation))
            yield return part;
    }

    private static RoomId RoomOf(string? channelId) => string.IsNullOrWhiteSpace(channelId) ? throw NoRoom.ToHubException() : new RoomId(channelId);

    private void Joined(RoomId room)
    {
        if (!Context.Items.ContainsKey(room))
            throw NotJoined.ToHubException();
    }
}

/// <summary>A message to send.</summary>
internal sealed record SendArgument(string? ChannelId, string? Content, string? ClientMessageId, string? ReplyTo);

/// <summary>The request of a summary, as for <c>POST /chat/summary</c>.</summary>
internal sealed record SummarizeArgument(string? ChannelId, int? Howmany, string? Since, string? Level, string? Language);

/// <summary>The position up to which a client knows a room.</summary>
internal sealed record SyncArgument(string? ChannelId, long AfterSeq, long AfterRev);
