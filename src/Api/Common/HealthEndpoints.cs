using AIChat.Domain.Rooms;
using Microsoft.AspNetCore.Http.HttpResults;

namespace AIChat.Api.Common;

/// <summary>Live = the process answers; ready = it can store and read, and is not stopping.</summary>
internal static class HealthEndpoints
{
    public static void MapHealth(this IEndpointRouteBuilder routes)
    {
        routes.MapLiveness();
        routes.MapGet("/health/ready", ReadyAsync).WithTags("Health").AllowAnonymous().WithSummary("It can store and read");
    }

    /// <summary>For a role that keeps nothing.</summary>
    public static void MapHealthWithoutStore(this IEndpointRouteBuilder routes)
    {
        routes.MapLiveness();
        routes.MapGet("/health/ready", ReadyWithoutStore).WithTags("Health").AllowAnonymous().WithSummary("It takes calls");
    }

    private static void MapLiveness(this IEndpointRouteBuilder routes)
        => routes.MapGet("/health/live", () => TypedResults.Ok(new HealthView("live"))).WithTags("Health").AllowAnonymous().WithSummary("The process answers");

    private static Results<Ok<HealthView>, ProblemHttpResult> ReadyWithoutStore(Draining draining, HttpContext http)
        => draining.HasBegun ? http.Problem(Draining.Refusal) : TypedResults.Ok(new HealthView("ready"));

    private static async Task<Results<Ok<HealthView>, ProblemHttpResult>> ReadyAsync(IRoomRepository rooms, ILeaseRepository leases, Draining draining, IIdGenerator ids, HttpContext http)
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
