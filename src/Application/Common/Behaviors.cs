using FluentValidation;

namespace AIChat.Application.Common;

/// <summary>Refuses a request whose shape is wrong before its handler sees it. The first rule that is broken gives code and message.</summary>
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
