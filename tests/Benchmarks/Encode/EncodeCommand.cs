using System.CommandLine;
using System.Diagnostics;
using AIChat.Benchmarks.Common;
using AIChat.Infrastructure.Topics.Encoders;
using AIChat.Infrastructure.Topics.Tensors;

namespace AIChat.Benchmarks.Encode;

/// <summary><c>encode</c>: our sentence encoder against ONNX Runtime on the same weights, the same token ids, in the same run.</summary>
internal static class EncodeCommand
{
    const int Rounds = 5;
    const int Singles = 200;

    // The threads of either go on spinning for a while after their work.
    static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    public static Command Create()
    {
        var model = new Option<DirectoryInfo>("--model") { Description = "An encoder's folder with model.onnx beside model.safetensors", Required = true };
        var texts = new Option<FileInfo>("--texts") { Description = "A text a line", Required = true };
        var lines = Commands.Count("--lines", 512, 100_000, "How many of them");
        var json = Commands.Json();
        var command = new Command("encode", "Sentences a second, and the time of one, against ONNX Runtime.") { model, texts, lines, json };
        command.Does(async (parsed, cancellation) =>
        {
            var folder = parsed.GetValue(model)!.FullName;
            var said = File.ReadLines(parsed.GetValue(texts)!.FullName).Where(line => line.Length > 0).Take(parsed.GetValue(lines)).ToList();
            var rows = new List<Row>();
            foreach (var threads in new[] { 1, 2 })
            {
                using var peer = new OnnxPeer(Path.Combine(folder, "model.onnx"), threads);
                foreach (var precision in new[] { Precision.F32, Precision.BF16 })
                {
                    using var ours = SentenceEncoder.Load(folder, precision, threads);
                    Report.Say(ours.Choice);
                    var tokens = said.ConvertAll(line => ours.Tokens(line));
                    var (mine, theirs) = (new List<double?>(), new List<double?>());
                    for (var round = -1; round < Rounds; round++)
                    {
                        cancellation.ThrowIfCancellationRequested();
                        var first = Seconds(() => ours.Encode(said));
                        Thread.Sleep(Pause);
                        var second = Seconds(() => peer.Encode(tokens));
                        Thread.Sleep(Pause);
                        if (round >= 0)
                        {
                            mine.Add(said.Count / first);
                            theirs.Add(said.Count / second);
                        }
                    }

                    rows.Add(new Row($"{precision}, {threads} thread{(threads == 1 ? "" : "s")}, sentences/s", Report.Median(mine)!.Value, Report.Median(theirs)!.Value));
                    mine = [.. Enumerable.Range(0, Singles).Select(line => (double?)(1000 * Seconds(() => ours.Encode([said[line % said.Count]]))))];
                    Thread.Sleep(Pause);
                    theirs = [.. Enumerable.Range(0, Singles).Select(line => (double?)(1000 * Seconds(() => peer.Encode([tokens[line % said.Count]]))))];
                    Thread.Sleep(Pause);

                    rows.Add(new Row($"{precision}, {threads} thread{(threads == 1 ? "" : "s")}, one message, median ms", Report.Median(mine)!.Value, Report.Median(theirs)!.Value));
                }
            }

            Report.Table($"{said.Count} lines, {said.Average(line => line.Length):F0} characters each", ["", "ours", "ONNX Runtime", "ratio"], rows.Select(row => new[] { row.Name, Report.Number(row.Ours), Report.Number(row.Theirs), Report.Number(row.Ours / row.Theirs) }));
            await Report.SaveAsync(parsed.GetValue(json), "encode", new { folder = Path.GetFileName(folder), lines = said.Count }, new { rows }, cancellation);
            return 0;
        });
        return command;
    }

    static double Seconds(Action work)
    {
        var began = Stopwatch.GetTimestamp();
        work();
        return Stopwatch.GetElapsedTime(began).TotalSeconds;
    }

    sealed record Row(string Name, double Ours, double Theirs);
}
