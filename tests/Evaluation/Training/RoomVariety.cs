
namespace AIChat.Evaluation.Training;

/// <summary>Varies a room, so that the weights do not depend on the habits of one channel.</summary>
internal static class RoomVariety
{
    /// <summary>Removes speakers' names from the texts, each with a given probability.</summary>
    public static LabelledRoom WithFewerNames(this LabelledRoom room, double share, int seed)
    {
        var chance = new Random(seed);
        var stripped = Names.Strip(room.Lines).ToList();
        return room with { Lines = [.. room.Lines.Select((line, i) => chance.NextDouble() < share ? stripped[i] : line)] };
    }

    /// <summary>Logs have times in minutes; the lines of a minute are spread over it at random, and all times are stretched by a factor.</summary>
    public static LabelledRoom WithTimes(this LabelledRoom room, double stretch, int seed)
    {
        var chance = new Random(seed);
        var lines = room.Lines.ToList();
        var start = lines[0].CreatedAt;
        for (var from = 0; from < lines.Count;)
        {
            var end = from;
            while (end < lines.Count && lines[end].CreatedAt == lines[from].CreatedAt)
                end++;
            var seconds = Enumerable.Range(0, end - from).Select(_ => 60 * chance.NextDouble()).Order().ToArray();
            for (var i = from; i < end; i++)
                lines[i] = lines[i] with { CreatedAt = start + ((lines[i].CreatedAt - start + TimeSpan.FromSeconds(seconds[i - from])) * stretch) };
            from = end;
        }

        return room with { Lines = lines };
    }
}
