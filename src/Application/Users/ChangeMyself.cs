namespace AIChat.Application.Users;

/// <summary>Changes the caller's nickname or their choice about language models; null: unchanged.</summary>
public sealed record ChangeMyself(UserId By, string? Nickname, bool? ExcludeFromAi) : IRequest<Result<MyselfView>>;

internal sealed class ChangeMyselfHandler(IUserRepository users) : IRequestHandler<ChangeMyself, Result<MyselfView>>
{
    public async Task<Result<MyselfView>> Handle(ChangeMyself request, CancellationToken cancellationToken)
    {
        if (await users.FindAsync(request.By, cancellationToken) is not { } user)
            return UserErrors.NotFound;
        if (request.Nickname is { } nickname && user.Rename(nickname) is { } refusal)
            return refusal;
        if (request.ExcludeFromAi is { } exclude)
            user.SetExcludeFromAi(exclude);
        await users.SaveAsync(user, cancellationToken);
        return MyselfView.Of(user);
    }
}
