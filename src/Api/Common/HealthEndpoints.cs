using AIChat.Domain.Rooms;
using Microsoft.AspNetCore.Http.HttpResults;

namespace AIChat.Api.Common;

/// <summary>Live: the process answers. Ready: it can read and write its store, and is not stopping.</summary>
internal static class HealthEndpoints
{
    public static void MapHealth(this IEndpointRouteBuilder routes)
    {
        routes.MapLiveness();
        routes.MapGet("/health/ready", ReadyAsync).WithTags("Health").AllowAnonymous().WithSummary("Whether the server can read and write its store");
    }

    /// <summary>For a role without a store.</summary>
    public static void MapHealthWithoutStore(this IEndpointRouteBuilder routes)
    {
        routes.MapLiveness();
        routes.MapGet("/health/ready", ReadyWithoutStore).WithTags("Health").AllowAnonymous().WithSummary("Whether the server takes calls");
    }

    private static void MapLiveness(this IEndpointRouteBuilder routes)
        => routes.MapGet("/health/live", () => TypedResults.Ok(new HealthView("live"))).WithTags("Health").AllowAnonymous().WithSummary("Whether the process answers");

    private static Results<Ok<HealthView>, ProblemHttpResult> ReadyWithoutStore(Draining draining, HttpContext http)
        => draining.HasBegun ? http.Problem(Draining.Refusal) : TypedResults.Ok(new HealthView("ready"));

    private static async Task<Results<Ok<HealthView>, ProblemHttpResult>> ReadyAsync(IRoomRepository rooms, ILeaseRepository leases, Draining draining, IIdGenerator ids, HttpContext http)
    {
        if (draining.HasBegun)
            return http.Problem(Draining.Refusal);
        await rooms.FindAsync(new RoomId("-"), http.RequestAborted);

        // A write as well: a full disk can still be read.
        if (await leases.AcquireAsync("health", ids.New(), TimeSpan.FromMilliseconds(1), http.RequestAborted) is { } lease)
            await leases.ReleaseAsync(lease, http.RequestAborted);
        return TypedResults.Ok(new HealthView("ready"));
    }

    internal sealed record HealthView(string Status);
}
