using System.Security.Claims;
using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using AIChat.Infrastructure.Topics.Classifiers;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;

namespace AIChat.Api.Classifier;

/// <summary>Admits callers that send MODEL_SERVER_TOKEN. Without a token the server listens on loopback addresses only, and admits every caller.</summary>
internal sealed class ModelServerAuthentication(IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory loggers, UrlEncoder encoder, ClassifierOptions classifier)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, loggers, encoder)
{
    public const string SchemeName = "modelServer";

    private const string Bearer = "Bearer ";

    private static readonly Error Wrong = new("model_server_token_wrong", "Send the header Authorization: Bearer and MODEL_SERVER_TOKEN.", ErrorKind.Unauthenticated);

    protected override Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        var header = Request.Headers.Authorization.ToString();
        if (classifier.Token is { } token && !(header.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase) && AreSame(header[Bearer.Length..].Trim(), token)))
            return Task.FromResult(header.Length == 0 ? AuthenticateResult.NoResult() : AuthenticateResult.Fail(Wrong.Code));
        return Task.FromResult(AuthenticateResult.Success(new AuthenticationTicket(new ClaimsPrincipal(new ClaimsIdentity(SchemeName)), SchemeName)));
    }

    protected override Task HandleChallengeAsync(AuthenticationProperties properties)
    {
        Response.Headers.WWWAuthenticate = "Bearer";
        return Problems.WriteAsync(Context, Wrong);
    }

    // Hashes have equal lengths, so the time of the comparison reveals nothing of the token.
    private static bool AreSame(string given, string wanted)
        => CryptographicOperations.FixedTimeEquals(SHA256.HashData(Encoding.UTF8.GetBytes(given)), SHA256.HashData(Encoding.UTF8.GetBytes(wanted)));
}
