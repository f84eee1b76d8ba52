using AIChat.Application.Jobs;
using AIChat.Domain.Jobs;
using Microsoft.AspNetCore.Http.HttpResults;

namespace AIChat.Api.Jobs;

internal static class JobEndpoints
{
    public static void MapJobs(this IEndpointRouteBuilder routes)
        => routes.MapGet("/jobs/{jobId}", GetAsync).RequireAuthorization().WithTags("Jobs").WithSummary("The progress of a job");

    private static Task<Results<Ok<JobView>, ProblemHttpResult>> GetAsync(string jobId, IMediator mediator, HttpContext http)
        => mediator.OkAsync(new GetJob(new JobId(jobId), http.Me()), http);
}
