using Microsoft.AspNetCore.SignalR;

namespace AIChat.Api.Realtime;

/// <summary>Expected failures as <see cref="HubException"/>s: "code: what to do". Anything else stays inside.</summary>
internal static class HubErrors
{
    public static HubException ToHubException(this Error error) => new($"{error.Code}: {error.Message}");

    public static T OrThrow<T>(this Result<T> result) => result.Succeeded(out var value, out var error) ? value : throw error.ToHubException();
}

/// <summary>Counts each call as work to be answered before the server stops, refuses new ones then, and keeps outages from looking like bugs.</summary>
internal sealed class HubGuard(Draining draining) : IHubFilter
{
    public async ValueTask<object?> InvokeMethodAsync(HubInvocationContext invocationContext, Func<HubInvocationContext, ValueTask<object?>> next)
    {
        using var taken = draining.Take();
        if (taken is null)
            throw Draining.Refusal.ToHubException();
        try
        {
            return await next(invocationContext);
        }
        catch (StoreUnavailableException outage)
        {
            throw Problems.Of(outage).ToHubException();
        }
    }
}
