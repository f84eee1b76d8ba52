namespace AIChat.Application.Users;

/// <summary>Reads the caller.</summary>
public sealed record GetMyself(UserId By) : IRequest<Result<MyselfView>>;

internal sealed class GetMyselfHandler(IUserRepository users) : IRequestHandler<GetMyself, Result<MyselfView>>
{
    public async Task<Result<MyselfView>> Handle(GetMyself request, CancellationToken cancellationToken)
        => await users.FindAsync(request.By, cancellationToken) is { } user ? MyselfView.Of(user) : UserErrors.NotFound;
}
