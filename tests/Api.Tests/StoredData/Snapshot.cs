using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Nodes;
using AIChat.Tests;
using Microsoft.AspNetCore.SignalR.Client;

namespace AIChat.Api.Tests.StoredData;

/// <summary>What to read from a server, and as whom.</summary>
/// <param name="People">Their tokens. The first one reads what is the same for all.</param>
/// <param name="Rooms">Ids.</param>
/// <param name="Jobs">Ids.</param>
/// <param name="Queries">Words to search each room for.</param>
/// <param name="Meanings">For each room, the exact words of one of its messages.</param>
/// <param name="Month">The month whose model costs are read.</param>
internal sealed record SnapshotScope(
    IReadOnlyList<StoredPerson> People, IReadOnlyList<string> Rooms, IReadOnlyList<string> Jobs, IReadOnlyList<string> Queries, IReadOnlyDictionary<string, string> Meanings, string Month);

internal sealed record StoredPerson(string UserId, string Token);

/// <summary>Everything that clients see of a scope, through the public API alone.</summary>
internal sealed class Snapshot(Uri server, SnapshotScope scope) : IDisposable
{
    public const string AdminToken = "an operator's token";

    private readonly List<ApiClient> _people = [.. scope.People.Select(person => ApiClient.Of(server, person.Token, person.UserId))];

    private ApiClient Reader => _people[0];

    public async Task<JsonObject> ReadAsync()
    {
        var snapshot = new JsonObject
        {
            ["people"] = await ByKeyAsync(_people, person => person.UserId, PersonAsync),
            ["rooms"] = new JsonObject(),
            ["jobs"] = await ByKeyAsync(scope.Jobs, job => job, job => GetAsync(Reader, $"jobs/{job}")),
            ["usage"] = await UsageAsync(),
        };
        await using var hub = await Reader.ConnectAsync();
        foreach (var room in scope.Rooms)
            snapshot["rooms"]![room] = await RoomAsync(room, hub);
        return snapshot;
    }

    public void Dispose() => _people.ForEach(person => person.Dispose());

    private async Task<JsonNode> PersonAsync(ApiClient person)
    {
        var rooms = await ItemsAsync(person, "chat?limit=100");
        return new JsonObject
        {
            ["me"] = await GetAsync(person, "user/me"),
            ["asOthersSee"] = await GetAsync(Reader, $"user/{person.UserId}"),
            ["rooms"] = new JsonArray([.. rooms.Select(room => room!["channelId"]!.GetValue<string>()).Where(scope.Rooms.Contains).Select(id => JsonValue.Create(id))]),
        };
    }

