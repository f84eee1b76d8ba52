using AIChat.Domain.Common;
using AIChat.Domain.Rooms;
using Microsoft.AspNetCore.Http.HttpResults;

namespace AIChat.Api.Common;

/// <summary>Live = the process answers; ready = it can store and read, and is not stopping.</summary>
internal static class HealthEndpoints
{
    public static void MapHealth(this IEndpointRouteBuilder routes)
    {
        var health = routes.MapGroup("/health").WithTags("Health").AllowAnonymous();
        health.MapGet("/live", () => TypedResults.Ok(new HealthView("live"))).WithSummary("The process answers");
        health.MapGet("/ready", ReadyAsync).WithSummary("It can store and read");
    }

    private static async Task<Results<Ok<HealthView>, ProblemHttpResult>> ReadyAsync(IRoomRepository rooms, ILeaseRepository leases, Draining draining, IIds ids, HttpContext http)
    {
        if (draining.HasBegun)
            return http.Problem(Draining.Refusal);
        await rooms.FindAsync(new RoomId("-"), http.RequestAborted);

        // A write as well: a disk that is full still reads.
        if (await leases.AcquireAsync("health", ids.New(), TimeSpan.FromMilliseconds(1), http.RequestAborted) is { } lease)
            await leases.ReleaseAsync(lease, http.RequestAborted);
        return TypedResults.Ok(new HealthView("ready"));
    }

    internal sealed record HealthView(string Status);
}
