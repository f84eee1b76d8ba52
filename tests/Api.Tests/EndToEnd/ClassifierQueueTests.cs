using System.Net;
using AIChat.Api.Tests.Contract;
using AIChat.Tests;

namespace AIChat.Api.Tests.EndToEnd;

/// <summary>A classifier under more calls than it can take.</summary>
public sealed class ClassifierQueueTests : ClassifierTestBase
{
    [Fact]
    public async Task A_full_queue_says_when_to_come_back_and_one_that_floods_does_not_starve_another()
    {
        await using var classifier = await Classifier(("MODEL_SERVER_QUEUE", "1/4")).StartAsync();
        using var flood = Caller(classifier, "flood");
        using var quiet = Caller(classifier, "quiet");
        var (refused, served) = (0, 0);
        var bodies = Enumerable.Range(0, 9).Select(_ => Chats(2_500)).ToList();
        var flooding = bodies.ConvertAll(async body =>
        {
            using var answer = await flood.PostAsync(new Uri("predict", UriKind.Relative), body);
            if (answer.StatusCode == HttpStatusCode.TooManyRequests)
            {
                Assert.InRange(answer.Headers.RetryAfter!.Delta!.Value, TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(1));
                Assert.Equal("queue_full", new Answer(await answer.Content.ReadAsStringAsync()).Code);
                Interlocked.Increment(ref refused);
                return;
            }

            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
            Interlocked.Increment(ref served);
        });

        // One at work and four waiting, so that four have no place.
        await Eventually.SeenAsync(() => Volatile.Read(ref refused), count => count >= 4, "the queue to be full");
        using (var answer = await quiet.PostAsync(new Uri("predict", UriKind.Relative), Chats(20)))
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.InRange(Volatile.Read(ref served), 0, 2);

        // It had to give up a place for that; what is left is served.
        await Task.WhenAll(flooding);
        Assert.Equal((5, 4), (refused, served));
    }

    [Fact]
    public async Task Who_hangs_up_stops_the_work_and_leaves_the_place_to_others()
    {
        await using var classifier = await Classifier(("MODEL_SERVER_QUEUE", "1/1")).StartAsync();
        using var caller = Caller(classifier, "caller");
        using var hangUp = new CancellationTokenSource();
        var working = caller.PostAsync(new Uri("predict", UriKind.Relative), Chats(10_000), hangUp.Token);
        await Eventually.TrueAsync(() => Begun(classifier) == 1, "the work to begin");

        // Waiting, and gone before its turn.
        using var hangUpToo = new CancellationTokenSource();
        var waiting = caller.PostAsync(new Uri("predict", UriKind.Relative), Chats(20), hangUpToo.Token);
        await Eventually.TrueAsync(() => Counted(classifier, "arrived") == 2, "the second to wait");
        await Eventually.TrueAsync(async () => await StatusAsync() == HttpStatusCode.TooManyRequests, "the queue to be full");
        await hangUpToo.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);

        await hangUp.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => working);

        // A caller has hung up as soon as it says so; the server hears of it a moment later.
        await Eventually.TrueAsync(async () => await StatusAsync() == HttpStatusCode.OK, "both places to be free");
        using var whole = await caller.PostAsync(new Uri("predict", UriKind.Relative), Chats(10_000));
        Assert.Equal(HttpStatusCode.OK, whole.StatusCode);
        await Eventually.TrueAsync(() => Answered(classifier) == 2, "the log to say how long that took");
        Assert.InRange(Worked(classifier, 499), 0, Worked(classifier, 200) / 2);

        async Task<HttpStatusCode> StatusAsync()
        {
            using var other = Caller(classifier, "other");
            using var answer = await other.PostAsync(new Uri("predict", UriKind.Relative), Chats(20));
            return answer.StatusCode;
        }
    }
}
