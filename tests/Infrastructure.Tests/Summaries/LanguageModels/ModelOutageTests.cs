using AIChat.Domain.Rooms;
using AIChat.Domain.Summaries;
using AIChat.Domain.Topics;
using AIChat.Domain.Users;
using AIChat.Infrastructure.LanguageModels;
using AIChat.Infrastructure.Summaries;
using AIChat.Tests;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace AIChat.Infrastructure.Tests.Summaries.LanguageModels;

/// <summary>The summarizer with its retries and circuit breaker against a model server that is unavailable for a while.</summary>
public sealed class ModelOutageTests : IAsyncLifetime
{
    private readonly EagerTime _time = new(new DateTimeOffset(2026, 1, 31, 9, 0, 0, TimeSpan.Zero)) { PassesOver = TimeSpan.FromSeconds(10) };
    private ScriptedModel _server = null!;
    private ServiceProvider _services = null!;

    public async Task InitializeAsync()
    {
        _server = await ScriptedModel.StartAsync();
        _services = new ServiceCollection()
            .AddLogging()
            .AddSingleton<TimeProvider>(_time)
            .AddSingleton<ISpending, NoBudget>()
            .AddSummaries()
            .AddLanguageModel(new LanguageModelOptions { Address = _server.Address, Model = "scripted", InputPrice = 1, OutputPrice = 4, PromptTokens = 12_000, AnswerTimeout = TimeSpan.FromSeconds(60) })
            .BuildServiceProvider();
    }

    public async Task DisposeAsync()
    {
        await _services.DisposeAsync();
        await _server.DisposeAsync();
    }

    [Fact]
    public async Task A_retry_waits_as_long_as_the_server_asks()
    {
        var refused = 0;
        _server.Fault = (context, _) =>
        {
            if (refused++ > 0)
                return Task.FromResult(false);
            context.Response.StatusCode = StatusCodes.Status429TooManyRequests;
            context.Response.Headers.RetryAfter = "7";
            return Task.FromResult(true);
        };
        var began = _time.GetUtcNow();
        Assert.Equal("openai:scripted", (await SummarizeOneAsync()).Engine);
        Assert.Equal(2, _server.Asked.Count);
        Assert.InRange(_time.GetUtcNow() - began, TimeSpan.FromSeconds(7), TimeSpan.FromSeconds(8));
        Assert.All(_server.Asked, asked => Assert.Equal("Bearer none", asked.Token));
    }

    [Fact]
    public async Task A_longer_wait_than_the_limit_is_not_waited_for()
    {
        _server.Fault = (context, _) =>
        {
            context.Response.StatusCode = StatusCodes.Status429TooManyRequests;
            context.Response.Headers.RetryAfter = "3600";
            return Task.FromResult(true);
        };
        Assert.Equal(("extractive", SummaryErrors.ModelAway), await WhoAsync());
        Assert.Single(_server.Asked);
    }

    [Fact]
    public async Task A_failing_server_is_not_called_for_half_a_minute()
    {
        var isDown = true;
        _server.Fault = (context, _) =>
        {
            if (isDown)
                context.Response.StatusCode = StatusCodes.Status500InternalServerError;
            return Task.FromResult(isDown);
        };
        Assert.Equal(("extractive", SummaryErrors.ModelAway), await WhoAsync());
        Assert.Equal(4, _server.Asked.Count);
        Assert.Equal(("extractive", SummaryErrors.ModelAway), await WhoAsync());
        var asked = _server.Asked.Count;
        Assert.Equal(("extractive", SummaryErrors.ModelAway), await WhoAsync());
        Assert.Equal(asked, _server.Asked.Count);

        isDown = false;
        _time.Advance(TimeSpan.FromSeconds(31));
        Assert.Equal("openai:scripted", (await SummarizeOneAsync()).Engine);
    }

    private async Task<(string Engine, Domain.Common.Error? InsteadOf)> WhoAsync()
    {
        var summary = await SummarizeOneAsync();
        return (summary.Engine, summary.InsteadOf);
    }

    private async Task<GroupSummary> SummarizeOneAsync()
    {
        IReadOnlyList<ChatLine> lines = [new ChatLine("ann", "ann", "the build is red since the merge", DateTimeOffset.UnixEpoch)];
        return (await _services.GetRequiredService<ISummarizer>().SummarizeAsync(new GroupSummaryRequest([lines], "en", new SpendingAccount(new UserId("ann"), new RoomId("room"))), default)
            .OfType<GroupReady>().SingleAsync()).Summary;
    }

    private sealed class NoBudget : ISpending
    {
        public Task<Domain.Common.Result<Reservation>> ReserveAsync(SpendingAccount account, Money most, CancellationToken cancellation)
            => Task.FromResult<Domain.Common.Result<Reservation>>(new Reservation("r", account, new DateOnly(2026, 1, 1), most));

        public Task SettleAsync(Reservation reservation, Money spent, CancellationToken cancellation) => Task.CompletedTask;
    }
}
