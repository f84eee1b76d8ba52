using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace AIChat.Infrastructure.Jobs;

/// <summary>Work in the background that repeats after a pause, until it says that it is done. An outage ends by itself: a failure is logged, and the work tried again.</summary>
internal abstract class RepeatedWork(TimeSpan pause, TimeProvider time, ILogger log) : BackgroundService
{
    /// <returns>Whether there will be no more to do.</returns>
    protected abstract Task<bool> WorkAsync(CancellationToken cancellation);

    protected sealed override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                if (await WorkAsync(stoppingToken))
                    return;
            }
#pragma warning disable CA1031 // after the outage the work must go on
            catch (Exception failure) when (!stoppingToken.IsCancellationRequested)
#pragma warning restore CA1031
            {
                log.LogWarning(failure, "{Work} failed and will be tried again", GetType().Name);
            }

            await Task.Delay(pause, time, stoppingToken);
        }
    }
}
