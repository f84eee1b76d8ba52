using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Spectre.Console;

namespace AIChat.Benchmarks.Common;

/// <summary>Output: a table on a terminal, plain lines in a pipe, JSON where asked for.</summary>
internal static class Report
{
    static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    };

    public static void Say(string line) => Console.WriteLine(line);

    public static void Table(string title, string[] columns, IEnumerable<string[]> rows)
    {
        if (!AnsiConsole.Profile.Out.IsTerminal)
        {
            Console.WriteLine($"{title}: {string.Join(" | ", columns)}");
            foreach (var row in rows)
                Console.WriteLine("  " + string.Join(" | ", row));
            return;
        }

        var table = new Table().Title(Markup.Escape(title));
        foreach (var column in columns)
            table.AddColumn(Markup.Escape(column));
        foreach (var row in rows)
            table.AddRow(row.Select(Markup.Escape).ToArray());
        AnsiConsole.Write(table);
    }

    public static async Task SaveAsync(FileInfo? file, string command, object options, object results, CancellationToken cancellation)
    {
        if (file is null)
            return;
        var machine = new
        {
            cores = Environment.ProcessorCount,
            memoryMb = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 1048576,
            os = RuntimeInformation.OSDescription,
            runtime = RuntimeInformation.FrameworkDescription,
        };
        await using var stream = file.Create();
        await JsonSerializer.SerializeAsync(stream, new { command, at = TimeProvider.System.GetUtcNow(), machine, options, results }, Json, cancellation);
    }

    public static string Number(double? value) => value switch
    {
        null => "-",
        >= 1000 or <= -1000 => value.Value.ToString("N0", CultureInfo.InvariantCulture),
        >= 100 => value.Value.ToString("0.0", CultureInfo.InvariantCulture),
        _ => value.Value.ToString("0.###", CultureInfo.InvariantCulture),
    };

    /// <returns>Null where there is nothing to take the median of.</returns>
    public static double? Median(IEnumerable<double?> values)
    {
        var sorted = values.OfType<double>().Order().ToArray();
        return sorted.Length switch
        {
            0 => null,
            var n when n % 2 == 1 => sorted[n / 2],
            var n => (sorted[n / 2 - 1] + sorted[n / 2]) / 2,
        };
    }
}
