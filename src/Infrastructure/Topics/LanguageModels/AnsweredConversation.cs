using System.Text.Json;

namespace AIChat.Infrastructure.Topics.LanguageModels;

/// <summary>A conversation as the model gave it.</summary>
/// <param name="Open">The open conversation that it goes on with, as it says; null: it is new.</param>
/// <param name="Lines">Indices of its lines in the request, ascending.</param>
/// <param name="Written">The model's JSON.</param>
internal sealed record AnsweredConversation(int? Open, List<int> Lines, JsonElement Written)
{
    public string Title => Written.GetProperty("title").GetString()!;
}
