using AIChat.Domain.Jobs;
using AIChat.Domain.Rooms;
using AIChat.Domain.Users;

namespace AIChat.Infrastructure.Tests.Persistence;

public abstract class JobStoreContract(StoreFixture store) : StoreContract(store)
{
    private static readonly RoomId Room = new("room");

    [Fact]
    public async Task A_job_is_found_as_it_was_stored()
    {
        var job = Job.Queue(new JobId("j"), JobKind.Import, Room, new UserId("ann"), "{\"file\":\"김치.txt\"}", 10, Store.Now);
        await Store.Jobs.AddAsync(job, Never);
        var found = await FindAsync(job);
        Assert.Equal((JobKind.Import, Room, new UserId("ann"), job.Input, Store.Now), (found.Kind, found.RoomId, found.CreatedBy!.Value, found.Input, found.CreatedAt));
        Assert.Equal((JobState.Queued, 0L, 10L, 0L), (found.State, found.Done, found.Total, found.RejectedCount));
        Assert.Null(found.Cursor);
        Assert.Null(found.EndedAt);
        Assert.Empty(found.Rejected);
        Assert.Null(await Store.Jobs.FindAsync(new JobId("none"), Never));
    }

    [Fact]
    public async Task Progress_and_rejected_lines_are_kept()
    {
        var job = await QueueAsync();
        job.Start();
        job.Advance(3, 20, "{\"line\":5}");
        job.Reject([new RejectedLine(2, "content_empty"), new RejectedLine(4, "time_bad")]);
        await Store.Jobs.SaveAsync(job, Never);

        // What was loaded goes on, as after a restart.
        var loaded = await FindAsync(job);
        Assert.Equal((JobState.Running, 3L, 20L, "{\"line\":5}"), (loaded.State, loaded.Done, loaded.Total, loaded.Cursor));
        loaded.Reject([new RejectedLine(9, "nickname_empty")]);
        await Store.Jobs.SaveAsync(loaded, Never);

        var again = await FindAsync(job);
        Assert.Equal([new RejectedLine(2, "content_empty"), new RejectedLine(4, "time_bad"), new RejectedLine(9, "nickname_empty")], again.Rejected);
        Assert.Equal(3, again.RejectedCount);
    }

    [Fact]
    public async Task How_a_job_ended_is_kept()
    {
        var (good, bad) = (await QueueAsync(), await QueueAsync());
        good.Succeed(Store.Now);
        bad.Fail("The file is gone.", Store.Now);
        await Store.Jobs.SaveAsync(good, Never);
        await Store.Jobs.SaveAsync(bad, Never);
        Assert.Equal((JobState.Succeeded, Store.Now), ((await FindAsync(good)).State, (await FindAsync(good)).EndedAt!.Value));
        Assert.Equal((JobState.Failed, "The file is gone."), ((await FindAsync(bad)).State, (await FindAsync(bad)).Error));
    }

    [Fact]
    public async Task Unfinished_jobs_come_oldest_first()
    {
        var queued = await QueueAsync();
        var running = await QueueAsync();
        var ended = await QueueAsync();
        var last = await QueueAsync();
        running.Start();
        await Store.Jobs.SaveAsync(running, Never);
        ended.Succeed(Store.Now);
        await Store.Jobs.SaveAsync(ended, Never);
        Assert.Equal([queued.Id, running.Id, last.Id], (await Store.Jobs.UnfinishedAsync(Never)).Select(job => job.Id));
    }

    [Fact]
    public async Task An_unfinished_job_is_found_by_its_room_and_kind()
    {
        var job = await QueueAsync();
        Assert.Equal(job.Id, (await Store.Jobs.FindUnfinishedAsync(Room, JobKind.Reclassify, Never))?.Id);
        Assert.Null(await Store.Jobs.FindUnfinishedAsync(Room, JobKind.Import, Never));
        Assert.Null(await Store.Jobs.FindUnfinishedAsync(new RoomId("another"), JobKind.Reclassify, Never));
        job.Succeed(Store.Now);
        await Store.Jobs.SaveAsync(job, Never);
        Assert.Null(await Store.Jobs.FindUnfinishedAsync(Room, JobKind.Reclassify, Never));
    }

    private async Task<Job> QueueAsync()
    {
        Store.Time.Advance(TimeSpan.FromSeconds(1));
        var job = Job.Queue(new JobId(Store.NewId()), JobKind.Reclassify, Room, null, "{}", 0, Store.Now);
        await Store.Jobs.AddAsync(job, Never);
        return job;
    }

    private async Task<Job> FindAsync(Job job)
    {
        var found = await Store.Jobs.FindAsync(job.Id, Never);
        Assert.NotNull(found);
        return found;
    }
}
