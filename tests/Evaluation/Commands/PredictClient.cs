using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using AIChat.Domain.Topics;

namespace AIChat.Evaluation.Commands;

/// <summary>Requests a classification of a room from a running server.</summary>
internal sealed class PredictClient(Uri server, string? token) : IDisposable
{
    private readonly HttpClient _http = new() { BaseAddress = server, Timeout = TimeSpan.FromMinutes(10) };
    private bool _entered;

    public async Task<Classification> PredictAsync(string room, IReadOnlyList<ChatLine> lines, ClassificationMode mode, CancellationToken cancellation)
    {
        await EnterAsync(cancellation);
        var request = new
        {
            channelId = room,
            mode = mode.ToString().ToLowerInvariant(),
            chats = lines.Select((line, at) => new
            {
                id = $"m{at}",
                nickname = line.IsSystem ? "system" : line.Nickname,
                content = line.Content,
                createdAt = line.CreatedAt,
                kind = line.IsSystem ? "system" : "message",
            }),
        };
        using var answered = await _http.PostAsJsonAsync("/predict", request, cancellation);
        if (!answered.IsSuccessStatusCode)
            throw new HttpRequestException($"The server answered {(int)answered.StatusCode}: {await answered.Content.ReadAsStringAsync(cancellation)}");
        var answer = await answered.Content.ReadFromJsonAsync<JsonElement>(cancellation);
        var topics = answer.GetProperty("topics");
        var high = Labels(topics, "high");
        var links = answer.TryGetProperty("links", out var given) && given.ValueKind == JsonValueKind.Array
            ? [.. given.EnumerateArray().Select(link => Antecedent(link, lines.Count))]
            : Chained(high);
        return new Classification(links, high, Labels(topics, "mid"), Labels(topics, "low"));
    }

    public void Dispose() => _http.Dispose();

    private async Task EnterAsync(CancellationToken cancellation)
    {
        if (_entered)
            return;
        _entered = true;
        if (token is not null)
        {
            _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
            return;
        }

        using var entered = await _http.PostAsJsonAsync("/user", new { nickname = "evaluation" }, cancellation);
        // A classifier alone has no people; without a token of its own it takes none.
        if (entered.StatusCode == HttpStatusCode.NotFound)
            return;
        entered.EnsureSuccessStatusCode();
        var user = await entered.Content.ReadFromJsonAsync<JsonElement>(cancellation);
        _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", user.GetProperty("token").GetString());
    }

    private static List<int> Labels(JsonElement topics, string level) => [.. topics.GetProperty(level).EnumerateArray().Select(label => label.GetInt32())];

    /// <summary>A link is an index, or the id that the request gave to the line.</summary>
    private static int? Antecedent(JsonElement link, int count) => link.ValueKind switch
    {
        JsonValueKind.Number when link.GetInt32() is var at && at >= 0 && at < count => at,
        JsonValueKind.String when int.TryParse(link.GetString()!.AsSpan(1), out var at) && at >= 0 && at < count => at,
        _ => null,
    };

    private static List<int?> Chained(List<int> high)
    {
        var last = new Dictionary<int, int>();
        var links = new List<int?>();
        for (var at = 0; at < high.Count; at++)
        {
            links.Add(high[at] >= 0 && last.TryGetValue(high[at], out var earlier) ? earlier : null);
            last[high[at]] = at;
        }

        return links;
    }
}
