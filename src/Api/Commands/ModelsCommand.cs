using System.CommandLine;
using System.Globalization;
using AIChat.Application.Common;
using AIChat.Infrastructure;
using AIChat.Infrastructure.Common;
using Spectre.Console;
using static AIChat.Api.Commands.Failure;

namespace AIChat.Api.Commands;

/// <summary><c>models pull|list|verify|remove</c>: the sentence encoders kept on this machine.</summary>
internal static class ModelsCommand
{
    private const int Differs = 2;

    public static Task<int> RunAsync(string[] args)
    {
        var pull = new Command("pull", "Fetch a sentence encoder from the hub, check it and keep it. If stopped, the same command resumes.");
        var list = new Command("list", "List the models kept here and the precision that each runs with.");
        var verify = new Command("verify", "Read every file of a model again and compare it with what was fetched.");
        var remove = new Command("remove", "Remove a model; without a revision, all its revisions.");
        AddNamed(pull, PullAsync);
        AddNamed(verify, VerifyAsync);
        AddNamed(remove, (library, name, _) => RemoveAsync(library, name));
        list.SetAction(_ => WithLibraryAsync((library, _) => Task.FromResult(List(library))));
        var command = new RootCommand(
            "Sentence encoders of the Hugging Face hub (BERT, RoBERTa, XLM-RoBERTa), kept in AICHAT_DATA/models. HF_ENDPOINT is the hub's address, HF_TOKEN the token sent to it; only safetensors are fetched.")
        { pull, list, verify, remove };
        return command.Parse(args).InvokeAsync();
    }

    /// <summary>Runs with the library and the settings of the environment.</summary>
    public static async Task<int> WithLibraryAsync(Func<IModelLibrary, InfrastructureOptions, Task<int>> run)
    {
        try
        {
            var settings = Settings.Read(EnvironmentVariables.Load()).Infrastructure;
            await using var services = new ServiceCollection().AddSingleton(TimeProvider.System).AddModels(settings.Storage, settings.Hub).BuildServiceProvider();
            return await run(services.GetRequiredService<IModelLibrary>(), settings);
        }
        catch (SettingException wrong)
        {
            return await FailAsync(wrong.Message);
        }
        catch (OperationCanceledException)
        {
            return await FailAsync("Stopped; the same command goes on from here.");
        }
    }

    private static void AddNamed(Command command, Func<IModelLibrary, ModelName, CancellationToken, Task<int>> run)
    {
        var name = new Argument<string>("NAME") { Description = "Such as intfloat/multilingual-e5-small, or with a branch, tag or commit behind an @." };
        command.Add(name);
        command.SetAction((parsed, cancellation) => ModelName.Parse(parsed.GetValue(name)!) is { } model
            ? WithLibraryAsync((library, _) => run(library, model, cancellation))
            : FailAsync(ModelErrors.BadName.Message));
    }

    private static async Task<int> PullAsync(IModelLibrary library, ModelName name, CancellationToken cancellation)
    {
        var pulled = await AnsiConsole.Console.Progress().AutoClear(true)
            .Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new DownloadedColumn(), new TransferSpeedColumn(), new RemainingTimeColumn())
            .StartAsync(context => library.PullAsync(name, new Bar(context.AddTask(name.ToString())), cancellation));
        if (!pulled.Succeeded(out var model, out var refusal))
            return await FailAsync(refusal.Message);
        Console.WriteLine($"{model.Repository}, {string.Join(", ", model.Revisions)} ({model.Commit}): {Size(model.Size)}, {model.Dimensions} dimensions, {model.Choice}");
        return 0;
    }

    private static int List(IModelLibrary library)
    {
        var models = library.List();
        if (models.Count == 0)
        {
            Console.WriteLine("There is none; fetch one with: models pull intfloat/multilingual-e5-small");
            return 0;
        }

        // Written without Spectre, which folds lines at 80 columns in a pipe.
        foreach (var model in models)
        {
            Console.WriteLine($"{model.Repository}@{string.Join(',', model.Revisions)} {model.Commit[..12]} {Size(model.Size)} {model.Dimensions} dimensions, {model.PulledAt.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)}, {model.Choice}");
        }

        return 0;
    }

    private static async Task<int> VerifyAsync(IModelLibrary library, ModelName name, CancellationToken cancellation)
    {
        if (!(await library.VerifyAsync(name, cancellation)).Succeeded(out var wrong, out var refusal))
            return await FailAsync(refusal.Message);
        foreach (var sentence in wrong)
            await Console.Error.WriteLineAsync(sentence);
        if (wrong.Count > 0)
            await Console.Error.WriteLineAsync($"Fetch it anew: models remove {name}, then models pull {name}");
        else
            Console.WriteLine($"{name} is as it was fetched.");
        return wrong.Count == 0 ? 0 : Differs;
    }

    private static async Task<int> RemoveAsync(IModelLibrary library, ModelName name)
    {
        if (!library.Remove(name).Succeeded(out var count, out var refusal))
            return await FailAsync(refusal.Message);
        Console.WriteLine(count == 1 ? $"{name} is gone." : $"{name} is gone ({count} revisions).");
        return 0;
    }

    private static string Size(long bytes) => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e6:F1} MB");

    private sealed class Bar(ProgressTask task) : IProgress<PullProgress>
    {
        public void Report(PullProgress value) => (task.Description, task.MaxValue, task.Value) = (value.File, value.Total, value.Done);
    }
}
