using System.ClientModel;
using System.ClientModel.Primitives;
using System.Runtime.CompilerServices;
using AIChat.Domain.Summaries;
using Microsoft.ML.Tokenizers;
using OpenAI;
using OpenAI.Chat;

namespace AIChat.Infrastructure.Summaries.LanguageModels;

/// <summary>One language model: asks it, counts tokens, and says what an answer cost.</summary>
internal sealed class LanguageModel
{
    public const string ClientName = "language model";

    /// <summary>What servers say of a request whose form of answer they do not know.</summary>
    private const int BadRequest = 400, Unprocessable = 422;

    private readonly LanguageModelOptions options;
    private readonly ChatClient client;
    private readonly Tokenizer tokens = TiktokenTokenizer.CreateForEncoding("o200k_base");

    /// <summary>How strictly answers can be asked for; less where the server refused more, for the life of the process.</summary>
    private volatile Form known = Form.Schema;

    /// <param name="options">Where, and which.</param>
    /// <param name="http">Retries, breaks and waits.</param>
    public LanguageModel(LanguageModelOptions options, HttpClient http)
    {
        this.options = options;
        client = new ChatClient(options.Model, new ApiKeyCredential(options.Key ?? "none"), new OpenAIClientOptions
        {
            Endpoint = options.Address,
            Transport = new HttpClientPipelineTransport(http),
            RetryPolicy = new ClientRetryPolicy(0),
            NetworkTimeout = Timeout.InfiniteTimeSpan,
        });
    }

    private enum Form
    {
        Schema,
        Json,
        Text,
    }

    public string Name => options.Model;

    public int PromptTokens => options.PromptTokens;

    public int Count(string text) => tokens.CountTokens(text);

    /// <summary>What so many tokens cost, rounded up.</summary>
    public Money Price(long input, long output) => new((long)Math.Ceiling((input * options.InputPrice) + (output * options.OutputPrice)));

    /// <summary>The answer, piece by piece.</summary>
    /// <param name="ask">What is asked.</param>
    /// <param name="cost">Filled as far as it is known, also where this ends early.</param>
    /// <param name="cancellation">Ends the call.</param>
    /// <exception cref="ModelCallException">It did not answer.</exception>
    public async IAsyncEnumerable<string> AskAsync(ModelAsk ask, ModelCost cost, [EnumeratorCancellation] CancellationToken cancellation)
    {
        await using var stream = await BeginAsync(ask, cost, cancellation);
        cost.Began = true;
        while (await NextAsync(stream, cancellation))
        {
            if (stream.Current.Usage is { } usage)
                (cost.Input, cost.Output, cost.IsKnown) = (usage.InputTokenCount, usage.OutputTokenCount, true);
            foreach (var part in stream.Current.ContentUpdate)
            {
                if (part.Text is { Length: > 0 } text)
                    yield return text;
            }
        }
    }

    private async Task<Streamed> BeginAsync(ModelAsk ask, ModelCost cost, CancellationToken cancellation)
    {
        var asked = known;
        while (true)
        {
            var form = asked;
            var pieces = new Streamed(
                given => client.CompleteChatStreamingAsync([new SystemChatMessage(ask.System), new UserChatMessage(ask.User)], OptionsOf(ask, form), given), options.AnswerTimeout, cancellation);
            try
            {
                await pieces.FirstAsync();
                return pieces;
            }
            catch (ClientResultException refused) when (refused.Status is BadRequest or Unprocessable && asked != Form.Text)
            {
                await pieces.DisposeAsync();
                asked++;
                known = asked;
            }
            catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
            {
                await pieces.DisposeAsync();
                cost.Began = true;
                throw;
            }
            catch (Exception failure) when (ModelCallException.IsOne(failure, cancellation))
            {
                await pieces.DisposeAsync();

                // Whoever is given up on may have read the question.
                cost.Began = failure is OperationCanceledException;
                throw new ModelCallException(failure);
            }
        }
    }

    private static async Task<bool> NextAsync(Streamed pieces, CancellationToken cancellation)
    {
        try
        {
            return await pieces.NextAsync();
        }
        catch (Exception failure) when (ModelCallException.IsOne(failure, cancellation))
        {
            throw new ModelCallException(failure);
        }
    }

    private static ChatCompletionOptions OptionsOf(ModelAsk ask, Form asked) => new()
    {
        MaxOutputTokenCount = ask.MostOutput,
        ResponseFormat = asked switch
        {
            Form.Schema => ChatResponseFormat.CreateJsonSchemaFormat("digest", BinaryData.FromString(ask.Schema), jsonSchemaIsStrict: true),
            Form.Json => ChatResponseFormat.CreateJsonObjectFormat(),
            Form.Text => null,
        },
    };

    /// <summary>An answer that is given up when nothing comes for too long. Its beginning is fetched first, because that is when a server refuses.</summary>
    private sealed class Streamed : IAsyncDisposable
    {
        private readonly CancellationTokenSource given;
        private readonly IAsyncEnumerator<StreamingChatCompletionUpdate> updates;
        private readonly TimeSpan patience;
        private bool? first;

        public Streamed(Func<CancellationToken, IAsyncEnumerable<StreamingChatCompletionUpdate>> begin, TimeSpan patience, CancellationToken cancellation)
        {
            given = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
            updates = begin(given.Token).GetAsyncEnumerator(given.Token);
            this.patience = patience;
        }

        public StreamingChatCompletionUpdate Current => updates.Current;

        public async Task FirstAsync() => first = await MoveAsync();

        public async Task<bool> NextAsync()
        {
            var any = first ?? await MoveAsync();
            first = null;
            return any;
        }

        public async ValueTask DisposeAsync()
        {
            await updates.DisposeAsync();
            given.Dispose();
        }

        private async Task<bool> MoveAsync()
        {
            given.CancelAfter(patience);
            try
            {
                return await updates.MoveNextAsync();
            }
            finally
            {
                given.CancelAfter(Timeout.InfiniteTimeSpan);
            }
        }
    }
}

/// <param name="System">What it is to do.</param>
/// <param name="User">What with.</param>
/// <param name="Schema">Of its answer.</param>
/// <param name="MostOutput">The most tokens of its answer.</param>
internal sealed record ModelAsk(string System, string User, string Schema, int MostOutput);

/// <summary>What a call used.</summary>
internal sealed class ModelCost
{
    /// <summary>Whether the server took it up, or may have.</summary>
    public bool Began { get; set; }

    /// <summary>Whether the server told the numbers.</summary>
    public bool IsKnown { get; set; }

    public long Input { get; set; }

    public long Output { get; set; }
}

/// <summary>The model did not answer, or stopped in the middle.</summary>
internal sealed class ModelCallException(Exception inner) : Exception("The language model did not answer.", inner)
{
    public static bool IsOne(Exception failure, CancellationToken cancellation)
        => !cancellation.IsCancellationRequested
            && failure is ClientResultException or HttpRequestException or IOException or TimeoutException or OperationCanceledException or System.Text.Json.JsonException or AggregateException
                or InvalidOperationException or FormatException or KeyNotFoundException or ArgumentException or Polly.ExecutionRejectedException;
}
