
namespace AIChat.Evaluation.Training;

/// <summary>Makes other rooms of a room, so that what is learned does not hang on one channel's habits.</summary>
internal static class RoomVariety
{
    /// <summary>Leaves the speakers' names out of the texts: each spoken one with a chance.</summary>
    public static LabelledRoom WithFewerNames(this LabelledRoom room, double share, int seed)
    {
        var chance = new Random(seed);
        var stripped = Names.Strip(room.Lines).ToList();
        return room with { Lines = [.. room.Lines.Select((line, i) => chance.NextDouble() < share ? stripped[i] : line)] };
    }

    /// <summary>
    /// Logs know minutes only; here lines spread over theirs, and the whole is stretched. Gaps beyond ten minutes stay as they are in the room's own time.
    /// </summary>
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
