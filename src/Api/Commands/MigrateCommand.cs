using System.CommandLine;
using System.Globalization;
using AIChat.Application.Common;
using AIChat.Infrastructure;
using AIChat.Infrastructure.Common;
using Spectre.Console;
using static AIChat.Api.Commands.Failure;
using Text = Spectre.Console.Text;

namespace AIChat.Api.Commands;

/// <summary><c>migrate --from … --to …</c>: copies one store into another and compares them. If stopped, it resumes when it is run again.</summary>
internal static class MigrateCommand
{
    private const int Differs = 2;

    /// <summary>The refusals in the words of this command.</summary>
    private static readonly Dictionary<Error, string> Refusals = new()
    {
        [MigrationErrors.BadSource] = "--from is neither sqlite:PATH nor an address such as mongodb://host:27017/aichat; correct it.",
        [MigrationErrors.BadTarget] = "--to is neither sqlite:PATH nor an address such as mongodb://host:27017/aichat; correct it.",
        [MigrationErrors.SameStore] = "--from and --to are the same database; name another one.",
        [MigrationErrors.SourceMissing] = "--from names no database; give the path of an aichat.db or of the data folder that holds it.",
        [MigrationErrors.SourceForeign] = "--from is no database of AIChat, nor one of the original's shape; name another one.",
        [MigrationErrors.SourceNewer] = "--from was written by a newer version of AIChat; migrate with that version.",
        [MigrationErrors.TargetTaken] = "--to holds data that this migration did not bring; name an empty database or another file.",
    };

    public static Task<int> RunAsync(string[] args)
    {
        var from = new Option<string>("--from")
        {
            Description = "What to copy: sqlite:PATH (an aichat.db, or the data folder that holds it) or mongodb://HOST/DATABASE. No server may work with it meanwhile.",
            Required = true,
        };
        var to = new Option<string>("--to") { Description = "Where to: an empty database, sqlite:PATH or mongodb://HOST/DATABASE.", Required = true };
        var command = new RootCommand(
            "Copy everything that one store holds into another, then compare the two. Stopped at any moment, the same command goes on where it was. " +
            "MONGO_ID and MONGO_PASSWORD fill addresses that have no user name. A database of the original system is brought over too.") { from, to };

        // On another thread: work with an embedded database is synchronous, and signals are handled only once this action has returned its task.
        command.SetAction((parsed, cancellation) => Task.Run(() => MigrateAsync(parsed.GetValue(from)!, parsed.GetValue(to)!, cancellation), CancellationToken.None));

        // Time to finish the batch that is being written.
        return command.Parse(args).InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = TimeSpan.FromSeconds(15) });
    }

    private static async Task<int> MigrateAsync(string from, string to, CancellationToken cancellation)
    {
        await using var services = new ServiceCollection().AddSingleton(TimeProvider.System).AddMigration(StorageOptions.Read(EnvironmentVariables.Load())).BuildServiceProvider();
        var migration = services.GetRequiredService<IStoreMigration>();
        var screen = AnsiConsole.Console;
        try
        {
            var result = await screen.Progress().AutoClear(true).Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new RemainingTimeColumn())
                .StartAsync(context => migration.RunAsync(from, to, new Bars(context), cancellation));
            if (!result.Succeeded(out var report, out var refusal))
                return await FailAsync(Refusals.GetValueOrDefault(refusal, refusal.Message));
            Print(screen, report);
            return report.IsEqual ? 0 : await ReportDifferencesAsync(report);
        }
        catch (StoreUnavailableException outage)
        {
            return await FailAsync(outage.Message);
        }
        catch (OperationCanceledException)
        {
            return await FailAsync("Stopped; the same command goes on from here.");
        }
    }

    // Written without Spectre, which folds lines at 80 columns in a pipe.
    private static void Print(IAnsiConsole screen, MigrationReport report)
    {
        Console.WriteLine($"{report.Source} → {report.Target}");
        if (report.IsRepeated)
            Console.WriteLine("An earlier run had finished: nothing was copied, both sides were compared again.");
        else if (report.IsContinued)
            Console.WriteLine("Went on where an earlier run was stopped.");
        foreach (var note in report.Notes)
            Console.WriteLine(note);

        var table = new Table { Border = screen.Profile.Capabilities.Interactive ? TableBorder.Rounded : TableBorder.None };
        table.AddColumns(
            new TableColumn("collection").NoWrap(), new TableColumn("from").RightAligned().NoWrap(), new TableColumn("to").RightAligned().NoWrap(), new TableColumn("checksum").NoWrap(), new TableColumn(string.Empty).NoWrap());
        foreach (var each in report.Collections)
            table.AddRow(new Text(each.Name), Number(each.Source.Count), Number(each.Target.Count), new Text(Checksums(each)), new Text(each.IsEqual ? "equal" : "DIFFERS"));
        screen.Write(table);
        if (report.IsEqual)
            Console.WriteLine($"All is there: {report.Collections.Sum(each => each.Target.Count).ToString("N0", CultureInfo.InvariantCulture)} entries, compared by count and checksum.");
    }

    private static async Task<int> ReportDifferencesAsync(MigrationReport report)
    {
        var different = string.Join(", ", report.Collections.Where(each => !each.IsEqual).Select(each => each.Name));
        await Console.Error.WriteLineAsync(report.IsRepeated
            ? $"{different}: not the same any more; one side was written to after the migration had finished, which is as it should be if servers work with {report.Target} now."
            : $"{different}: not the same on both sides; a server wrote to one of them meanwhile, or the copy is damaged. Stop all servers of both, empty {report.Target}, and run this again.");
        return Differs;
    }

    private static string Checksums(ComparedCollection each)
        => each.Source.Checksum == each.Target.Checksum ? each.Source.Checksum[..16] : each.Source.Checksum[..7] + "≠" + each.Target.Checksum[..8];

    private static Text Number(long count) => new(count.ToString("N0", CultureInfo.InvariantCulture));

    /// <summary>A bar for each step, added with its first report.</summary>
    private sealed class Bars(ProgressContext context) : IProgress<MigrationProgress>
    {
        private readonly Lock _gate = new();
        private readonly Dictionary<MigrationStep, ProgressTask> _tasks = [];

        public void Report(MigrationProgress value)
        {
            lock (_gate)
            {
                if (!_tasks.TryGetValue(value.Step, out var task))
                    task = _tasks[value.Step] = context.AddTask(value.Step.ToString());
                task.MaxValue = Math.Max(1, value.Total);
                task.Value = Math.Max(task.Value, value.Done);
                task.Description = $"{value.Step} {value.Collection}";
            }
        }
    }
}
