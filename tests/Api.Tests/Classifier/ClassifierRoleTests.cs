using System.ClientModel;
using System.ClientModel.Primitives;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using AIChat.Api.Tests.Contract;
using AIChat.Tests;
using OpenAI;
using OpenAI.Embeddings;

namespace AIChat.Api.Tests.Classifier;

/// <summary>The classifier alone as a process of its own, as its callers see it.</summary>
public sealed class ClassifierRoleTests(ClassifierProcess classifier) : IClassFixture<ClassifierProcess>
{
    private const string Two = """{"chats":[{"id":"1","nickname":"ann","content":"the kernel panics when I mount","createdAt":"2026-01-01T00:00:00Z"},{"id":"2","nickname":"bob","content":"ann: which kernel is it?","createdAt":"2026-01-01T00:00:09Z"}]}""";

    [Theory]
    [InlineData("GET", "", 404)]
    [InlineData("GET", "index.html", 404)]
    [InlineData("GET", "chat", 404)]
    [InlineData("POST", "user", 404)]
    [InlineData("GET", "hangfire", 404)]
    [InlineData("GET", "metrics", 404)]
    [InlineData("POST", "hub/chat/negotiate?negotiateVersion=1", 404)]
    [InlineData("GET", "jobs/any", 404)]
    [InlineData("GET", "v1/models", 404)]
    [InlineData("GET", "predict", 405)]
    [InlineData("GET", "health/live", 200)]
    [InlineData("GET", "health/ready", 200)]
    [InlineData("GET", "openapi/v1.json", 200)]
    [InlineData("GET", "docs/", 200)]
    public async Task There_is_nothing_but_the_two_calls_and_what_is_open_to_all(string method, string path, int status)
    {
        using var http = classifier.Caller(token: null);
        using var request = new HttpRequestMessage(new HttpMethod(method), new Uri(path, UriKind.Relative));
        using var answer = await http.SendAsync(request);

        Assert.Equal(status, (int)answer.StatusCode);
        if (status >= 400)
            Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.MediaType);
    }

    [Fact]
    public async Task Its_document_describes_its_own_calls_alone()
    {
        using var http = classifier.Caller(token: null);
        var document = await http.GetFromJsonAsync<JsonElement>("openapi/v1.json");
        Assert.Equal(["/health/live", "/health/ready", "/predict", "/v1/embeddings"], document.GetProperty("paths").EnumerateObject().Select(path => path.Name).Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("predict", null)]
    [InlineData("predict", "another token than the right one")]
    [InlineData("v1/embeddings", null)]
    [InlineData("v1/embeddings", "another token than the right one")]
    public async Task Who_does_not_show_the_token_is_refused_unheard(string path, string? token)
    {
        using var http = classifier.Caller(token);
        var (status, problem, headers) = await SendAsync(http, path, "{ not even json");

        Assert.Equal((401, "model_server_token_wrong"), (status, problem.Code));
        Assert.Equal("Bearer", headers.WwwAuthenticate.ToString());
    }

    [Theory]
    [InlineData("predict", "{", 400, "body_malformed")]
    [InlineData("predict", "{}", 400, "chats_missing")]
    [InlineData("predict", """{"chats":[{"id":"1","nickname":"a","content":"x","createdAt":"2026-01-01T00:00:00Z","knownConversation":-2}]}""", 400, "known_conversation_bad")]
    [InlineData("predict", """{"chats":[{"id":"1","nickname":"a","content":"x","createdAt":"2026-01-01T00:00:00Z","sense":"AAAA"}]}""", 400, "chat_sense_bad")]
    [InlineData("predict", """{"chats":[{"id":"1","nickname":"a","content":"x","createdAt":"2026-01-01T00:00:00Z","sense":"AADAfwAAwH8="}]}""", 400, "chat_sense_bad")]
    [InlineData("v1/embeddings", "", 400, "body_missing")]
    [InlineData("v1/embeddings", "{", 400, "body_malformed")]
    [InlineData("v1/embeddings", """{"model":"default"}""", 400, "input_bad")]
    [InlineData("v1/embeddings", """{"model":"default","input":[]}""", 400, "input_bad")]
    [InlineData("v1/embeddings", """{"model":"default","input":[1,2]}""", 400, "input_bad")]
    [InlineData("v1/embeddings", """{"model":"default","input":"\ud800"}""", 400, "input_bad")]
    [InlineData("v1/embeddings", """{"model":"default","input":{"text":"x"}}""", 400, "input_bad")]
    [InlineData("v1/embeddings", """{"model":"default","input":"x","encoding_format":"int8"}""", 400, "encoding_format_bad")]
    [InlineData("v1/embeddings", """{"model":"default","input":"x","dimensions":8}""", 400, "dimensions_bad")]
    [InlineData("v1/embeddings", """{"model":"text-embedding-3-small","input":"x"}""", 404, "model_not_found")]
    public async Task Bad_input_has_its_own_code(string path, string body, int status, string code)
    {
        await classifier.ModelLoadedAsync();
        using var http = classifier.Caller();
        var (answered, problem, _) = await SendAsync(http, path, body);

        Assert.Equal((status, code), (answered, problem.Code));
        if (path.StartsWith("v1", StringComparison.Ordinal))
        {
            var told = problem.As<ProblemForOpenAI>();
            Assert.Equal((code, told.Detail), (told.Error.Code, told.Error.Message));
        }
    }

    [Fact]
    public async Task Too_many_texts_and_too_long_bodies_are_refused()
    {
        using var http = classifier.Caller();
        var (many, problem, _) = await SendAsync(http, "v1/embeddings", JsonSerializer.Serialize(new { model = "default", input = Enumerable.Repeat("x", 2049) }));
        Assert.Equal((400, "input_bad"), (many, problem.Code));
        // It answers before the body is on its way, for whoever waits for that.
        http.DefaultRequestHeaders.ExpectContinue = true;
        (var large, problem, _) = await SendAsync(http, "v1/embeddings", JsonSerializer.Serialize(new { model = "default", input = new string('x', 9_000_000) }));
        Assert.Equal((413, "body_too_large"), (large, problem.Code));
    }

    [Fact]
    public async Task It_finds_conversations_keeps_those_that_are_known_and_says_how_sure_it_is()
    {
        using var http = classifier.Caller();
        var (status, found, _) = await SendAsync(http, "predict", Two);
        Assert.Equal(200, status);
        Assert.Equal(2, found.As<Prediction>().Margins.Count);
        Assert.Equal([null, 0], found.As<Prediction>().Links);

        // The same two, said to be apart.
        (_, found, _) = await SendAsync(http, "predict", Two.Replace("\"nickname\":\"bob\"", "\"nickname\":\"bob\",\"knownConversation\":7", StringComparison.Ordinal).Replace("\"nickname\":\"ann\"", "\"nickname\":\"ann\",\"knownConversation\":3", StringComparison.Ordinal));
        Assert.Equal([0, 1], found.As<Prediction>().Topics.High);
    }

    [Fact]
    public async Task The_OpenAI_client_gets_the_vectors_that_embed_writes()
    {
        await classifier.ModelLoadedAsync();
        string[] texts = ["How do I reset my password?", "점심 뭐 먹지? 👍🏽", ""];
        var client = Client(ClassifierProcess.Token);
        var answer = (await client.GenerateEmbeddingsAsync(texts)).Value;
        var (code, output, error) = await ServerProcess.RunAsync(Path.GetTempPath(), [], "embed", await classifier.FileAsync(texts), "--model", ClassifierProcess.Model());

        Assert.True(code == 0, error);
        Assert.StartsWith("bert-korean-bf16@", answer.Model, StringComparison.Ordinal);
        var written = output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => new Answer(line).As<EmbeddedLine>().Vector.ToArray()).ToList();
        Assert.Equal(3, written.Count);
        Assert.Equal([0, 1, 2], answer.Select(one => one.Index));
        foreach (var (ours, embedded) in written.Zip(answer))
            Assert.InRange(Cosine(ours, embedded.ToFloats().Span), 0.9999, 1.0001);

        // The same as numbers, for whoever asks over plain HTTP.
        using var http = classifier.Caller();
        var (_, plain, _) = await SendAsync(http, "v1/embeddings", JsonSerializer.Serialize(new { model = answer.Model, input = texts[1] }));
        float[] numbers = [.. plain.As<Embeddings>().Data[0].Embedding];
        Assert.InRange(Cosine(numbers, answer[1].ToFloats().Span), 0.9999, 1.0001);
    }

    [Fact]
    public async Task The_OpenAI_client_understands_why_it_was_refused()
    {
        var refused = await Assert.ThrowsAsync<ClientResultException>(() => Client("another token than the right one").GenerateEmbeddingAsync("x"));
        Assert.Equal(401, refused.Status);
        Assert.Contains("MODEL_SERVER_TOKEN", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_a_model_it_asks_to_come_back_and_finds_conversations_all_the_same()
    {
        await using var alone = await new ServerProcess { Arguments = ["--role", "classifier"] }.StartAsync();
        using var http = new HttpClient { BaseAddress = alone.Address };
        var (status, problem, headers) = await SendAsync(http, "v1/embeddings", """{"model":"default","input":"x"}""");
        Assert.Equal((503, "model_not_loaded"), (status, problem.Code));
        Assert.True(headers.RetryAfter?.Delta > TimeSpan.Zero);

        // Nobody but this machine can call, so that it takes no token; and nothing is left behind.
        (status, _, _) = await SendAsync(http, "predict", Two);
        Assert.Equal(200, status);
        Assert.Empty(Directory.GetFileSystemEntries(alone.Data));
        Assert.Contains("no MODEL_SERVER_TOKEN is set", alone.Log, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("MODEL_SERVER_TOKEN", "ASPNETCORE_URLS=http://0.0.0.0:0", "--role", "classifier")]
    [InlineData("MODEL_SERVER_TOKEN", "ASPNETCORE_URLS=http://127.0.0.1:0;http://*:0", "--role=classifier")]
    [InlineData("MODEL_SERVER_TOKEN", "ASPNETCORE_HTTP_PORTS=0", "--role", "classifier")]
    [InlineData("MODEL_SERVER_TOKEN", "MODEL_SERVER_TOKEN=two words", "--role", "classifier")]
    [InlineData("MODEL_SERVER_QUEUE", "MODEL_SERVER_QUEUE=0/5", "--role", "classifier")]
    [InlineData("MODEL_SERVER_URL", "MODEL_SERVER_URL=http://user:secret@classifier/")]
    [InlineData("EMBEDDING_URL", "EMBEDDING_URL=http://127.0.0.1:1/v1", "--role", "classifier")]
    [InlineData("--role", "A=b", "--role", "classifer")]
    [InlineData("--role", "A=b", "--role")]
    public async Task What_cannot_be_stops_the_start_with_one_sentence(string named, string variable, params string[] arguments)
    {
        var folder = Directory.CreateTempSubdirectory("aichat-role-").FullName;
        var parts = variable.Split('=', 2);
        var (code, output, error) = await ServerProcess.RunAsync(folder, [("EMBEDDING_MODEL", "any/model"), (parts[0], parts[1])], arguments);
        Directory.Delete(folder, recursive: true);

        Assert.Equal((1, string.Empty), (code, output));
        Assert.StartsWith(named, Assert.Single(error.Split('\n', StringSplitOptions.RemoveEmptyEntries)), StringComparison.Ordinal);
        Assert.DoesNotContain("secret@", error, StringComparison.Ordinal);
    }

    private EmbeddingClient Client(string token) => new("default", new ApiKeyCredential(token), new OpenAIClientOptions { Endpoint = new Uri(classifier.Address, "v1"), RetryPolicy = new ClientRetryPolicy(0) });

    private static async Task<(int Status, Answer Body, HttpResponseHeaders Headers)> SendAsync(HttpClient http, string path, string body)
    {
        using var content = new StringContent(body, Encoding.UTF8, "application/json");
        using var answer = await http.PostAsync(new Uri(path, UriKind.Relative), content);
        return ((int)answer.StatusCode, new Answer(await answer.Content.ReadAsStringAsync()), answer.Headers);
    }

    private static double Cosine(ReadOnlySpan<float> one, ReadOnlySpan<float> other)
    {
        var (product, first, second) = (0.0, 0.0, 0.0);
        for (var i = 0; i < one.Length; i++)
            (product, first, second) = (product + (one[i] * other[i]), first + (one[i] * one[i]), second + (other[i] * other[i]));
        return product / Math.Sqrt(first * second);
    }
}

/// <summary>A classifier with a token and a tiny model, for all tests that do not harm it.</summary>
public sealed class ClassifierProcess : IAsyncLifetime
{
    public const string Token = "the-token-of-these-tests";

    public ServerProcess Process { get; } = new(null, ("MODEL_SERVER_TOKEN", Token), ("EMBEDDING_MODEL", Model())) { Arguments = ["--role", "classifier"] };

    public Uri Address => Process.Address;

    public static string Model(string name = "bert-korean-bf16", [CallerFilePath] string here = "")
        => Path.GetFullPath("../../Infrastructure.Tests/Topics/Encoders/models/" + name, Path.GetDirectoryName(here)!);

    public async Task InitializeAsync() => await Process.StartAsync();

    public async Task DisposeAsync() => await Process.DisposeAsync();

    public HttpClient Caller(string? token = Token)
    {
        var http = new HttpClient { BaseAddress = Address, Timeout = Eventually.Timeout };
        if (token is not null)
            http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        return http;
    }

    public Task ModelLoadedAsync() => Eventually.TrueAsync(
        async () =>
        {
            using var http = Caller();
            using var answer = await http.PostAsJsonAsync("v1/embeddings", new { model = "default", input = "x" });
            return answer.StatusCode == HttpStatusCode.OK;
        },
        "the model to be loaded");

    /// <summary>Lines as a file, in the process's folder.</summary>
    public async Task<string> FileAsync(string[] lines)
    {
        var file = Path.Combine(Process.Data, "lines.txt");
        await File.WriteAllTextAsync(file, string.Concat(lines.Select(line => line + "\n")));
        return file;
    }
}
