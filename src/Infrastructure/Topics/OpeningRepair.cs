namespace AIChat.Infrastructure.Topics;

/// <summary>
/// The second look at a window: a line that opened a conversation is linked after all where what followed shows that it answered one that was going on —
/// the same words, the same people, or one side naming the other.
/// </summary>
internal static class OpeningRepair
{
    /// <summary>Silence after which nobody comes back to a conversation unnamed.</summary>
    private static readonly TimeSpan Silence = TimeSpan.FromMinutes(5);

    public static void Run(LinkedWindow window, NgramSpace space, LinkerSettings settings, CancellationToken cancellation)
    {
        var members = window.Members();
        var vectors = new Dictionary<int, NgramVector>();
        NgramVector Vector(int number) => vectors.TryGetValue(number, out var vector)
            ? vector
            : vectors[number] = space.WeighTogether(members[number].Take(30).Select(line => window.Packed[line]));
        var live = new List<int>();
        for (var opening = 0; opening < window.Lines.Count; opening++)
        {
            cancellation.ThrowIfCancellationRequested();
            var number = window.Conversations[opening];
            if (number < 0 || members[number][0] != opening)
                continue;
            var now = window.Lines[opening].CreatedAt;
            var forgotten = now - (2 * Silence);
            live.RemoveAll(other => !members.ContainsKey(other) || (window.Lines[members[other][^1]].CreatedAt < forgotten && vectors.Remove(other) | true));
            if (window.Lines[opening].Conversation is null && window.Lines[opening].ReplyTo is null && !window.Given.Contains(number))
            {
                var best = -1;
                var bestWeight = 0.0;
                var candidates = live.Where(other => now - window.Lines[LastBefore(members[other], opening)].CreatedAt <= Silence).ToList();
                var cosines = new float[candidates.Count];
                Vector(number).Compare([.. candidates.Select(Vector)], cosines);
                var background = cosines.Length > 0 ? cosines.Average() : 0;
                for (var i = 0; i < candidates.Count; i++)
                {
                    var weight = Weigh(window, members[number], members[candidates[i]], cosines[i] - background, settings);
                    if (weight > bestWeight)
                        (best, bestWeight) = (candidates[i], weight);
                }

                if (best >= 0)
                {
                    window.Links[opening] = LastBefore(members[best], opening);
                    foreach (var line in members[number])
                        window.Conversations[line] = best;
                    members[best] = [.. members[best].Concat(members[number]).Order()];
                    members.Remove(number);
                    vectors.Remove(number);
                    vectors.Remove(best);
                    continue;
                }
            }

            live.Add(number);
        }
    }

    private static double Weigh(LinkedWindow window, List<int> fresh, List<int> old, float alike, LinkerSettings settings)
    {
        var opening = fresh[0];
        var last = LastBefore(old, opening);
        var end = window.Lines[opening].CreatedAt + Silence;
        var start = window.Lines[opening].CreatedAt - Silence;
        var near = fresh.TakeWhile(line => window.Lines[line].CreatedAt <= end).ToList();
        var around = old.Where(line => window.Lines[line].CreatedAt >= start && window.Lines[line].CreatedAt <= end).ToList();
        var people = around.Select(line => window.Lines[line].Speaker).ToHashSet();
        var newcomers = near.Select(line => window.Lines[line].Speaker).ToHashSet();
        var shared = near.Skip(1).Count(line => people.Contains(window.Lines[line].Speaker)) / (double)near.Count;
        var calls = near.Any(line => window.Called[line].Any(people.Contains)) || around.Any(line => line > opening && window.Called[line].Any(newcomers.Contains));
        var alone = fresh.All(line => window.Lines[line].Speaker == window.Lines[opening].Speaker);
        return settings.RepairBias + (settings.RepairAlike * alike) + (settings.RepairShared * shared) + (calls ? settings.RepairCalled : 0)
            + (alone ? settings.RepairAlone : 0) + (window.Lines[last].Speaker == window.Lines[opening].Speaker ? settings.RepairOwn : 0)
            - (settings.RepairFade * Math.Log(1 + (window.Lines[opening].CreatedAt - window.Lines[last].CreatedAt).TotalMinutes));
    }

    private static int LastBefore(List<int> lines, int line)
    {
        var at = lines.BinarySearch(line);
        return lines[(at < 0 ? ~at : at) - 1];
    }
}
