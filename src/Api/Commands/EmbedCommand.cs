using System.Collections.Concurrent;
using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json;
using AIChat.Application.Common;
using AIChat.Infrastructure;
using static AIChat.Api.Commands.Failure;

namespace AIChat.Api.Commands;

/// <summary><c>embed [FILE]</c>: a vector for each line of a file, as JSON Lines.</summary>
internal static class EmbedCommand
{
    /// <summary>Lines that are sorted by length together and written together.</summary>
    private const int Batch = 256;

    /// <summary>How long lines wait for more lines.</summary>
    private static readonly TimeSpan BatchWait = TimeSpan.FromMilliseconds(50);

    private static readonly TimeSpan BetweenReports = TimeSpan.FromSeconds(1);

    public static Task<int> RunAsync(string[] args)
    {
        var file = new Argument<FileInfo?>("FILE") { Description = "One text a line, UTF-8 (default: standard input).", Arity = ArgumentArity.ZeroOrOne };
        var model = new Option<string?>("--model") { Description = "A model that was pulled, or a folder in the hub's layout (default: EMBEDDING_MODEL)." };
        var prompt = new Option<string?>("--prompt") { Description = "The prompt put before each text, by its name in config_sentence_transformers.json: query, passage (default: the model's own)." };
        var command = new RootCommand("""A vector for each line, in order, as JSON Lines: {"index": 0, "vector": […]}. Progress goes to the error stream.""") { file, model, prompt };
        command.SetAction((parsed, cancellation) => ModelsCommand.WithLibraryAsync((library, settings) => EmbedAsync(library, settings, parsed.GetValue(file), parsed.GetValue(model), parsed.GetValue(prompt), cancellation)));
        return command.Parse(args).InvokeAsync();
    }

    private static async Task<int> EmbedAsync(IModelLibrary library, InfrastructureOptions settings, FileInfo? file, string? model, string? prompt, CancellationToken cancellation)
    {
        model ??= settings.Embedding.Model;
        if (string.IsNullOrWhiteSpace(model))
            return await FailAsync("Say with which model: --model NAME|DIR, or EMBEDDING_MODEL.");
        if (file is { Exists: false })
            return await FailAsync($"There is no file {file.FullName}.");
        if (!library.Open(model, prompt, settings.Embedding.Threads, settings.Embedding.Device).Succeeded(out var encoder, out var refusal))
            return await FailAsync(refusal.Message);
        using (encoder)
        {
            await Console.Error.WriteLineAsync(encoder.Choice);
            using var texts = new StreamReader(file is null ? Console.OpenStandardInput() : file.OpenRead(), Encoding.UTF8);
            using var lines = new BlockingCollection<string>(2 * Batch);
            await using var output = Console.OpenStandardOutput();

            // One thread for all batches: libtorch starts helper threads and keeps memory for each thread that calls it.
            var writing = Task.Factory.StartNew(() => Write(encoder, lines, output, cancellation), cancellation, TaskCreationOptions.LongRunning, TaskScheduler.Default);
            using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
            var reading = Task.Run(() => ReadAsync(texts, lines, ended.Token), CancellationToken.None);
            try
            {
                await writing;
            }
            catch (IOException closed)
            {
                return await FailAsync("The vectors could not be written: " + closed.Message);
            }
            finally
            {
                await ended.CancelAsync();
            }

            await reading;
        }

        return 0;
    }

    private static async Task ReadAsync(StreamReader texts, BlockingCollection<string> lines, CancellationToken cancellation)
    {
        try
        {
            while (await texts.ReadLineAsync(cancellation) is { } line)
                lines.Add(line, cancellation);
        }
        finally
        {
            lines.CompleteAdding();
        }
    }

    private static void Write(ITextEncoder encoder, BlockingCollection<string> lines, Stream output, CancellationToken cancellation)
    {
        var (begun, reported, index) = (Stopwatch.GetTimestamp(), Stopwatch.GetTimestamp(), 0);
        using var json = new Utf8JsonWriter(output);
        while (lines.TryTake(out var first, Timeout.Infinite, cancellation))
        {
            List<string> batch = [first];
            while (batch.Count < Batch && lines.TryTake(out var next, (int)BatchWait.TotalMilliseconds, cancellation))
                batch.Add(next);
            foreach (var vector in encoder.Encode(batch, cancellation))
                WriteLine(json, output, index++, vector);
            output.Flush();
            if (Stopwatch.GetElapsedTime(reported) >= BetweenReports)
            {
                reported = Stopwatch.GetTimestamp();
                Report();
            }
        }

        Report();

        void Report() => Console.Error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{index:N0} lines, {index / Stopwatch.GetElapsedTime(begun).TotalSeconds:N0} a second"));
    }

    private static void WriteLine(Utf8JsonWriter json, Stream output, int index, float[] vector)
    {
        json.Reset(output);
        json.WriteStartObject();
        json.WriteNumber("index", index);
        json.WriteStartArray("vector");
        foreach (var value in vector)
            json.WriteNumberValue(value);
        json.WriteEndArray();
        json.WriteEndObject();
        json.Flush();
        output.WriteByte((byte)'\n');
    }
}
