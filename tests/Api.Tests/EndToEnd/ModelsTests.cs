using System.Runtime.CompilerServices;
using AIChat.Api.Tests.Contract;
using AIChat.Tests;

namespace AIChat.Api.Tests.EndToEnd;

public sealed class ModelsTests : IDisposable
{
    private const string Weights = "/content/model.safetensors";

    private readonly string _folder = Directory.CreateTempSubdirectory("aichat-models-").FullName;

    private string Kept => Path.Combine(_folder, "kept", "models");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task A_pull_killed_in_the_middle_goes_on_and_the_model_embeds_line_by_line()
    {
        await using var hub = await LocalHub.StartAsync(Source());
        var arrived = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        hub.Fault = async context =>
        {
            if (context.Request.Path != Weights || hub.Contents("model.safetensors") > 1)
                return false;
            var whole = await File.ReadAllBytesAsync(Path.Combine(Source(), "model.safetensors"));
            context.Response.ContentLength = whole.Length;
            await context.Response.Body.WriteAsync(whole.AsMemory(0, 400_000));
            await context.Response.Body.FlushAsync();
            await Eventually.TrueAsync(() => Directory.Exists(Kept) && Directory.EnumerateFiles(Kept, "model.safetensors*", SearchOption.AllDirectories).Any(file => new FileInfo(file).Length > 0), "a part to be kept");
            arrived.TrySetResult();
            await Task.Delay(Timeout.Infinite, context.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default);
            return true;
        };
        await File.WriteAllTextAsync(Path.Combine(_folder, ".env"), $"HF_ENDPOINT={hub.Address}\nAICHAT_DATA=kept\n");

        using (var killed = ServerProcess.Begin(_folder, "models", "pull", LocalHub.Repository))
        {
            await arrived.Task;
            killed.Kill();
            await killed.WaitForExitAsync();
        }

        Assert.Contains("There is none", await RunAsync(0, "models", "list"), StringComparison.Ordinal);
        Assert.Contains("32 dimensions", await RunAsync(0, "models", "pull", LocalHub.Repository), StringComparison.Ordinal);
        Assert.InRange(hub.Asked.Last(one => one.Path == Weights).From, 1, 400_000);
        Assert.Contains(LocalHub.Repository + "@main", await RunAsync(0, "models", "list"), StringComparison.Ordinal);
        Assert.Contains("as it was fetched", await RunAsync(0, "models", "verify", LocalHub.Repository), StringComparison.Ordinal);

        await File.WriteAllTextAsync(Path.Combine(_folder, "lines.txt"), string.Concat(Enumerable.Range(0, 600).Select(at => at % 7 == 0 ? "\n" : $"점심 뭐 먹지? {at} 👍🏽\n")));
        var lines = (await RunAsync(0, "embed", "lines.txt", "--model", LocalHub.Repository)).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => new Answer(line).As<EmbeddedLine>()).ToList();
        Assert.Equal(Enumerable.Range(0, 600), lines.Select(line => line.Index));
        Assert.All(lines, line => Assert.Equal(32, line.Vector.Count));
        Assert.Equal(lines[7].Vector, lines[14].Vector);
        Assert.NotEqual(lines[7].Vector, lines[8].Vector);

        var (kept, weights) = (Directory.GetDirectories(Kept, "somebody--*").Single(), "model.safetensors");
        await File.AppendAllTextAsync(Path.Combine(kept, weights), "x");
        await RunAsync(2, "models", "verify", LocalHub.Repository);
        await RunAsync(0, "models", "remove", LocalHub.Repository);
        await RunAsync(1, "models", "verify", LocalHub.Repository);
        await RunAsync(1, "embed", "lines.txt", "--model", LocalHub.Repository);
    }

    private static string Source([CallerFilePath] string here = "") => Path.Combine(Path.GetDirectoryName(here)!, "..", "..", "Infrastructure.Tests", "Topics", "Encoders", "models", "bert-korean-bf16");

    private async Task<string> RunAsync(int expected, params string[] arguments)
    {
        var (code, output, error) = await ServerProcess.RunAsync(_folder, [], arguments);
        Assert.True(code == expected, $"{string.Join(' ', arguments)}: {code} {output} {error}");
        return output;
    }
}
