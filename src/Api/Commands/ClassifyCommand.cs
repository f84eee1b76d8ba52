using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Serialization;
using AIChat.Application;
using AIChat.Application.Common;
using AIChat.Application.Messages.Transcripts;
using AIChat.Application.Reads;
using AIChat.Infrastructure;
using Spectre.Console;
using static AIChat.Api.Commands.Failure;

namespace AIChat.Api.Commands;

/// <summary><c>classify FILE</c>: finds the conversations of a transcript in a terminal, without a server and without storing anything.</summary>
internal static class ClassifyCommand
{
    private const int ChatsAtOnce = PredictTopics.MaxChats;

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    };

    public static Task<int> RunAsync(string[] args)
    {
        var file = new Argument<FileInfo>("FILE") { Description = "The transcript, UTF-8." };
        var format = new Option<string>("--format") { Description = "The format of its lines: " + string.Join(", ", TranscriptFormats.Names) + ".", Required = true };
        var json = new Option<FileInfo?>("--json") { Description = "Write the result to this file as JSON." };
        var date = new Option<string?>("--date") { Description = "The day of the first line, for formats whose lines have only a time of day (yyyy-MM-dd; default: today)." };
        var model = new Option<string?>("--model") { Description = "A sentence encoder that was pulled, or a folder (default: EMBEDDING_MODEL; none: messages are compared by their words)." };
        var command = new RootCommand("Find the conversations of a transcript: their names, people, times and main points.") { file, format, json, date, model };
        command.SetAction((parsed, cancellation) => ClassifyAsync(
            parsed.GetValue(file)!, parsed.GetValue(format)!, parsed.GetValue(json), parsed.GetValue(date), parsed.GetValue(model), cancellation));
        return command.Parse(args).InvokeAsync();
    }

    private static async Task<int> ClassifyAsync(FileInfo file, string formatName, FileInfo? json, string? date, string? model, CancellationToken cancellation)
    {
        if (TranscriptFormats.Find(formatName) is not { } format)
            return await FailAsync($"--format {formatName} is not known; it is one of {string.Join(", ", TranscriptFormats.Names)}.");
        var day = DateOnly.FromDateTime(TimeProvider.System.GetUtcNow().UtcDateTime);
        if (date is not null && !DateOnly.TryParseExact(date, "yyyy-MM-dd", out day))
            return await FailAsync($"--date {date} is not a day such as 2026-01-31.");
        if (!file.Exists)
            return await FailAsync($"There is no file {file.FullName}.");

        var lines = new List<TranscriptLine>();
        var rejected = new List<ReadLine>();
        await using (var content = file.OpenRead())
        {
            await foreach (var read in TranscriptReader.ReadAsync(content, format, day, cancellation))
            {
                if (read.Line is { } line)
                    lines.Add(line);
                else if (read.RejectedFor is not null)
                    rejected.Add(read);
            }
        }

        if (lines.Count > ChatsAtOnce)
            return await FailAsync($"The transcript has {lines.Count} messages; {ChatsAtOnce} at once are the most here. Cut it, or import it into a room of the server.");

        return await WithEncoderAsync(model, async encoder =>
        {
            var result = await PredictAsync(lines, encoder, AnsiConsole.Console, cancellation);
            return await ReportAsync(lines, rejected, result, json, cancellation);
        });
    }

    /// <summary>Runs with the model, if one is named, and frees it afterwards.</summary>
    private static Task<int> WithEncoderAsync(string? model, Func<ITextEncoder?, Task<int>> run) => ModelsCommand.WithLibraryAsync(async (library, settings) =>
    {
        // With EMBEDDING_URL the model is another server's; a transcript is sent nowhere.
        model ??= settings.Embedding.Url is null ? settings.Embedding.Model : null;
        if (string.IsNullOrWhiteSpace(model))
            return await run(null);
        if (!library.Open(model, null, settings.Embedding.Threads, settings.Embedding.Device).Succeeded(out var encoder, out var refusal))
            return await FailAsync(refusal.Message);
        using (encoder)
            return await run(encoder);
    });

    private static async Task<int> ReportAsync(List<TranscriptLine> lines, List<ReadLine> rejected, Prediction result, FileInfo? json, CancellationToken cancellation)
    {
        if (json is not null)
        {
            await using var output = json.Create();
            await JsonSerializer.SerializeAsync(output, result, Json, cancellation);
        }

        ClassifyReport.Print(AnsiConsole.Console, lines, result);
        foreach (var read in rejected.Take(10))
            await Console.Error.WriteLineAsync($"line {read.Number} was left out: {read.RejectedFor}");
        if (rejected.Count > 10)
            await Console.Error.WriteLineAsync($"… and {rejected.Count - 10} more lines were left out");
        return rejected.Count == 0 ? 0 : 2;
    }

    private static async Task<Prediction> PredictAsync(List<TranscriptLine> lines, ITextEncoder? encoder, IAnsiConsole screen, CancellationToken cancellation)
    {
        var parts = new ServiceCollection().AddLogging().AddApplication().AddClassifier();
        if (encoder is not null)
            parts.AddSentenceEmbedder(encoder);
        await using var services = parts.BuildServiceProvider();
        var mediator = services.GetRequiredService<IMediator>();
        var chats = lines.Select(line => new PredictedChat(
            IdOf(line), line.Nickname, line.Content, line.CreatedAt, null, line.ReplyTo is { } answered ? "id:" + answered : null, line.IsSystem ? "system" : "message"));
        var request = new PredictTopics([.. chats.DistinctBy(chat => chat.Id)], null, "full", Summarize: true);
        var prediction = await screen.Progress().AutoClear(true).Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn()).StartAsync(async context =>
        {
            var bar = context.AddTask("Finding conversations", maxValue: Math.Max(1, lines.Count));
            var done = await mediator.Send(request with { Progress = new Progress<int>(count => bar.Value = count) }, cancellation);
            bar.Value = bar.MaxValue;
            return done;
        });
        return prediction.Value ?? throw new InvalidOperationException(prediction.Error!.Message);
    }

    internal static string IdOf(TranscriptLine line) => line.Id is { } own ? "id:" + own : "line:" + line.Number;
}
