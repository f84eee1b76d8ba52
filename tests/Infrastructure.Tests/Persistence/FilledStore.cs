using AIChat.Domain.Jobs;
using AIChat.Domain.Messages;
using AIChat.Domain.Rooms;
using AIChat.Domain.Summaries;
using AIChat.Domain.Topics;
using AIChat.Domain.Users;

namespace AIChat.Infrastructure.Tests.Persistence;

/// <summary>A store with entities of every kind, to be migrated.</summary>
internal static class FilledStore
{
    private static readonly CancellationToken Never = CancellationToken.None;

    /// <summary>Stores entities of every kind, with times finer than milliseconds among them.</summary>
    public static async Task<(User Ann, Room Room)> FillAsync(SqliteStoreFixture source, int more)
    {
        source.Time.Advance(TimeSpan.FromTicks(1_234_567));
        var ann = Expect.Value(User.Join(new UserId("ann"), "앤🦊", source.Now));
        Expect.Value(await source.Users.AddAsync(ann, Session.Start("session-1", ann.Id, source.Now), Never));
        ann.SetExcludeFromAi(true);
        await source.Users.SaveAsync(ann, Never);
        var bob = await source.JoinAsync("Bob");
        var room = await source.OpenRoomAsync("점심 🍜");
        await source.OpenRoomAsync("empty");

        var job = Job.Queue(new JobId("job-1"), JobKind.Import, room.Id, ann.Id, """{"Format":"jsonl"}""", 9, source.Now);
        job.Advance(4, 9, "4");
        job.Reject([new RejectedLine(2, "line_malformed")]);
        await source.Jobs.AddAsync(job, Never);
        var hello = Expect.Value(await source.Messages.AppendAsync(room.Id, [source.Draft(room, ann, "hello", "client-1")], Never)).Messages[0];
        var reply = Expect.Value(Message.Post(new MessageId(source.NewId()), room, bob, "저녁은 김치찌개가 좋아요 🍲", null, hello.Id, [new Mention("ann", "앤🦊")], source.Now));
        await source.Messages.AppendAsync(room.Id, [reply], Never);
        var old = new DateTimeOffset(1969, 7, 20, 20, 17, 40, TimeSpan.Zero).AddTicks(-1);
        await source.Messages.AppendAsync(room.Id, [Expect.Value(Message.Import(new MessageId(source.NewId()), room.Id, job.Id, 7, "armstrong", "one small step", old, null))], Never);
        var gone = await source.PostAsync(room, bob, "gone");
        await source.PostAsync(room, bob, "not looked at yet");

        Topic[] tree = [Open("low", TopicLevel.Low, null), Open("mid", TopicLevel.Mid, "low"), Open("high", TopicLevel.High, "mid"), Open("nothing yet", TopicLevel.High, "mid")];
        Assert.True(await source.Topics.SaveAssignmentsAsync(
            await source.LeaseAsync(room),
            [
                new TopicAssignment(hello.Id, new TopicId("high"), null, [1, 2, 3]),
                new TopicAssignment(reply.Id, new TopicId("high"), hello.Id, [0, 0, 128, 63]),
                new TopicAssignment(gone.Id, new TopicId("high"), null, [7]),
            ],
            tree,
            Never));
        var move = Expect.Value(Correction.Move(
            new CorrectionEntry(new CorrectionId("correction-1"), room.Id, 1, bob, source.Now), gone.Id, new TopicId("high"), tree[..3], [await source.ReloadAsync(hello), gone]));
        Assert.True(await source.Topics.CorrectAsync(await source.LeaseAsync(room), move, [], [], Never));
        move.Undo(ann.Id, source.Now);
        Assert.True(await source.Topics.CorrectAsync(await source.LeaseAsync(room), move, [], [], Never));
        await source.EditAsync(hello, "hello, all");
        await source.EditAsync(gone, "going");
        await source.DeleteAsync(gone);
        await source.Rooms.MoveReadMarkAsync(ann.Id, room.Id, 3, Never);
        await source.Topics.SetReclassifiedUpToAsync(room.Id, new ReclassifiedUpTo(4, 2), Never);
        await source.Vectors.SaveAsync([MessageEmbedding.Of(await source.ReloadAsync(hello), new EmbeddingModel("somebody/tiny", "c1", 3), [0.6f, -0.8f, 0])], Never);
        await source.Summaries.SaveAsync(Summary.Of(new SummaryId(source.NewId()), room.Id, "100", "f", 1, 3, """{"topics":{}}""", null, source.Now), Never);
        var judged = Summary.Of(new SummaryId(source.NewId()), room.Id, "50", "f", 1, 3, "{}", null, source.Now);
        await source.Summaries.SaveVoteAsync(SummaryVote.Of(judged, ann.Id, "high/0/1", "openai:m", isUp: true, "재밌다", source.Now), Never);
        await source.Summaries.SaveVoteAsync(SummaryVote.Of(judged, bob.Id, null, "extractive", isUp: false, null, source.Now), Never);
        await source.Summaries.SavePartAsync(SummaryPart.Of("a part", room.Id, 1, 3, """{"Content":"김치"}""", source.Now), default, Never);
        await source.Spending.AddAsync(SpendingEntry.Of(source.NewId(), new SpendingAccount(ann.Id, room.Id), "2026-01", new Money(1_250), source.Now), Never);
        room.ScheduleSummaries(Expect.Value(SummarySchedule.Of(SummaryCadence.Daily, 7, "Asia/Seoul")), source.Now);
        await source.Rooms.SaveSummaryScheduleAsync(room, Never);
        await source.Summaries.SaveAsync(Summary.Of(new SummaryId(source.NewId()), room.Id, "unread", "f", 1, 3, "{}", ann.Id, source.Now), Never);

        if (more > 0)
            await source.Messages.AppendAsync(room.Id, [.. Enumerable.Range(1, more).Select(line => source.Draft(room, bob, $"line {line} 이야기"))], Never);

        return (ann, room);

        Topic Open(string id, TopicLevel level, string? parent)
            => Topic.Open(new TopicId(id), room.Id, level, parent is null ? null : new TopicId(parent), new TopicName("name of " + id, ["김치", id]));
    }
}
