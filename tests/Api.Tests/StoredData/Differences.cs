using System.Text.Json.Nodes;

namespace AIChat.Api.Tests.StoredData;

/// <summary>Where an answer lacks something of an earlier one. Fields that came later are no difference.</summary>
internal static class Differences
{
    private static readonly string[] Keys = ["correctionId", "jobId", "topicId", "id", "userId"];

    public static IEnumerable<string> Between(JsonNode? expected, JsonNode? actual, string path = "$") => (expected, actual) switch
    {
        (JsonObject wanted, JsonObject found) => wanted.SelectMany(field => found.ContainsKey(field.Key)
            ? Between(field.Value, found[field.Key], $"{path}.{field.Key}")
            : [$"{path}.{field.Key} is missing; it was {Text(field.Value)}"]),
        (JsonArray wanted, JsonArray found) => KeyOf(wanted) is { } key && found.All(item => item?[key] is not null)
            ? BetweenLists(wanted, found, key, path)
            : BetweenLists(wanted, found, path),
        _ => JsonNode.DeepEquals(expected, actual) ? [] : [$"{path} was {Text(expected)} and is {Text(actual)}"],
    };

    private static IEnumerable<string> BetweenLists(JsonArray wanted, JsonArray found, string key, string path)
    {
        var (before, now) = (ByKey(wanted, key), ByKey(found, key));
        foreach (var (id, item) in before.Where(item => !now.ContainsKey(item.Key)))
            yield return $"{path}[{id}] is missing; it was {Text(item)}";
        foreach (var (id, item) in now.Where(item => !before.ContainsKey(item.Key)))
            yield return $"{path}[{id}] was not there; it is {Text(item)}";
        foreach (var difference in before.Where(item => now.ContainsKey(item.Key)).SelectMany(item => Between(item.Value, now[item.Key], $"{path}[{item.Key}]")))
            yield return difference;
        if (wanted.Count == found.Count && !before.Keys.SequenceEqual(now.Keys, StringComparer.Ordinal) && before.Keys.All(now.ContainsKey))
            yield return $"{path} is in another order: it was {string.Join(", ", before.Keys)} and is {string.Join(", ", now.Keys)}";
    }

    private static IEnumerable<string> BetweenLists(JsonArray wanted, JsonArray found, string path) => wanted.Count == found.Count
        ? wanted.Zip(found).SelectMany((pair, at) => Between(pair.First, pair.Second, $"{path}[{at}]"))
        : [$"{path} had {wanted.Count} items, {Text(wanted)}, and has {found.Count}, {Text(found)}"];

    private static string? KeyOf(JsonArray list) => list.All(item => item is JsonObject)
        ? Keys.FirstOrDefault(key => list.Count > 0 && list.Select(item => item![key]?.ToString()).Distinct(StringComparer.Ordinal).Count(value => value is not null) == list.Count)
        : null;

    private static OrderedDictionary<string, JsonNode?> ByKey(JsonArray list, string key) => new(list.Select(item => KeyValuePair.Create(item![key]!.ToString(), (JsonNode?)item)), StringComparer.Ordinal);

    private static string Text(JsonNode? node) => node?.ToJsonString() switch
    {
        null => "null",
        { Length: > 200 } text => text[..200] + "…",
        var text => text,
    };
}
