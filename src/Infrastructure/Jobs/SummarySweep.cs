using AIChat.Domain.Summaries;
using Microsoft.Extensions.Logging;

namespace AIChat.Infrastructure.Jobs;

/// <summary>Drops, once after the start, stored summaries whose messages have changed.</summary>
internal sealed class SummarySweep(ISummaryRepository summaries, TimeProvider time, ILogger<SummarySweep> log) : RepeatedWork(TimeSpan.FromSeconds(2), time, log)
{
    protected override async Task<bool> WorkAsync(CancellationToken cancellation)
    {
        await summaries.DropChangedAsync(cancellation);
        return true;
    }
}
