using FluentValidation;

namespace AIChat.Application.Common;

/// <summary>Rejects an invalid request before its handler runs, with code and message of the first broken rule.</summary>
internal sealed class Validation<TRequest, TResponse>(IEnumerable<IValidator<TRequest>> validators) : IPipelineBehavior<TRequest, TResponse>
    where TRequest : IRequest<TResponse>
    where TResponse : IFallible<TResponse>
{
    public async Task<TResponse> Handle(TRequest request, CancellationToken cancellationToken, RequestHandlerDelegate<TResponse> next)
    {
        foreach (var validator in validators)
        {
            if ((await validator.ValidateAsync(request, cancellationToken)).Errors is [var first, ..])
                return TResponse.Failed(Error.Invalid(first.ErrorCode, first.ErrorMessage));
        }

        return await next();
    }
}
