using Microsoft.AspNetCore.SignalR;

namespace AIChat.Api.Realtime;

/// <summary>Expected failures as <see cref="HubException"/>s: "code: message". Other exceptions are not shown.</summary>
internal static class HubErrors
{
    public static HubException ToHubException(this Error error) => new($"{error.Code}: {ErrorTexts.Of(error)}");

    public static T OrThrow<T>(this Result<T> result) => result.Succeeded(out var value, out var error) ? value : throw error.ToHubException();
}

/// <summary>Registers each call with <see cref="Draining"/>, refuses calls while the server stops, and reports outages of the store as expected failures.</summary>
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
