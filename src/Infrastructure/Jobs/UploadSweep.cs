using AIChat.Domain.Jobs;
using Microsoft.Extensions.Logging;

namespace AIChat.Infrastructure.Jobs;

/// <summary>Deletes, once after the start, uploads that no job will read.</summary>
internal sealed class UploadSweep(IJobRepository jobs, FileSpool spool, TimeProvider time, ILogger<UploadSweep> log) : RepeatedWork(TimeSpan.FromSeconds(2), time, log)
{
    protected override async Task<bool> WorkAsync(CancellationToken cancellation)
    {
        spool.Sweep((await jobs.UnfinishedAsync(cancellation)).Select(job => job.Id.Value).ToHashSet(StringComparer.Ordinal));
        return true;
    }
}