    private async Task<JsonNode> RoomAsync(string room, HubConnection hub)
    {
        var topics = await ItemsAsync(Reader, $"chat/{room}/topics?limit=100");
        return new JsonObject
        {
            ["entered"] = await ByKeyAsync(_people, person => person.UserId, person => EnteredAsync(person, room)),
            ["messages"] = await MessagesAsync(room),
            ["changes"] = await ChangesAsync(room, hub),
            ["topics"] = topics.DeepClone(),
            ["levels"] = await ByKeyAsync(["low", "mid", "high"], level => level, async level => Values(await ItemsAsync(Reader, $"chat/{room}/topics?level={level}&limit=100"), "topicId")),
            ["messagesOf"] = await ByKeyAsync(topics.Select(topic => topic!["topicId"]!.GetValue<string>()), topic => topic, async topic => Values(await ItemsAsync(Reader, $"chat/{room}/messages?after=0&topicId={topic}&limit=100"), "seq")),
            ["corrections"] = await ItemsAsync(Reader, $"chat/{room}/topics/corrections?limit=100"),
            ["quality"] = await GetAsync(Reader, $"chat/{room}/topics/quality"),
            ["summary"] = await SummaryAsync(Reader, room),
            ["found"] = await ByKeyAsync(scope.Queries, query => query, async query => Values(await ItemsAsync(Reader, $"chat/{room}/messages?q={Uri.EscapeDataString(query)}&limit=100"), "seq")),
            ["meant"] = await MeantAsync(room),
            ["export"] = new JsonArray([.. (await Reader.Http.GetStringAsync(new Uri($"chat/{room}/export", UriKind.Relative))).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonNode.Parse(line))]),
        };
    }

    private async Task<JsonNode> EnteredAsync(ApiClient person, string room)
    {
        var entered = await GetAsync(person, $"chat/{room}?limit=1");
        return new JsonObject { ["room"] = entered["room"]!.DeepClone(), ["lastReadSeq"] = entered["lastReadSeq"]!.DeepClone(), ["summaryId"] = (await SummaryAsync(person, room))?["summaryId"]?.DeepClone() };
    }

    private static async Task<JsonNode?> SummaryAsync(ApiClient person, string room)
    {
        var (status, summary) = await person.SendAsync(HttpMethod.Get, $"chat/{room}/summary");
        return status == HttpStatusCode.OK ? summary.ToNode() : null;
    }

    private async Task<JsonNode> MessagesAsync(string room)
    {
        var all = new JsonArray();
        for (var after = 0L; ;)
        {
            var page = (JsonArray)(await GetAsync(Reader, $"chat/{room}/messages?after={after}&limit=100"))["items"]!;
            if (page.Count == 0)
                return all;
            foreach (var message in page)
                all.Add(message!.DeepClone());
            after = page[^1]!["seq"]!.GetValue<long>();
        }
    }

    /// <summary>The order in which messages were edited and deleted, by their ids.</summary>
    private static async Task<JsonNode> ChangesAsync(string room, HubConnection hub)
    {
        await hub.InvokeAsync<JsonElement>("join", room);
        var missed = await hub.InvokeAsync<JsonElement>("sync", new { channelId = room, afterSeq = int.MaxValue, afterRev = 0 });
        return new JsonObject { ["rev"] = Node(missed.GetProperty("rev")), ["messages"] = Values((JsonArray)Node(missed.GetProperty("changed"))!, "id") };
    }

    /// <summary>What is nearest to a message's own words, once the encoder is loaded.</summary>
    private async Task<JsonNode> MeantAsync(string room)
    {
        JsonNode? found = null;
        await Eventually.TrueAsync(
            async () =>
            {
                var (status, answer) = await Reader.SendAsync(HttpMethod.Get, $"chat/{room}/messages?q={Uri.EscapeDataString(scope.Meanings[room])}&semantic=true&limit=1");
                found = status == HttpStatusCode.OK ? answer.ToNode() : null;
                return found is not null;
            },
            "the encoder to be loaded");
        return Values((JsonArray)found!["items"]!, "seq");
    }

    private async Task<JsonNode?> UsageAsync()
    {
        using var http = new HttpClient { BaseAddress = server };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", AdminToken);
        return JsonNode.Parse(await http.GetStringAsync(new Uri($"usage?month={scope.Month}", UriKind.Relative)));
    }

    /// <summary>All pages.</summary>
    private static async Task<JsonArray> ItemsAsync(ApiClient reader, string path)
    {
        var items = new JsonArray();
        for (var next = path; ;)
        {
            var page = await GetAsync(reader, next);
            foreach (var item in (JsonArray)page["items"]!)
                items.Add(item!.DeepClone());
            if (page["nextCursor"]?.GetValue<string>() is not { } after)
                return items;
            next = $"{path}&cursor={Uri.EscapeDataString(after)}";
        }
    }

    private static async Task<JsonObject> ByKeyAsync<T>(IEnumerable<T> all, Func<T, string> key, Func<T, Task<JsonNode>> read)
    {
        var found = new JsonObject();
        foreach (var one in all)
            found[key(one)] = await read(one);
        return found;
    }

    private static async Task<JsonNode> GetAsync(ApiClient reader, string path) => (await reader.GetAsync(path)).ToNode();

    private static JsonNode Values(JsonArray items, string field) => new JsonArray([.. items.Select(item => item![field]!.DeepClone())]);

    private static JsonNode? Node(JsonElement element) => JsonSerializer.SerializeToNode(element);
}
