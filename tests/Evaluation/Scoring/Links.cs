using System.Globalization;

namespace AIChat.Evaluation.Scoring;

/// <summary>Links of several files by name: pairs (later line, earlier line); a line paired with itself opens a conversation.</summary>
internal sealed class Links : SortedDictionary<string, HashSet<(int Later, int Earlier)>>
{
    public Links()
        : base(StringComparer.Ordinal)
    {
    }

    /// <summary>Reads every <c>NAME.annotation.txt</c> of a folder with the name prefix; links between lines before <paramref name="start"/> are left out.</summary>
    public static Links ReadGold(string folder, int start, string prefix = "")
    {
        const string ending = ".annotation.txt";
        var gold = new Links();
        foreach (var path in Directory.EnumerateFiles(folder, prefix + "*" + ending))
        {
            var pairs = gold[Path.GetFileName(path)[..^ending.Length]] = [];
            foreach (var line in File.ReadLines(path))
            {
                var cells = line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
                var (a, b) = (int.Parse(cells[0], CultureInfo.InvariantCulture), int.Parse(cells[1], CultureInfo.InvariantCulture));
                if (Math.Max(a, b) >= start)
                    pairs.Add((Math.Max(a, b), Math.Min(a, b)));
            }
        }

        return gold;
    }

    /// <summary>Reads lines <c>NAME LINE ANTECEDENT</c>.</summary>
    public static Links ReadPredictions(string path)
    {
        var predictions = new Links();
        foreach (var line in File.ReadLines(path))
        {
            var cells = line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
            if (cells.Length < 3)
                continue;
            if (!predictions.TryGetValue(cells[0], out var pairs))
                predictions[cells[0]] = pairs = [];
            pairs.Add((int.Parse(cells[1], CultureInfo.InvariantCulture), int.Parse(cells[2], CultureInfo.InvariantCulture)));
        }

        return predictions;
    }

    /// <summary>Adds one file's links: each scored line with its antecedent, or with itself.</summary>
    public void Add(string name, IReadOnlyList<int?> antecedents, int start)
    {
        var pairs = this[name] = [];
        for (var line = start; line < antecedents.Count; line++)
            pairs.Add((line, antecedents[line] ?? line));
    }

    /// <summary>Adds one file's conversations as links: each line with the previous one of the same label; below 0: with itself.</summary>
    public void AddLabels(string name, IReadOnlyList<int> labels, int start = 0)
    {
        var last = new Dictionary<int, int>();
        var antecedents = new int?[labels.Count];
        for (var line = 0; line < labels.Count; line++)
        {
            if (labels[line] < 0)
                continue;
            antecedents[line] = last.TryGetValue(labels[line], out var earlier) ? earlier : null;
            last[labels[line]] = line;
        }

        Add(name, antecedents, start);
    }
}
