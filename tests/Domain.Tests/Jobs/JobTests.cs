using AIChat.Domain.Jobs;
using AIChat.Domain.Rooms;

namespace AIChat.Domain.Tests.Jobs;

public sealed class JobTests
{
    private static readonly DateTimeOffset Now = new(2026, 1, 5, 9, 0, 0, TimeSpan.Zero);

    [Fact]
    public void A_hundred_rejected_lines_are_listed_and_all_are_counted()
    {
        var job = NewJob();
        job.Reject(Enumerable.Range(1, 70).Select(line => new RejectedLine(line, "line_malformed")));
        job.Reject(Enumerable.Range(71, 70).Select(line => new RejectedLine(line, "line_malformed")));
        Assert.Equal((140L, 100), (job.RejectedCount, job.Rejected.Count));
        Assert.Equal(100, job.Rejected[^1].Line);
    }

    [Fact]
    public void A_job_that_has_ended_does_not_start_again()
    {
        var job = NewJob();
        job.Fail("no", Now);
        job.Start();
        Assert.Equal((JobState.Failed, "no"), (job.State, job.Error));
    }

    private static Job NewJob() => Job.Queue(new JobId("j"), JobKind.Import, new RoomId("r"), null, "{}", 10, Now);
}
