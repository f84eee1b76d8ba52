using System.Threading.RateLimiting;
using AIChat.Domain.Users;

namespace AIChat.Api.Common;

/// <summary>Limits the rate of expensive calls for each person, over REST and the hub together.</summary>
internal sealed class RateLimits(RateOptions options) : IAsyncDisposable
{
    private readonly PartitionedRateLimiter<UserId> _sending = Of(options.Send, TimeSpan.FromSeconds(1));
    private readonly PartitionedRateLimiter<UserId> _summaries = Of(options.Summary, TimeSpan.FromMinutes(1));

    public Error? WhyNotSend(UserId user) => WhyNot(_sending, user, "send_rate_exceeded", "You are sending too fast; wait a moment.");

    public Error? WhyNotSummarize(UserId user) => WhyNot(_summaries, user, "summary_rate_exceeded", "You are asking for summaries too often; wait a moment.");

    public async ValueTask DisposeAsync()
    {
        await _sending.DisposeAsync();
        await _summaries.DisposeAsync();
    }

    private static Error? WhyNot(PartitionedRateLimiter<UserId> limiter, UserId user, string code, string message)
    {
        using var lease = limiter.AttemptAcquire(user);
        if (lease.IsAcquired)
            return null;
        return new Error(code, message, ErrorKind.TooMany)
        {
            RetryAfter = lease.TryGetMetadata(MetadataName.RetryAfter, out var after) ? after : TimeSpan.FromSeconds(1),
        };
    }

    // Tokens are replenished one by one, so that a steady sender at the limit is never refused.
    private static PartitionedRateLimiter<UserId> Of(Rate rate, TimeSpan period) => PartitionedRateLimiter.Create<UserId, UserId>(user => RateLimitPartition.GetTokenBucketLimiter(
        user,
        _ => new TokenBucketRateLimiterOptions
        {
            TokenLimit = rate.Burst,
            TokensPerPeriod = 1,
            ReplenishmentPeriod = period / rate.Count,
            QueueLimit = 0,
            AutoReplenishment = true,
        }));
}
