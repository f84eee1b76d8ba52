using AIChat.Application.Messages;
using AIChat.Domain.Summaries;
using AIChat.Domain.Topics;
using AIChat.Domain.Users;

namespace AIChat.Api.Common;

/// <summary>Texts of errors whose remedy is a route, a header or a variable of this program, which the layers below do not know.</summary>
internal static class ErrorTexts
{
    private static readonly Dictionary<Error, string> Texts = new()
    {
        [ImportErrors.TooLarge] = "The transcript is larger than this server takes (IMPORT_MAX_BYTES); send it in parts.",
        [SummaryErrors.None] = "No summary of this room is stored; ask for one with POST /chat/summary.",
        [TopicErrors.NoEmbedder] = "No sentence encoder is loaded here; search by words, or have the operator set EMBEDDING_MODEL.",
        [UserErrors.NotSignedIn] = "Join first (POST /user) and send the cookie or `Authorization: Bearer <token>`.",
    };

    public static string Of(Error error) => Texts.GetValueOrDefault(error, error.Message);
}
