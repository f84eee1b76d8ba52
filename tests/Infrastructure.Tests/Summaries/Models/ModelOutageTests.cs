using AIChat.Domain.Rooms;
using AIChat.Domain.Summaries;
using AIChat.Domain.Topics;
using AIChat.Domain.Users;
using AIChat.Infrastructure.Summaries;
using AIChat.Infrastructure.Summaries.LanguageModels;
using AIChat.Tests;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace AIChat.Infrastructure.Tests.Summaries.Models;

/// <summary>The summariser as the server puts it together, with its retries and its breaker, against a model server that is away for a while.</summary>
public sealed class ModelOutageTests : IAsyncLifetime
{
    private readonly EagerTime time = new(new DateTimeOffset(2026, 1, 31, 9, 0, 0, TimeSpan.Zero)) { PassesOver = TimeSpan.FromSeconds(10) };
    private ScriptedModel server = null!;
    private ServiceProvider services = null!;

    public async Task InitializeAsync()
    {
        server = await ScriptedModel.StartAsync();
        services = new ServiceCollection()
            .AddLogging()
            .AddSingleton<TimeProvider>(time)
            .AddSingleton<ISpending, NoBudget>()
            .AddSummaries()
            .AddLanguageModel(new LanguageModelOptions { Address = server.Address, Model = "scripted", InputPrice = 1, OutputPrice = 4, PromptTokens = 12_000, AnswerTimeout = TimeSpan.FromSeconds(60) })
            .BuildServiceProvider();
    }

    public async Task DisposeAsync()
    {
        await services.DisposeAsync();
        await server.DisposeAsync();
    }

    [Fact]
    public async Task A_server_that_asks_for_patience_is_asked_again_when_it_said()
    {
        var refused = 0;
        server.Fault = (context, _) =>
        {
            if (refused++ > 0)
                return Task.FromResult(false);
            context.Response.StatusCode = StatusCodes.Status429TooManyRequests;
            context.Response.Headers.RetryAfter = "7";
            return Task.FromResult(true);
        };
        var began = time.GetUtcNow();
        Assert.Equal("openai:scripted", (await DigestAsync()).Engine);
        Assert.Equal(2, server.Asked.Count);
        Assert.InRange(time.GetUtcNow() - began, TimeSpan.FromSeconds(7), TimeSpan.FromSeconds(8));
        Assert.All(server.Asked, asked => Assert.Equal("Bearer none", asked.Token));
    }

    [Fact]
    public async Task A_server_that_wants_more_patience_than_there_is_is_not_waited_for()
    {
        server.Fault = (context, _) =>
        {
            context.Response.StatusCode = StatusCodes.Status429TooManyRequests;
            context.Response.Headers.RetryAfter = "3600";
            return Task.FromResult(true);
        };
        Assert.Equal(("extractive", SummaryErrors.ModelAway), await WhoAsync());
        Assert.Single(server.Asked);
    }

    [Fact]
    public async Task A_server_that_only_fails_is_left_alone_and_asked_again_half_a_minute_later()
    {
        var isDown = true;
        server.Fault = (context, _) =>
        {
            if (isDown)
                context.Response.StatusCode = StatusCodes.Status500InternalServerError;
            return Task.FromResult(isDown);
        };
        Assert.Equal(("extractive", SummaryErrors.ModelAway), await WhoAsync());
        Assert.Equal(4, server.Asked.Count);
        Assert.Equal(("extractive", SummaryErrors.ModelAway), await WhoAsync());
        var asked = server.Asked.Count;
        Assert.Equal(("extractive", SummaryErrors.ModelAway), await WhoAsync());
        Assert.Equal(asked, server.Asked.Count);

        isDown = false;
        time.Advance(TimeSpan.FromSeconds(31));
        Assert.Equal("openai:scripted", (await DigestAsync()).Engine);
    }

    private async Task<(string Engine, Domain.Common.Error? InsteadOf)> WhoAsync()
    {
        var digest = await DigestAsync();
        return (digest.Engine, digest.InsteadOf);
    }

    private async Task<GroupSummary> DigestAsync()
    {
        IReadOnlyList<ChatLine> lines = [new ChatLine("ann", "ann", "the build is red since the merge", DateTimeOffset.UnixEpoch)];
        return (await services.GetRequiredService<ISummarizer>().SummarizeAsync(new GroupSummaryRequest([lines], "en", new SpendingAccount(new UserId("ann"), new RoomId("room"))), default)
            .OfType<GroupReady>().SingleAsync()).Summary;
    }

    private sealed class NoBudget : ISpending
    {
        public Task<Domain.Common.Result<Reservation>> ReserveAsync(SpendingAccount account, Money most, CancellationToken cancellation)
            => Task.FromResult<Domain.Common.Result<Reservation>>(new Reservation("r", account, new DateOnly(2026, 1, 1), most));

        public Task SettleAsync(Reservation reservation, Money spent, CancellationToken cancellation) => Task.CompletedTask;
    }
}
