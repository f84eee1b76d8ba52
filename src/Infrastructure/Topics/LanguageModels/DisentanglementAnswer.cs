using System.Text.Json;

namespace AIChat.Infrastructure.Topics.LanguageModels;

/// <summary>A conversation as the model gave it.</summary>
/// <param name="Open">The open conversation that it goes on with, by its number in the call.</param>
/// <param name="Lines">Indices of its lines within the call, ascending.</param>
/// <param name="Written">The model's JSON.</param>
internal sealed record AnsweredConversation(int? Open, IReadOnlyList<int> Lines, JsonElement Written)
{
    public string Title => Written.GetProperty("title").GetString()!;
}

/// <summary>Reads a model's answer strictly: all of it or nothing.</summary>
internal static class DisentanglementAnswer
{
    /// <summary>Agreement with the offline engine, by the adjusted Rand index, under which an answer has nothing to do with the lines.</summary>
    private const double LeastAgreement = 0.05;

    /// <summary>Lines from which on agreement means something, and from which on every line alone is not believed.</summary>
    private const int Enough = 20, Few = 8;

    /// <param name="answer">The model's text. What stands around its JSON, such as a code fence, is skipped.</param>
    /// <param name="window">What was asked.</param>
    /// <returns>Null: it is not of the form asked for, leaves a line out, files one twice, has a number that was not given, or is unlike any room.</returns>
    public static IReadOnlyList<AnsweredConversation>? Read(string answer, DisentanglementWindow window)
    {
        var (from, to) = (answer.IndexOf('{', StringComparison.Ordinal), answer.LastIndexOf('}'));
        if (from < 0 || to < from)
            return null;
        JsonElement json;
        try
        {
            json = JsonElement.Parse(answer[from..(to + 1)]);
        }
        catch (JsonException)
        {
            return null;
        }

        if (json.ValueKind != JsonValueKind.Object || !json.TryGetProperty("conversations", out var written) || written.ValueKind != JsonValueKind.Array)
            return null;
        var (found, seen) = (new List<AnsweredConversation>(), new int[window.Lines.Count]);
        Array.Fill(seen, -1);
        foreach (var each in written.EnumerateArray())
        {
            if (Conversation(each, window) is not { } conversation)
                return null;
            foreach (var line in conversation.Lines)
            {
                if (seen[line] >= 0)
                    return null;
                seen[line] = found.Count;
            }

            found.Add(conversation);
        }

        // A line that was filed already may be left out: it stays where it is.
        return window.Free.All(line => seen[line] >= 0) && IsLikeARoom([.. window.Free.Select(line => seen[line])], [.. window.Free.Select(window.OfflineOf)]) ? found : null;
    }

    private static AnsweredConversation? Conversation(JsonElement written, DisentanglementWindow window)
    {
        if (written.ValueKind != JsonValueKind.Object
            || !written.TryGetProperty("c", out var open) || open.ValueKind is not (JsonValueKind.Null or JsonValueKind.Number)
            || !written.TryGetProperty("lines", out var numbers) || numbers.ValueKind != JsonValueKind.Array
            || !written.TryGetProperty("title", out var title) || title.ValueKind != JsonValueKind.String)
            return null;
        int? known = null;
        if (open.ValueKind == JsonValueKind.Number)
        {
            if (!open.TryGetInt32(out var number) || number < 1 || number > window.Open.Count)
                return null;
            known = number;
        }

        var lines = new List<int>();
        foreach (var each in numbers.EnumerateArray())
        {
            if (each.ValueKind != JsonValueKind.Number || !each.TryGetInt32(out var number) || number < 1 || number > window.Lines.Count)
                return null;
            lines.Add(number - 1);
        }

        lines.Sort();
        return new AnsweredConversation(known, lines, written);
    }

    /// <summary>
    /// Whether the answer has something in common with what the offline engine found. One lump, every line alone and lines dealt at random all agree with it as chance does.
    /// </summary>
    private static bool IsLikeARoom(IReadOnlyList<int> answered, IReadOnlyList<int> offline)
    {
        var conversations = answered.Distinct().Count();
        if (answered.Count >= Few && conversations == answered.Count)
            return false;
        var seen = offline.Distinct().Count();
        return answered.Count < Enough || seen == 1 || seen == answered.Count || Agreement(answered, offline) >= LeastAgreement;
    }

    /// <summary>The adjusted Rand index (Hubert and Arabie 1985).</summary>
    private static double Agreement(IReadOnlyList<int> one, IReadOnlyList<int> other)
    {
        var both = one.Zip(other).GroupBy(pair => pair).Sum(group => Pairs(group.Count()));
        var (left, right) = (one.GroupBy(label => label).Sum(group => Pairs(group.Count())), other.GroupBy(label => label).Sum(group => Pairs(group.Count())));
        var (expected, mean) = (left * right / Pairs(one.Count), (left + right) / 2);
        return mean == expected ? 0 : (both - expected) / (mean - expected);
    }

    private static double Pairs(double n) => n * (n - 1) / 2;
}
