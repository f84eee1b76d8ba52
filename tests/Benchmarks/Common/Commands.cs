using System.CommandLine;
using System.Globalization;

namespace AIChat.Benchmarks.Common;

/// <summary>What the commands share: options, and how an action ends.</summary>
internal static class Commands
{
    public static Option<int> Count(string name, int value, int most, string description)
    {
        var option = new Option<int>(name) { Description = $"{description} (default {value}, at most {most})", DefaultValueFactory = _ => value };
        option.Validators.Add(result =>
        {
            foreach (var token in result.Tokens)
                if (!int.TryParse(token.Value, NumberStyles.None, CultureInfo.InvariantCulture, out var given) || given > most)
                    result.AddError($"{name} must be from 0 to {most}.");
        });
        return option;
    }

    public static Option<FileInfo?> Json() => new("--json") { Description = "Write the results there as JSON", HelpName = "OUT" };

    public static Option<FileInfo?> Server() =>
        new("--server") { Description = "The server to start (default: the Release build of src/Api, found upwards from here)", HelpName = "DLL" };

    public static Option<string[]> Environment()
    {
        var option = new Option<string[]>("--env")
        {
            Description = "Environment of the started servers; may be repeated",
            HelpName = "NAME=VALUE",
            DefaultValueFactory = _ => [],
        };
        option.Validators.Add(result =>
        {
            foreach (var token in result.Tokens)
                if (token.Value.IndexOf('=', StringComparison.Ordinal) < 1)
                    result.AddError($"--env takes NAME=VALUE, not '{token.Value}'.");
        });
        return option;
    }

    /// <summary>Runs a command's work; expected failures become one sentence and exit code 1, Ctrl-C becomes 130.</summary>
    public static void Does(this Command command, Func<ParseResult, CancellationToken, Task<int>> work) =>
        command.SetAction(async (parsed, cancellation) =>
        {
            try
            {
                return await work(parsed, cancellation);
            }
            catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
            {
                await Console.Error.WriteLineAsync("Stopped.");
                return 130;
            }
            catch (Exception failure) when (failure is BenchmarkException or HttpRequestException or IOException or TimeoutException)
            {
                await Console.Error.WriteLineAsync(failure.Message);
                return 1;
            }
        });

    public static Dictionary<string, string> Variables(string[]? pairs) =>
        (pairs ?? []).Select(pair => pair.Split('=', 2)).GroupBy(pair => pair[0]).ToDictionary(group => group.Key, group => group.Last()[1]);
}
