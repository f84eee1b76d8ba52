using System.Numerics.Tensors;
using System.Runtime.CompilerServices;
using AIChat.Application.Common;
using AIChat.Infrastructure.Topics.Encoders;
using AIChat.Infrastructure.Topics.Encoders.Hub;
using AIChat.Tests;
using Microsoft.AspNetCore.Http;

namespace AIChat.Infrastructure.Tests.Models;

/// <summary>Models come from a server that speaks the hub's protocol over real HTTP, and fails in every way that the real one may.</summary>
public sealed class ModelLibraryTests : IAsyncLifetime, IDisposable
{
    private const string Weights = "model.safetensors";
    private const string Secret = "hf_secret";

    private static readonly ModelName Name = ModelName.Parse(LocalHub.Repository)!;

    private readonly string _folder = Directory.CreateTempSubdirectory("aichat-models-").FullName;
    private readonly string _origin = LocalHub.Copy(Source());
    private readonly HttpClient _http = new(new SocketsHttpHandler { AllowAutoRedirect = false }) { Timeout = Timeout.InfiniteTimeSpan };
    private LocalHub _hub = null!;

    public async Task InitializeAsync() => _hub = await LocalHub.StartAsync(_origin);

    public async Task DisposeAsync()
    {
        await _hub.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
        Directory.Delete(_origin, recursive: true);
    }

    public void Dispose() => _http.Dispose();

    [Fact]
    public async Task A_model_comes_whole_with_what_is_needed_alone_and_embeds_as_its_origin()
    {
        File.WriteAllText(Path.Combine(_origin, "README.md"), "about");
        File.WriteAllText(Path.Combine(_origin, "tokenizer.json"), "{}");
        File.WriteAllText(Path.Combine(_origin, "pytorch_model.bin"), "a pickle");
        Directory.CreateDirectory(Path.Combine(_origin, "onnx"));
        File.WriteAllText(Path.Combine(_origin, "onnx", Weights), "something else");
        var progress = new Heard();
        var model = Value(await Library().PullAsync(Name, progress, default));

        Assert.Equal(["1_Pooling/config.json", "config.json", Weights, "modules.json", "sentence_bert_config.json", "tokenizer_config.json", "vocab.txt"], model.Files.Select(file => file.Path).Order(StringComparer.Ordinal));
        Assert.Equal((LocalHub.Repository, LocalHub.Commit, 32), (model.Repository, model.Commit, model.Dimensions));
        Assert.Equal(["main"], model.Revisions);
        Assert.Contains("F32", model.Choice, StringComparison.Ordinal);
        Assert.Equal((model.Size, model.Size), (progress.Last!.Done, progress.Last.Total));
        Assert.Empty(Value(await Library().VerifyAsync(Name, default)));
        Assert.Equal(model.Commit, Assert.Single(Library().List()).Commit);

        using var pulled = Value(Library().Open(LocalHub.Repository, null));
        using var first = SentenceEncoder.Load(_origin);
        // Each load measures for itself whether BF16 pays, and of so small a model that is a toss-up: alike is what both are promised to be.
        Assert.InRange(TensorPrimitives.CosineSimilarity(first.Encode(["점심 뭐 먹지?"])[0], pulled.Encode(["점심 뭐 먹지?"], default)[0]), 0.999f, 1.001f);
    }

    [Fact]
    public async Task Shards_and_a_tokenizer_that_is_alone_come_too()
    {
        await using var sharded = await LocalHub.StartAsync(Source("xlm-roberta-sharded"));
        var model = Value(await Library(sharded).PullAsync(Name, new Heard(), default));
        Assert.Equal(2, model.Files.Count(file => file.Path.EndsWith(".safetensors", StringComparison.Ordinal)));
        Value(Library(sharded).Remove(Name));
        await using var alone = await LocalHub.StartAsync(Source("xlm-roberta-tokenizer-json"));
        Assert.Contains("tokenizer.json", Value(await Library(alone).PullAsync(Name, new Heard(), default)).Files.Select(file => file.Path));
    }

