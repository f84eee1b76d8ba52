using System.Text.Json;
using AIChat.Infrastructure.Topics.Ngrams;

namespace AIChat.Evaluation.Training;

/// <summary>A conversation taken out of its room: speaker, text and waiting time of each line (null: unknown), in order.</summary>
internal sealed partial record Dialogue(IReadOnlyList<(int Who, string Text, TimeSpan? Wait)> Lines)
{
    /// <summary>Kind of the data and the room it was taken from, such as <c>irc/2004-12-25</c>; dialogues of one source have near vocabularies.</summary>
    public string Source { get; init; } = "";

    /// <summary>Whether texts have placeholders such as <c>{2}</c> for the name of a person; those without words in the dialogue have the numbers after the speakers'. Only <see cref="SplicedRoom"/> fills them.</summary>
    public bool HasPlaceholders { get; init; }

    /// <summary>Number of speakers.</summary>
    public int Speakers { get; } = Lines.Select(line => line.Who).Distinct().Count();

    /// <summary>Share of the letters that are Hangul.</summary>
    public double HangulShare { get; } = Lines.Sum(line => line.Text.Count(letter => letter is >= '가' and <= '힣')) / (double)Math.Max(1, Lines.Sum(line => line.Text.Count(char.IsLetter)));

    /// <summary>The conversations of IRC logs, of 3 lines to 60, without names.</summary>
    public static List<Dialogue> OfIrc(IEnumerable<LabelledRoom> rooms)
    {
        var dialogues = new List<Dialogue>();
        foreach (var room in rooms)
        {
            var stripped = Names.Strip(room.Lines).ToList();
            var members = Enumerable.Range(0, room.Lines.Count)
                .Where(i => room.Conversations[i] >= 0 && !room.Lines[i].IsSystem && !string.IsNullOrWhiteSpace(stripped[i].Content))
                .GroupBy(i => room.Conversations[i]);
            foreach (var group in members)
            {
                var lines = group.ToList();
                if (lines.Count is < 3 or > 60)
                    continue;
                var who = lines.Select(i => room.Lines[i].Speaker).Distinct().ToList();
                if (who.Count is >= 2 and <= 8)
                    dialogues.Add(new Dialogue([.. lines.Select(i => (who.IndexOf(room.Lines[i].Speaker), stripped[i].Content.TrimStart(':', ',', ' '), (TimeSpan?)null))]) { Source = $"irc/{room.Name}" });
            }
        }

        return dialogues;
    }

    /// <summary>Dialogues of two people who take turns.</summary>
    public static List<Dialogue> OfTiage(string path)
    {
        using var json = JsonDocument.Parse(File.ReadAllText(path));
        return
        [
            .. json.RootElement.EnumerateObject().Select(talk => new Dialogue(
                [.. talk.Value.EnumerateArray().Select((line, i) => (i % 2, line[0].GetString()!.Replace(" ' ", "'", StringComparison.Ordinal), (TimeSpan?)null))]) { Source = "tiage" }),
        ];
    }

    /// <summary>
    /// Korean questions and answers chained by similarity: the next pair is the unused one whose words are most similar to the last two lines.
    /// </summary>
    public static List<Dialogue> OfQuestions(string path, int seed)
    {
        var chance = new Random(seed);
        var pairs = File.ReadLines(path).Skip(1).Select(Cells).Where(cells => cells.Count >= 3 && cells[0].Length > 1 && cells[1].Length > 1).ToList();
        var space = new NgramSpace();
        var packed = pairs.ConvertAll(pair => NgramEmbedder.Embed(pair[0] + " " + pair[1]));
        packed.ForEach(one => space.Add(one));
        var vectors = packed.ConvertAll(one => space.Weigh(one));
        var free = Enumerable.Range(0, pairs.Count).ToList();
        chance.Shuffle(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(free));
        var dialogues = new List<Dialogue>();
        while (free.Count > 400)
        {
            var lines = new List<(int, string, TimeSpan?)>();
            var length = chance.Next(2, 9);
            var at = Take(free.Count - 1);
            for (var turn = 0; turn < length; turn++)
            {
                lines.Add((0, pairs[at][0], null));
                lines.Add((1, pairs[at][1], null));
                var others = Enumerable.Range(Math.Max(0, free.Count - 600), Math.Min(600, free.Count)).ToList();
                var cosines = new float[others.Count];
                vectors[at].Compare(others.ConvertAll(other => vectors[free[other]]), cosines);
                at = Take(others[Array.IndexOf(cosines, cosines.Max())]);
            }

            dialogues.Add(new Dialogue(lines) { Source = "chatbot-ko" });
        }

        return dialogues;

        int Take(int position)
        {
            var taken = free[position];
            free[position] = free[^1];
            free.RemoveAt(free.Count - 1);
            return taken;
        }
    }

    private static List<string> Cells(string row)
    {
        var cells = new List<string>();
        var cell = new System.Text.StringBuilder();
        var quoted = false;
        foreach (var letter in row)
        {
            if (letter == '"')
                quoted = !quoted;
            else if (letter == ',' && !quoted)
            {
                cells.Add(cell.ToString().Trim());
                cell.Clear();
            }
            else
                cell.Append(letter);
        }

        cells.Add(cell.ToString().Trim());
        return cells;
    }
}
