using System.Collections.Concurrent;
using System.Globalization;
using AIChat.Application;
using AIChat.Application.Reads;
using AIChat.Domain.Topics;
using AIChat.Infrastructure.Topics.Classifiers;
using AIChat.Tests;
using MediatR;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace AIChat.Infrastructure.Tests.Topics;

public sealed class RemoteClassifierTests : IAsyncLifetime, IDisposable
{
    private const string Token = "shown-to-the-classifier";

    private static readonly RemoteClassifierLimits Short = RemoteClassifierLimits.Default with
    {
        MinTimeout = TimeSpan.FromSeconds(10),
        TimeoutPerLine = TimeSpan.Zero,
        FirstPause = TimeSpan.FromMilliseconds(1),
        BreakDuration = TimeSpan.FromMilliseconds(500),
        RefusalPause = TimeSpan.FromMinutes(10),
    };

    private readonly EagerTime _time = new(new DateTimeOffset(2026, 1, 31, 9, 0, 0, TimeSpan.Zero)) { PassesOver = TimeSpan.FromSeconds(5) };
    private readonly ConcurrentQueue<string> _log = [];
    private readonly ConversationClassifier _own = new();
    private readonly ReservedPort _port = new();
    private ScriptedClassifier _server = null!;

    public async Task InitializeAsync() => _server = await ScriptedClassifier.StartAsync(_port);

    public async Task DisposeAsync() => await _server.DisposeAsync();

    public void Dispose() => _port.Dispose();