    [Fact]
    public async Task The_token_is_shown_to_the_hub_and_to_nobody_else()
    {
        _hub.Token = Secret;
        Value(await Library(token: Secret).PullAsync(Name, new Heard(), default));
        Assert.All(_hub.Asked, one => Assert.Equal(one.Path.StartsWith("/content/", StringComparison.Ordinal) ? null : "Bearer " + Secret, one.Token));
        Assert.Equal(1, _hub.Contents(Weights));
    }

    [Fact]
    public async Task A_connection_that_is_cut_goes_on_where_it_was_as_often_as_it_gets_further()
    {
        var cuts = 0;
        var heard = new Heard();
        _hub.Fault = async context =>
        {
            if (!IsContent(context) || cuts++ == 8)
                return false;
            var from = (int)(context.Request.GetTypedHeaders().Range?.Ranges.First().From ?? 0);
            var content = await File.ReadAllBytesAsync(Path.Combine(_origin, Weights));
            (context.Response.StatusCode, context.Response.ContentLength) = (from > 0 ? 206 : 200, content.Length - from);
            if (from > 0)
                context.Response.Headers.ContentRange = FormattableString.Invariant($"bytes {from}-{content.Length - 1}/{content.Length}");
            await context.Response.Body.WriteAsync(content.AsMemory(from, 90_000));
            await context.Response.Body.FlushAsync();
            await Eventually.SeenAsync(() => heard.Missing, missing => missing <= content.Length - from - 90_000, "the part to arrive");
            context.Abort();
            return true;
        };
        Value(await Library().PullAsync(Name, heard, default));
        Assert.Equal(9, _hub.Contents(Weights));
        var from = _hub.Asked.Where(one => one.Path == "/content/" + Weights).Select(one => one.From).ToList();
        Assert.Equal(from.Order(), from);
        Assert.InRange(from[^1], 500_000, 720_000);
    }

    [Fact]
    public async Task A_hub_that_knows_no_parts_sends_the_whole_again()
    {
        var whole = await File.ReadAllBytesAsync(Path.Combine(_origin, Weights));
        _hub.Fault = async context =>
        {
            if (!IsContent(context))
                return false;
            context.Response.ContentLength = whole.Length;
            await context.Response.Body.WriteAsync(whole.AsMemory(0, _hub.Contents(Weights) == 1 ? 300_000 : whole.Length));
            await context.Response.Body.FlushAsync();
            if (_hub.Contents(Weights) == 1)
                context.Abort();
            return true;
        };
        Value(await Library().PullAsync(Name, new Heard(), default));
        Assert.Empty(Value(await Library().VerifyAsync(Name, default)));
    }

