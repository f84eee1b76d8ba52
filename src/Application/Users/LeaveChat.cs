using AIChat.Application.Common;

namespace AIChat.Application.Users;

/// <summary>Ends a session: its token and cookie become invalid.</summary>
public sealed record LeaveChat(string SessionId) : IRequest<Result<Nothing>>;

/// <summary>A session was ended; its open connections must be closed.</summary>
public sealed record SessionEnded(string SessionId) : INotification;

internal sealed class LeaveChatHandler(IUserRepository users, EventPublisher events) : IRequestHandler<LeaveChat, Result<Nothing>>
{
    public async Task<Result<Nothing>> Handle(LeaveChat request, CancellationToken cancellationToken)
    {
        await users.EndSessionAsync(request.SessionId, cancellationToken);
        await events.PublishAsync(new SessionEnded(request.SessionId));
        return Nothing.Instance;
    }
}
