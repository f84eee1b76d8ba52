using AIChat.Application.Jobs;
using AIChat.Domain.Jobs;
using Hangfire;

namespace AIChat.Infrastructure.Jobs;

internal sealed class HangfireJobQueue(IBackgroundJobClient hangfire) : IJobQueue
{
    public void Enqueue(JobId job) => hangfire.Enqueue<JobRunner>(runner => runner.RunAsync(job.Value, CancellationToken.None));
}