    [Fact]
    public async Task Who_stops_it_and_asks_again_gets_the_rest()
    {
        using var stop = new CancellationTokenSource();
        var heard = new Heard();
        _hub.Fault = async context =>
        {
            if (!IsContent(context) || _hub.Contents(Weights) > 1)
                return false;
            var whole = await File.ReadAllBytesAsync(Path.Combine(_origin, Weights));
            context.Response.ContentLength = whole.Length;
            await context.Response.Body.WriteAsync(whole.AsMemory(0, 500_000));
            await context.Response.Body.FlushAsync();
            await Eventually.SeenAsync(() => heard.Missing, missing => missing < whole.Length, "a part to arrive");
            await stop.CancelAsync();
            await Task.Delay(Timeout.Infinite, context.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default);
            return true;
        };
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Library().PullAsync(Name, heard, stop.Token));
        Assert.Empty(Library().List());
        Value(await Library().PullAsync(Name, new Heard(), default));
        Assert.InRange(_hub.Asked.Last(one => one.Path == "/content/" + Weights).From, 1, 500_000);
    }

    [Theory]
    [InlineData(Weights, 1, true)]
    [InlineData(Weights, 2, false)]
    [InlineData("vocab.txt", 2, false)]
    public async Task What_is_not_as_described_is_fetched_again_once_and_never_kept(string file, int wrong, bool comes)
    {
        var times = 0;
        _hub.Fault = async context =>
        {
            if (!context.Request.Path.Value!.EndsWith("/" + file, StringComparison.Ordinal) || context.Request.Path.Value.Contains("/resolve/", StringComparison.Ordinal) != (file != Weights) || times++ >= wrong)
                return false;
            var content = await File.ReadAllBytesAsync(Path.Combine(_origin, file));
            content[^1] ^= 1;
            await context.Response.Body.WriteAsync(content);
            return true;
        };
        var pulled = await Library().PullAsync(Name, new Heard(), default);
        Assert.Equal(comes ? null : "model_damaged", pulled.Error?.Code);
        Assert.Equal(comes ? 1 : 0, Library().List().Count);
    }

    [Theory]
    [InlineData(401, null, "model_forbidden", "HF_TOKEN")]
    [InlineData(403, null, "model_forbidden", "HF_TOKEN")]
    [InlineData(404, null, "model_not_found", LocalHub.Repository)]
    [InlineData(429, "3600", "model_hub_unavailable", "60 minutes")]
    [InlineData(500, null, "model_hub_unavailable", "status 500")]
    [InlineData(418, null, "model_hub_unavailable", "status 418")]
    public async Task A_refusal_says_what_to_do(int status, string? retryAfter, string code, string says)
    {
        _hub.Fault = context =>
        {
            context.Response.StatusCode = status;
            if (retryAfter is not null)
                context.Response.Headers.RetryAfter = retryAfter;
            return Task.FromResult(true);
        };
        var error = (await Library().PullAsync(Name, new Heard(), default)).Error!;
        Assert.Equal(code, error.Code);
        Assert.Contains(says, error.Message, StringComparison.Ordinal);
        Assert.Equal(status == 500 ? 6 : 1, _hub.Asked.Count);
    }

    [Fact]
    public async Task Who_asks_too_often_comes_back_when_told()
    {
        _hub.Fault = context =>
        {
            if (_hub.Asked.Count > 2)
                return Task.FromResult(false);
            context.Response.StatusCode = 429;
            context.Response.Headers.RetryAfter = "20";
            return Task.FromResult(true);
        };
        Value(await Library().PullAsync(Name, new Heard(), default));
    }

    [Fact]
    public async Task A_circle_of_redirects_ends()
    {
        _hub.Fault = context =>
        {
            context.Response.Redirect(context.Request.Path);
            return Task.FromResult(true);
        };
        Assert.Contains("circle", (await Library().PullAsync(Name, new Heard(), default)).Error!.Message, StringComparison.Ordinal);
        Assert.InRange(_hub.Asked.Count, 2, 20);
    }

    [Fact]
    public async Task What_is_no_hub_or_not_there_is_said()
    {
        _hub.Fault = async context =>
        {
            await context.Response.WriteAsync("<html>Welcome</html>");
            return true;
        };
        Assert.Contains("HF_ENDPOINT", (await Library().PullAsync(Name, new Heard(), default)).Error!.Message, StringComparison.Ordinal);
        var there = _hub.Address;
        await _hub.DisposeAsync();
        var error = (await Library(there: there).PullAsync(Name, new Heard(), default)).Error!;
        Assert.Contains("cannot be reached", error.Message, StringComparison.Ordinal);
        _hub = await LocalHub.StartAsync(_origin);
    }

    [Fact]
    public async Task Two_pulls_at_once_bring_one_model_once()
    {
        var both = await Task.WhenAll(Library().PullAsync(Name, new Heard(), default), Library().PullAsync(ModelName.Parse(LocalHub.Repository + "@v1")!, new Heard(), default));
        Assert.All(both, one => Assert.Null(one.Error));
        Assert.Equal(1, _hub.Contents(Weights));
        Assert.Equal(["main", "v1"], Assert.Single(Library().List()).Revisions.Order(StringComparer.Ordinal));
        Assert.All(new[] { LocalHub.Repository, LocalHub.Repository + "@v1", LocalHub.Repository + "@" + LocalHub.Commit[..8] }, name => Value(Library().Open(name, null)).Dispose());
        Assert.Equal("model_not_pulled", Library().Open(LocalHub.Repository + "@v2", null).Error?.Code);
    }

    [Fact]
    public async Task What_cannot_be_run_is_said_before_its_weights_come()
    {
        var config = Path.Combine(_origin, "config.json");
        File.WriteAllText(config, File.ReadAllText(config).Replace("\"model_type\": \"bert\"", "\"model_type\": \"gpt2\"", StringComparison.Ordinal));
        var error = (await Library().PullAsync(Name, new Heard(), default)).Error!;
        Assert.Equal("model_unusable", error.Code);
        Assert.Contains("gpt2", error.Message, StringComparison.Ordinal);
        Assert.Equal(0, _hub.Contents(Weights));
        File.Move(Path.Combine(_origin, Weights), Path.Combine(_origin, "pytorch_model.bin"));
        Assert.Contains("safetensors", (await Library().PullAsync(Name, new Heard(), default)).Error!.Message, StringComparison.Ordinal);
        Assert.Empty(Library().List());
    }

    [Fact]
    public async Task Damage_on_the_disk_is_found_and_what_is_removed_is_gone()
    {
        Value(await Library().PullAsync(Name, new Heard(), default));
        var place = Directory.GetDirectories(_folder, "somebody--*").Single();
        await using (var weights = File.OpenWrite(Path.Combine(place, Weights)))
        {
            weights.Seek(1000, SeekOrigin.Begin);
            weights.WriteByte(77);
        }

        File.Delete(Path.Combine(place, "vocab.txt"));
        File.AppendAllText(Path.Combine(place, "config.json"), " ");
        Assert.Equal(["config.json", Weights, "vocab.txt"], Value(await Library().VerifyAsync(Name, default)).Select(sentence => sentence.Split(' ')[0]).Order(StringComparer.Ordinal));
        Assert.Equal(1, Value(Library().Remove(Name)));
        Assert.Equal("model_not_pulled", Library().Remove(Name).Error?.Code);
        Assert.Empty(Library().List());
        Assert.False(Directory.Exists(place));
    }

    [Theory]
    [InlineData("intfloat/multilingual-e5-small", true)]
    [InlineData("bert-base@refs/pr/3", true)]
    [InlineData("../etc", false)]
    [InlineData("a/b/c", false)]
    [InlineData("a/..@x", false)]
    [InlineData("a/b@../../x", false)]
    [InlineData("a b", false)]
    [InlineData("한국/모델", false)]
    [InlineData("", false)]
    public void A_name_is_a_name(string text, bool isName) => Assert.Equal(isName, ModelName.Parse(text) is not null);

    private static bool IsContent(HttpContext context) => context.Request.Path.Value == "/content/" + Weights;

    private static T Value<T>(Domain.Common.Result<T> result) => result.Succeeded(out var value, out var error) ? value : throw new InvalidOperationException(error.Message);

    private static string Source(string model = "bert-korean-bf16", [CallerFilePath] string here = "") => Path.Combine(Path.GetDirectoryName(here)!, "..", "Topics", "Encoders", "models", model);

    private ModelLibrary Library(LocalHub? other = null, string? token = null, Uri? there = null)
        => new(_folder, new ModelHub(_http, there ?? (other ?? _hub).Address, token, new Hasty()), TimeProvider.System);

    private sealed class Heard : IProgress<PullProgress>
    {
        public PullProgress? Last { get; private set; }

        /// <summary>Bytes that have not arrived; the weights come last.</summary>
        public long Missing => Last is { } last ? last.Total - last.Done : long.MaxValue;

        public void Report(PullProgress value) => Last = value;
    }

    /// <summary>Waits a hundredth of what it is told.</summary>
    private sealed class Hasty : TimeProvider
    {
        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
            => base.CreateTimer(callback, state, dueTime > TimeSpan.Zero ? dueTime / 100 : dueTime, period);
    }
}