    [Theory]
    [InlineData(ClassificationMode.Full)]
    [InlineData(ClassificationMode.Online)]
    public async Task A_window_comes_through_whole_with_what_is_known_of_it(ClassificationMode mode)
    {
        await using var services = Services(Short);
        for (var seed = 0; seed < 6; seed++)
        {
            var lines = Window(seed, 80 + (40 * seed));
            var (there, here) = (await Remote(services).ClassifyAsync(lines, mode, null, default), await _own.ClassifyAsync(lines, mode, null, default));

            Assert.Equal(here.High, there.High);
            Assert.Equal(here.Mid, there.Mid);
            Assert.Equal(here.Low, there.Low);
            Assert.Equal(here.Links, there.Links);
            Assert.Equal(here.Margins, there.Margins);
        }

        Assert.Equal(6, _server.Asked.Count);
        Assert.All(_server.Asked, asked => Assert.Equal("Bearer " + Token, asked));
        Assert.Contains("finds conversations now", Assert.Single(_log), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Vectors_that_the_lines_have_are_what_it_sees_there()
    {
        await using var services = Services(Short);
        var lines = Window(3, 60);
        // The second is the embedding of a text that the model refused.
        (lines[10], lines[11]) = (lines[10] with { Embedding = [0.6f, -0.8f] }, lines[11] with { Embedding = [0, 0] });
        await Remote(services).ClassifyAsync(lines, ClassificationMode.Full, null, default);

        Assert.Equal([[0.6f, -0.8f], [0, 0]], _server.Senses.OfType<float[]>());
        Assert.Equal(1, _server.Answered);
    }

    [Theory]
    [InlineData("not json at all")]
    [InlineData("{}")]
    [InlineData("""{"topics":{"low":[0],"mid":[0],"high":[0]},"links":[null]}""")]
    [InlineData("""{"topics":{"low":[0,0,0],"mid":[0,0,0],"high":[0,0,0]},"links":[null,0,3]}""")]
    [InlineData("""{"topics":{"low":[0,0,0],"mid":[0,0,0],"high":[0,0,0]},"links":[null,0,2]}""")]
    [InlineData("""{"topics":{"low":[0,0,0],"mid":[0,0,0],"high":[0,0,0]},"links":[null,-1,0]}""")]
    [InlineData("""{"topics":{"low":[0,0,0],"mid":[0,0,0],"high":[0,0,1]},"links":[null,0,0]}""")]
    [InlineData("""{"topics":{"low":[0,0,0],"mid":[0,0,0],"high":[1,0,0]},"links":[null,null,0]}""")]
    [InlineData("""{"topics":{"low":[0,0,0],"mid":[0,1,0],"high":[0,0,0]},"links":[null,0,0]}""")]
    [InlineData("""{"topics":{"low":[0,0,1],"mid":[0,0,0],"high":[0,0,0]},"links":[null,0,0]}""")]
    [InlineData("""{"topics":{"low":[0,0,-1],"mid":[0,0,-1],"high":[0,0,1]},"links":[null,0,null]}""")]
    [InlineData("""{"topics":{"low":[-2,-2,-2],"mid":[-2,-2,-2],"high":[-2,-2,-2]},"links":[null,null,null]}""")]
    [InlineData("""{"topics":{"low":[0,0,1],"mid":[0,0,1],"high":[0,0,1]},"links":[null,0,null]}""")]
    [InlineData("""{"topics":{"low":[0,0,0],"mid":[0,0,0],"high":[0,1,1]},"links":[null,null,1]}""")]
    [InlineData("""{"topics":{"low":[0,0,0],"mid":[0,0,0],"high":[0,0,0]},"links":[null,0,0],"margins":[0.5,0.5]}""")]
    public async Task Nonsense_is_not_believed_and_not_asked_for_again(string answer)
    {
        await using var services = Services(Short);
        _server.Script = async context =>
        {
            context.Response.ContentType = "application/json";
            await context.Response.WriteAsync(answer);
            return true;
        };

        // The first two are known to be together, and the last answers the first.
        List<ChatLine> lines = ["ann".Says(0, "the kernel panics when I mount") with { Conversation = 5 }, "bob".Says(9, "which kernel?") with { Conversation = 5 }, "cat".Says(20, "the one of yesterday") with { ReplyTo = 0 }];
        for (var i = 0; i < 3; i++)
            Assert.Equal((await _own.ClassifyAsync(lines, ClassificationMode.Full, null, default)).High, (await Remote(services).ClassifyAsync(lines, ClassificationMode.Full, null, default)).High);

        Assert.Single(_server.Asked);
        Assert.Contains("answers nonsense", Assert.Single(_log), StringComparison.Ordinal);
    }

    [Fact]
    public async Task While_it_is_away_conversations_are_found_here_and_the_log_says_so_once()
    {
        await using var services = Services(Short);
        var lines = Window(1, 50);
        await _server.DisposeAsync();
        for (var i = 0; i < 5; i++)
            Assert.Equal((await _own.ClassifyAsync(lines, ClassificationMode.Full, null, default)).High, (await Remote(services).ClassifyAsync(lines, ClassificationMode.Full, null, default)).High);
        Assert.Contains("cannot be reached", Assert.Single(_log), StringComparison.Ordinal);

        // After the pause it gets requests again.
        _server = await ScriptedClassifier.StartAsync(_port);
        await AskedAgainAsync(services, lines);
        Assert.Equal(2, _log.Count);
        Assert.Contains("finds conversations now", _log.Last(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task After_many_failures_in_a_row_it_is_left_alone_for_a_while()
    {
        await using var services = Services(Short);
        var lines = Window(2, 40);
        _server.Script = Status(StatusCodes.Status500InternalServerError);
        for (var i = 0; i < 10; i++)
            await Remote(services).ClassifyAsync(lines, ClassificationMode.Online, null, default);
        // Three tries of the first call, and few after the circuit breaker opened.
        Assert.InRange(_server.Asked.Count, 3, 6);

        _server.Script = null;
        await AskedAgainAsync(services, lines);
    }

    [Fact]
    public async Task It_comes_back_when_a_full_queue_asks_it_to_but_not_an_hour_later()
    {
        await using var services = Services(Short);
        var lines = Window(2, 40);
        _server.Script = async context =>
        {
            if (_server.Asked.Count > 1)
                return false;
            context.Response.Headers.RetryAfter = "1";
            return await Status(StatusCodes.Status429TooManyRequests)(context);
        };
        var began = _time.GetUtcNow();
        await Remote(services).ClassifyAsync(lines, ClassificationMode.Online, null, default);
        Assert.Equal(2, _server.Asked.Count);
        Assert.Equal(TimeSpan.FromSeconds(1), _time.GetUtcNow() - began);

        _server.Script = context =>
        {
            context.Response.Headers.RetryAfter = "3600";
            return Status(StatusCodes.Status503ServiceUnavailable)(context);
        };
        Assert.NotEmpty((await Remote(services).ClassifyAsync(lines, ClassificationMode.Online, null, default)).High);
        Assert.Equal(3, _server.Asked.Count);
    }

    [Fact]
    public async Task A_wrong_token_is_said_and_the_token_is_not()
    {
        await using var services = Services(Short);
        _server.Script = Status(StatusCodes.Status401Unauthorized);
        for (var i = 0; i < 3; i++)
            Assert.NotEmpty((await Remote(services).ClassifyAsync(Window(1, 30), ClassificationMode.Online, null, default)).High);

        Assert.Single(_server.Asked);
        var said = Assert.Single(_log);
        Assert.Contains("refuses MODEL_SERVER_TOKEN", said, StringComparison.Ordinal);
        Assert.DoesNotContain(Token, said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task One_that_is_too_slow_is_not_waited_for_and_hears_that_it_may_stop()
    {
        await using var services = Services(Short);
        var stopped = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _server.Script = async context =>
        {
            using var _ = context.RequestAborted.Register(stopped.SetResult);
            _time.Advance(Short.MinTimeout);
            await Task.Delay(Timeout.Infinite, context.RequestAborted);
            return true;
        };
        Assert.NotEmpty((await Remote(services).ClassifyAsync(Window(1, 30), ClassificationMode.Online, null, default)).High);

        await stopped.Task.WaitAsync(Eventually.Timeout);
        Assert.Contains("is too slow", Assert.Single(_log), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Who_asked_may_stop_it()
    {
        await using var services = Services(Short);
        using var stop = new CancellationTokenSource();
        _server.Script = async context =>
        {
            await stop.CancelAsync();
            await Task.Delay(Timeout.Infinite, context.RequestAborted);
            return true;
        };

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Remote(services).ClassifyAsync(Window(1, 30), ClassificationMode.Online, null, stop.Token));
        Assert.Empty(_log);
    }

    [Fact]
    public async Task A_window_with_a_line_that_is_kept_from_models_elsewhere_stays_here()
    {
        await using var services = Services(Short);
        var lines = Window(1, 30);
        lines[20] = lines[20] with { ExcludeFromAi = true };
        Assert.NotEmpty((await Remote(services).ClassifyAsync(lines, ClassificationMode.Online, null, default)).High);

        // So many lines take long here: that it has begun is enough.
        using var begun = new CancellationTokenSource();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Remote(services).ClassifyAsync(Window(1, 10_001), ClassificationMode.Online, new Begun(begun), begun.Token));

        Assert.Empty(_server.Asked);
    }

    private static IConversationClassifier Remote(ServiceProvider services) => services.GetRequiredService<IConversationClassifier>();

    private static Func<HttpContext, Task<bool>> Status(int status) => context =>
    {
        context.Response.StatusCode = status;
        return Task.FromResult(true);
    };

    /// <summary>A random room with known conversations, noise, explicit replies and system lines.</summary>
    private static List<ChatLine> Window(int seed, int count)
    {
        var chance = new Random(seed);
        var lines = Talk.Babble(count, seed);
        for (var i = 0; i < count; i++)
        {
            if (i < count / 4 || chance.Next(9) == 0)
                lines[i] = lines[i] with { Conversation = chance.Next(-1, 6) };
            if (i > 0 && chance.Next(7) == 0)
                lines[i] = lines[i] with { ReplyTo = chance.Next(i) };
            if (chance.Next(15) == 0)
                lines[i] = lines[i] with { Content = chance.Next(2) == 0 ? "ㅋㅋ" : " " };
            if (chance.Next(20) == 0)
                lines[i] = Talk.System((lines[i].CreatedAt - Talk.Start).TotalSeconds, "somebody has joined");
        }

        return lines;
    }

    private async Task AskedAgainAsync(ServiceProvider services, List<ChatLine> lines)
    {
        var before = _server.Answered;
        _time.Advance(Short.BreakDuration);
        await Remote(services).ClassifyAsync(lines, ClassificationMode.Online, null, default);
        Assert.Equal(before + 1, _server.Answered);
    }

    private ServiceProvider Services(RemoteClassifierLimits limits) => new ServiceCollection()
        .AddSingleton<TimeProvider>(_time)
        .AddLogging(logging => logging.AddFilter("System.Net.Http", LogLevel.None).AddFilter("Polly", LogLevel.None).AddProvider(new Collected(_log)))
        .AddClassifier()
        .AddSingleton(limits)
        .AddRemoteClassifier(_server.Address, Token)
        .BuildServiceProvider();

    private sealed class Begun(CancellationTokenSource begun) : IProgress<int>
    {
        public void Report(int value) => begun.Cancel();
    }

    private sealed class Collected(ConcurrentQueue<string> lines) : ILoggerProvider, ILogger
    {
        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) => lines.Enqueue(formatter(state, exception));

        public void Dispose()
        {
            // It holds nothing.
        }
    }

    /// <summary>A server with the real use case, or with a scripted answer in its place.</summary>
    private sealed class ScriptedClassifier : IAsyncDisposable
    {
        private readonly WebApplication _app;
        private int _answered;

        private ScriptedClassifier(WebApplication app, Uri address) => (this._app, Address) = (app, address);

        public Uri Address { get; }

        /// <summary>Answers in place of the use case; true: it has.</summary>
        public Func<HttpContext, Task<bool>>? Script { get; set; }

        /// <summary>The tokens of the callers.</summary>
        public ConcurrentQueue<string> Asked { get; } = [];

        public ConcurrentQueue<float[]?> Senses { get; } = [];

        /// <summary>Number of answers by the use case.</summary>
        public int Answered => Volatile.Read(ref _answered);

        public static async Task<ScriptedClassifier> StartAsync(ReservedPort port)
        {
            var address = new Uri(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{port.Number}/"));
            var builder = WebApplication.CreateSlimBuilder();
            builder.Logging.ClearProviders();
            builder.WebHost.UseUrls(address.ToString());
            builder.Services.AddApplication();
            builder.Services.AddClassifier();
            var made = new ScriptedClassifier(builder.Build(), address);
            made._app.Run(made.AnswerAsync);
            await made._app.StartAsync();
            return made;
        }

        public ValueTask DisposeAsync() => _app.DisposeAsync();

        private async Task AnswerAsync(HttpContext context)
        {
            Asked.Enqueue(context.Request.Headers.Authorization.ToString());
            Assert.Equal("/predict", context.Request.Path);
            if (Script is { } script && await script(context))
                return;
            var body = await context.Request.ReadFromJsonAsync<Body>(context.RequestAborted);
            foreach (var chat in body!.Chats)
                Senses.Enqueue(chat.Sense is { } sense ? [.. Enumerable.Range(0, sense.Length / 4).Select(i => BitConverter.ToSingle(sense, 4 * i))] : null);
            var found = await _app.Services.GetRequiredService<IMediator>().Send(new PredictTopics(body.Chats, null, body.Mode, false), context.RequestAborted);
            Assert.True(found.Error is null, string.Create(CultureInfo.InvariantCulture, $"{found.Error}"));
            Interlocked.Increment(ref _answered);
            await context.Response.WriteAsJsonAsync(found.Value);
        }

        private sealed record Body(string Mode, IReadOnlyList<PredictedChat> Chats);
    }
}
