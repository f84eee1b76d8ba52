using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using AIChat.Tests;

namespace AIChat.Api.Tests.EndToEnd;

/// <summary>A backend and a classifier as two processes.</summary>
public abstract class ClassifierTestBase
{
    protected const string Token = "what-the-two-of-them-know";

    // A window that takes seconds, so that there is a middle to be killed in.
    protected const int Many = 1_500;

    protected static ServerProcess Classifier(params (string, string)[] more)
        => new(null, [("MODEL_SERVER_TOKEN", Token), ("Logging__LogLevel__AIChat.Api.Classifier", "Debug"), .. more]) { Arguments = ["--role", "classifier"] };

    protected static ServerProcess Backend(ServerProcess classifier, string token) => new(null, ("MODEL_SERVER_URL", classifier.Address + "predict"), ("MODEL_SERVER_TOKEN", token));

    protected static HttpClient Caller(ServerProcess classifier, string name)
    {
        var http = new HttpClient { BaseAddress = classifier.Address, Timeout = Eventually.Timeout };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", Token);
        http.DefaultRequestHeaders.Add("X-Caller", name);
        return http;
    }

    protected static int Begun(ServerProcess classifier) => Counted(classifier, "started");

    protected static int Answered(ServerProcess classifier) => Counted(classifier, ": 200, ");

    protected static int Counted(ServerProcess classifier, string what)
        => classifier.Log.Split('\n').Count(line => line.Contains("/predict for", StringComparison.Ordinal) && line.Contains(what, StringComparison.Ordinal));

    /// <summary>How many milliseconds the longest call with this status ran.</summary>
    protected static double Worked(ServerProcess classifier, int status) => classifier.Log.Split('\n')
        .Where(line => line.Contains(string.Create(CultureInfo.InvariantCulture, $": {status}, "), StringComparison.Ordinal))
        .Max(line => double.Parse(line[(line.IndexOf("ran ", StringComparison.Ordinal) + 4)..].Split(' ')[0], CultureInfo.InvariantCulture));

    protected static async Task AllFiledAsync(ApiClient ann, string room, string job, int count = Many)
    {
        Assert.Equal("succeeded", (await ann.JobDoneAsync(job)).State);
        var messages = await ann.AllMessagesAsync(room);
        Assert.Equal(Enumerable.Range(1, count).Select(seq => (long)seq), messages.Select(message => message.Seq));
        Assert.All(messages, message => Assert.True(message.Classified));
        Assert.Contains(messages, message => message.TopicId is not null);
    }

    protected static string Transcript(int count) => string.Concat(Enumerable.Range(0, count).Select(i => JsonSerializer.Serialize(Line(i)) + "\n"));

    protected static object Line(int i) => new
    {
        id = "l" + i.ToString(CultureInfo.InvariantCulture),
        nickname = "p" + (i % 13).ToString(CultureInfo.InvariantCulture),
        content = string.Create(CultureInfo.InvariantCulture, $"p{i * 5 % 13}: the kernel {i % 7} panics when I mount 여행 {i % 97}"),
        createdAt = $"2026-01-05T{i / 3600:00}:{i / 60 % 60:00}:{i % 60:00}Z",
    };

    /// <summary>So many lines for the classifier, made before they are sent.</summary>
    protected sealed class Body : HttpContent
    {
        private readonly byte[] _lines;
        private readonly Task _end;
        private readonly TaskCompletionSource _sent = new(TaskCreationOptions.RunContinuationsAsynchronously);

        /// <param name="count">How many lines.</param>
        /// <param name="end">Until this has ended, blanks are sent in place of the lines, as fast as the server demands.</param>
        public Body(int count, Task? end = null)
        {
            _lines = JsonSerializer.SerializeToUtf8Bytes(new { chats = Enumerable.Range(0, count).Select(Line) });
            _end = end ?? Task.CompletedTask;
            Headers.ContentType = new MediaTypeHeaderValue("application/json");
        }

        public Task Sent => _sent.Task;

        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        {
            var blanks = new byte[16 * 1024];
            Array.Fill(blanks, (byte)' ');
            while (!_end.IsCompleted)
            {
                await stream.WriteAsync(blanks);
                await stream.FlushAsync();
                await Task.WhenAny(_end, Task.Delay(50));
            }

            await stream.WriteAsync(_lines);
            await stream.FlushAsync();
            _sent.SetResult();
        }

        protected override bool TryComputeLength(out long length)
        {
            length = _lines.Length;
            return _end.IsCompleted;
        }
    }
}
