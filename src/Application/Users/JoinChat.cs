using System.Security.Cryptography;
using FluentValidation;

namespace AIChat.Application.Users;

/// <summary>Creates a user with a nickname and an optional id of their choice.</summary>
public sealed record JoinChat(string? Nickname, string? UserId) : IRequest<Result<Joined>>;

/// <summary>The new user and their session.</summary>
public sealed record Joined(UserView User, string SessionId, DateTimeOffset ExpiresAt);

internal sealed class JoinChatValidator : AbstractValidator<JoinChat>
{
    public JoinChatValidator() => RuleFor(request => request.Nickname).NotNull().WithErrorCode(UserErrors.NicknameEmpty.Code).WithMessage(UserErrors.NicknameEmpty.Message);
}

internal sealed class JoinChatHandler(IUserRepository users, IIdGenerator ids, TimeProvider time) : IRequestHandler<JoinChat, Result<Joined>>
{
    public async Task<Result<Joined>> Handle(JoinChat request, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        if (!User.Join(new UserId(request.UserId ?? ids.New()), request.Nickname!, now).Succeeded(out var user, out var refusal))
            return refusal;
        var session = Session.Start(Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16)), user.Id, now);
        return (await users.AddAsync(user, session, cancellationToken)).Succeeded(out _, out var taken)
            ? new Joined(UserView.Of(user), session.Id, session.ExpiresAt)
            : taken;
    }
}
