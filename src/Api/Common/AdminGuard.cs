using System.Security.Cryptography;
using System.Text;

namespace AIChat.Api.Common;

/// <summary>Admits the operator by <c>Authorization: Bearer ADMIN_TOKEN</c>. Without an ADMIN_TOKEN the endpoint does not exist (404).</summary>
internal sealed class AdminGuard(AccessOptions access) : IEndpointFilter
{
    private const string Scheme = "Bearer ";

    private static readonly Error NotTheOperator = new("not_the_operator", "This is for the operator: send `Authorization: Bearer ADMIN_TOKEN`.", ErrorKind.Unauthenticated);

    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        if (access.AdminToken is not { } wanted)
            return TypedResults.NotFound();
        var given = context.HttpContext.Request.Headers.Authorization.ToString();
        return given.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase) && CryptographicOperations.FixedTimeEquals(Hash(given[Scheme.Length..].Trim()), Hash(wanted))
            ? await next(context)
            : context.HttpContext.Problem(NotTheOperator);
    }

    private static byte[] Hash(string text) => SHA256.HashData(Encoding.UTF8.GetBytes(text));
}
