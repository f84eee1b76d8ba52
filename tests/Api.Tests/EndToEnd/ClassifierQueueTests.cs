using System.Net;
using System.Text.RegularExpressions;
using AIChat.Api.Tests.Contract;
using AIChat.Tests;

namespace AIChat.Api.Tests.EndToEnd;

/// <summary>A classifier under more calls than it can take. A call gets its turn before its body is read: a body without an end holds the turn for as long as a test needs.</summary>
public sealed partial class ClassifierQueueTests : ClassifierTestBase
{
    private static readonly Uri Predict = new("predict", UriKind.Relative);

    [Fact]
    public async Task A_full_queue_says_when_to_come_back_and_one_that_floods_does_not_starve_another()
    {
        await using var classifier = await Classifier(("MODEL_SERVER_QUEUE", "1/4")).StartAsync();
        using var flood = Caller(classifier, "flood");
        using var quiet = Caller(classifier, "quiet");
        var (refused, served) = (0, 0);
        var end = new TaskCompletionSource();
        var working = FloodAsync(new Body(20, end.Task));
        await Eventually.TrueAsync(() => Begun(classifier) == 1, "the first to have its turn");

        // One at work and four waiting, so that four have no place.
        var flooding = Enumerable.Range(0, 8).Select(_ => FloodAsync(new Body(20))).ToList();
        await Eventually.SeenAsync(() => Volatile.Read(ref refused), count => count == 4, "the queue to be full");

        // One of those that wait gives up its place for another caller, who comes next.
        var other = quiet.PostAsync(Predict, new Body(20));
        await Eventually.SeenAsync(() => Volatile.Read(ref refused), count => count == 5, "the other to have a place");
        end.SetResult();
        using (var answer = await other)
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        await Task.WhenAll([working, .. flooding]);
        Assert.Equal((5, 4), (refused, served));
        await Eventually.TrueAsync(() => Answered(classifier) == 5, "the log to say who was served");
        Assert.Equal(["flood", "quiet", "flood", "flood", "flood"], Served().Matches(classifier.Log).Select(line => line.Groups["caller"].Value));

        async Task FloodAsync(Body body)
        {
            using var answer = await flood.PostAsync(Predict, body);
            if (answer.StatusCode == HttpStatusCode.TooManyRequests)
            {
                Assert.InRange(answer.Headers.RetryAfter!.Delta!.Value, TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(1));
                Assert.Equal("queue_full", new Answer(await answer.Content.ReadAsStringAsync()).Code);
                Interlocked.Increment(ref refused);
                return;
            }

            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
            Interlocked.Increment(ref served);
        }
    }

    [Fact]
    public async Task Who_hangs_up_stops_the_work()
    {
        await using var classifier = await Classifier(("MODEL_SERVER_QUEUE", "1/1")).StartAsync();
        using var caller = Caller(classifier, "caller");
        using (var whole = await caller.PostAsync(Predict, new Body(3_000)))
            Assert.Equal(HttpStatusCode.OK, whole.StatusCode);
        await Eventually.TrueAsync(() => Answered(classifier) == 1, "the log to say how long that took");

        // As much work as a call may ask for, so that the caller hangs up long before its end, and when all is sent, so that it is the work that stops and not the reading.
        // A call that is answered all the same, because this test had to wait for the processor, is made again.
        for (var calls = 2; Counted(classifier, ": 499, ") == 0; calls++)
        {
            using var hangUp = new CancellationTokenSource();
            var body = new Body(10_000);
            var working = caller.PostAsync(Predict, body, hangUp.Token);
            await Eventually.TrueAsync(() => Begun(classifier) == calls && body.Sent.IsCompletedSuccessfully, "the work to begin");
            await hangUp.CancelAsync();
            await Task.WhenAny(working);
            await Eventually.TrueAsync(() => Answered(classifier) + Counted(classifier, ": 499, ") == calls, "the server to stop working");
        }

        Assert.InRange(Worked(classifier, 499), 0, Worked(classifier, 200));
        using var next = await caller.PostAsync(Predict, new Body(20));
        Assert.Equal(HttpStatusCode.OK, next.StatusCode);
    }

    [Fact]
    public async Task Who_hangs_up_while_waiting_leaves_the_place_to_others()
    {
        await using var classifier = await Classifier(("MODEL_SERVER_QUEUE", "1/1")).StartAsync();
        using var caller = Caller(classifier, "caller");
        var end = new TaskCompletionSource();
        var working = caller.PostAsync(Predict, new Body(20, end.Task));
        await Eventually.TrueAsync(() => Begun(classifier) == 1, "the work to begin");

        using var hangUp = new CancellationTokenSource();
        var waiting = await OneWaitsAsync(caller, hangUp.Token);
        await hangUp.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);

        // A caller has hung up as soon as it says so; the server hears of it a moment later.
        await Eventually.TrueAsync(() => Counted(classifier, "caller hung up") == 1, "the server to hear of it");
        using var other = Caller(classifier, "other");
        var served = await OneWaitsAsync(other, default);
        end.SetResult();
        foreach (var call in (Task<HttpResponseMessage>[])[working, served])
        {
            using var answer = await call;
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        }

        Assert.Equal(2, Begun(classifier));

        // Of two calls one waits, because the other is refused.
        static async Task<Task<HttpResponseMessage>> OneWaitsAsync(HttpClient http, CancellationToken hangUp)
        {
            var (one, two) = (http.PostAsync(Predict, new Body(20), hangUp), http.PostAsync(Predict, new Body(20), hangUp));
            var refused = await Task.WhenAny(one, two);
            using (var answer = await refused)
                Assert.Equal(HttpStatusCode.TooManyRequests, answer.StatusCode);
            return refused == one ? two : one;
        }
    }

    [GeneratedRegex("/predict for [^ ]*/(?<caller>[a-z]+): 200, ", RegexOptions.ExplicitCapture, Timeout.Infinite)]
    private static partial Regex Served();
}
