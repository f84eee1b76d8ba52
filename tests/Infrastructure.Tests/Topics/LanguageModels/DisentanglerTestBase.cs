using System.Text.Json;
using AIChat.Domain.Rooms;
using AIChat.Domain.Topics;
using AIChat.Domain.Users;
using AIChat.Evaluation;
using AIChat.Evaluation.Training;
using AIChat.Infrastructure.LanguageModels;
using AIChat.Infrastructure.Topics.Classifiers;
using AIChat.Infrastructure.Topics.LanguageModels;
using AIChat.Tests;
using Microsoft.Extensions.Logging.Abstractions;

namespace AIChat.Infrastructure.Tests.Topics.LanguageModels;

/// <summary>The disentangler against a scripted model server over real HTTP, with the offline engine's conversations of a written room.</summary>
public abstract class DisentanglerTestBase : IAsyncLifetime, IDisposable
{
    private readonly HttpClient _http = new() { Timeout = Timeout.InfiniteTimeSpan };

    private protected ScriptedModel Server { get; private set; } = null!;

    public async Task InitializeAsync() => Server = await ScriptedModel.StartAsync();

    public async Task DisposeAsync() => await Server.DisposeAsync();

    public void Dispose()
    {
        _http.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <summary>The first lines of a written room and the conversations that people would find. Its people have nicknames that no line says: what a prompt shows of a line is the line.</summary>
    private protected static (List<ChatLine> Lines, List<int> Gold) Room(string name, int lines)
    {
        var room = WrittenRoom.Read("choose").Single(room => room.Name == name);
        return ([.. room.Lines.Take(lines).Select(line => line with { Nickname = "nick " + line.Nickname })], [.. room.Conversations.Take(lines)]);
    }

    private protected static async Task<DisentanglementRequest> RequestAsync(IReadOnlyList<ChatLine> lines, int from = 0)
        => new(new RoomId("room"), new UserId("ann"), lines, from, (await new ConversationClassifier().ClassifyAsync(lines, ClassificationMode.Full, null, default)).High);

    private protected ModelDisentangler Disentangler(int promptTokens = 12_000, TimeSpan? answerTimeout = null) => new(
        new LanguageModel(new LanguageModelOptions { Address = Server.Address, Key = "secret", Model = "scripted", InputPrice = 1, OutputPrice = 4, PromptTokens = promptTokens, AnswerTimeout = answerTimeout ?? TimeSpan.FromSeconds(20) }, _http),
        new OpenPurse(),
        NullLogger<ModelDisentangler>.Instance);

    /// <summary>The lines of a prompt, by number.</summary>
    private protected static List<(int Number, string Text, int? Open)> LinesOf(ModelRequest asked) =>
    [
        .. JsonElement.Parse(asked.User).GetProperty("lines").EnumerateArray()
            .Select(line => (line.GetProperty("n").GetInt32(), line.GetProperty("text").GetString()!, line.TryGetProperty("c", out var open) ? open.GetInt32() : (int?)null)),
    ];

    /// <summary>An answer that files each line of a prompt as a test says.</summary>
    /// <param name="asked">The prompt.</param>
    /// <param name="conversationOf">By text.</param>
    /// <param name="title">By conversation.</param>
    private protected static string Answer(ModelRequest asked, Func<string, int> conversationOf, Func<int, string>? title = null) => JsonSerializer.Serialize(new
    {
        conversations = LinesOf(asked).GroupBy(line => conversationOf(line.Text)).Select(group => new
        {
            c = (int?)null,
            lines = group.Select(line => line.Number),
            title = title?.Invoke(group.Key) ?? "",
            outcome = "",
            cites = Array.Empty<int>(),
        }),
    });
}
