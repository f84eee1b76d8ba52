namespace AIChat.Application.Users;

/// <summary>Reads a user.</summary>
public sealed record GetUser(UserId Id) : IRequest<Result<UserView>>;

internal sealed class GetUserHandler(IUserRepository users) : IRequestHandler<GetUser, Result<UserView>>
{
    public async Task<Result<UserView>> Handle(GetUser request, CancellationToken cancellationToken)
        => await users.FindAsync(request.Id, cancellationToken) is { } user ? UserView.Of(user) : UserErrors.NotFound;
}
