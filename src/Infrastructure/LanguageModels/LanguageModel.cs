using System.ClientModel;
using System.ClientModel.Primitives;
using System.Runtime.CompilerServices;
using AIChat.Domain.Summaries;
using Microsoft.ML.Tokenizers;
using OpenAI;
using OpenAI.Chat;

namespace AIChat.Infrastructure.LanguageModels;

/// <summary>One language model: calls it, counts tokens and computes costs.</summary>
internal sealed class LanguageModel
{
    public const string ClientName = "language model";

    /// <summary>Statuses of servers that do not support the requested response format.</summary>
    private const int BadRequest = 400, Unprocessable = 422;

    private readonly LanguageModelOptions _options;
    private readonly ChatClient _client;
    private readonly Tokenizer _tokens = TiktokenTokenizer.CreateForEncoding("o200k_base");

    /// <summary>The strictest response format that the server has not refused, for the lifetime of the process.</summary>
    private volatile ResponseFormat _supported = ResponseFormat.Schema;

    /// <param name="options">The server and the model.</param>
    /// <param name="http">A client that handles retries, the circuit breaker and timeouts.</param>
    public LanguageModel(LanguageModelOptions options, HttpClient http)
    {
        _options = options;
        _client = new ChatClient(options.Model, new ApiKeyCredential(options.Key ?? "none"), new OpenAIClientOptions
        {
            Endpoint = options.Address,
            Transport = new HttpClientPipelineTransport(http),
            RetryPolicy = new ClientRetryPolicy(0),
            NetworkTimeout = Timeout.InfiniteTimeSpan,
        });
    }

    private enum ResponseFormat
    {
        Schema,
        Json,
        Text,
    }

    public string Name => _options.Model;

    public int PromptTokens => _options.PromptTokens;

    public int Count(string text) => _tokens.CountTokens(text);

    /// <summary>The price of tokens in micro-dollars, rounded up.</summary>
    public Money Price(long input, long output) => new((long)Math.Ceiling((input * _options.InputPrice) + (output * _options.OutputPrice)));

    /// <summary>Streams an answer piece by piece.</summary>
    /// <param name="ask">The question.</param>
    /// <param name="cost">Filled as far as known, even if this ends early.</param>
    /// <param name="cancellation">Ends the call.</param>
    /// <exception cref="ModelCallException">The model did not answer.</exception>
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

    private async Task<StreamedAnswer> BeginAsync(ModelAsk ask, ModelCost cost, CancellationToken cancellation)
    {
        var format = _supported;
        while (true)
        {
            var options = OptionsOf(ask, format);
            var answer = new StreamedAnswer(
                token => _client.CompleteChatStreamingAsync([new SystemChatMessage(ask.System), new UserChatMessage(ask.User)], options, token), _options.AnswerTimeout, cancellation);
            try
            {
                await answer.FirstAsync();
                return answer;
            }
            catch (ClientResultException refused) when (refused.Status is BadRequest or Unprocessable && format != ResponseFormat.Text)
            {
                await answer.DisposeAsync();
                format++;
                _supported = format;
            }
            catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
            {
                await answer.DisposeAsync();
                cost.Began = true;
                throw;
            }
            catch (Exception failure) when (ModelCallException.IsOne(failure, cancellation))
            {
                await answer.DisposeAsync();

                // A timed-out call may still be billed.
                cost.Began = failure is OperationCanceledException;
                throw new ModelCallException(failure);
            }
        }
    }

    private static async Task<bool> NextAsync(StreamedAnswer answer, CancellationToken cancellation)
    {
        try
        {
            return await answer.NextAsync();
        }
        catch (Exception failure) when (ModelCallException.IsOne(failure, cancellation))
        {
            throw new ModelCallException(failure);
        }
    }

    private static ChatCompletionOptions OptionsOf(ModelAsk ask, ResponseFormat format) => new()
    {
        MaxOutputTokenCount = ask.MostOutput,
        ResponseFormat = format switch
        {
            LanguageModel.ResponseFormat.Schema => ChatResponseFormat.CreateJsonSchemaFormat("digest", BinaryData.FromString(ask.Schema), jsonSchemaIsStrict: true),
            LanguageModel.ResponseFormat.Json => ChatResponseFormat.CreateJsonObjectFormat(),
            LanguageModel.ResponseFormat.Text => null,
        },
    };

    /// <summary>A streamed answer with a timeout for each piece. The first piece is fetched separately, because a server refuses a request before it.</summary>
    private sealed class StreamedAnswer : IAsyncDisposable
    {
        private readonly CancellationTokenSource _stopping;
        private readonly IAsyncEnumerator<StreamingChatCompletionUpdate> _updates;
        private readonly TimeSpan _timeout;
        private bool? _first;

        public StreamedAnswer(Func<CancellationToken, IAsyncEnumerable<StreamingChatCompletionUpdate>> begin, TimeSpan timeout, CancellationToken cancellation)
        {
            _stopping = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
            _updates = begin(_stopping.Token).GetAsyncEnumerator(_stopping.Token);
            _timeout = timeout;
        }

        public StreamingChatCompletionUpdate Current => _updates.Current;

        public async Task FirstAsync() => _first = await MoveAsync();

        public async Task<bool> NextAsync()
        {
            var any = _first ?? await MoveAsync();
            _first = null;
            return any;
        }

        public async ValueTask DisposeAsync()
        {
            await _updates.DisposeAsync();
            _stopping.Dispose();
        }

        private async Task<bool> MoveAsync()
        {
            _stopping.CancelAfter(_timeout);
            try
            {
                return await _updates.MoveNextAsync();
            }
            finally
            {
                _stopping.CancelAfter(Timeout.InfiniteTimeSpan);
            }
        }
    }
}

/// <param name="System">The system prompt.</param>
/// <param name="User">The user prompt.</param>
/// <param name="Schema">JSON schema of the answer.</param>
/// <param name="MostOutput">The most tokens of the answer.</param>
internal sealed record ModelAsk(string System, string User, string Schema, int MostOutput);

/// <summary>The tokens of a call.</summary>
internal sealed class ModelCost
{
    /// <summary>Whether the server accepted the call, or may have.</summary>
    public bool Began { get; set; }

    /// <summary>Whether the server reported the numbers.</summary>
    public bool IsKnown { get; set; }

    public long Input { get; set; }

    public long Output { get; set; }
}

/// <summary>The model did not answer, or broke off.</summary>
internal sealed class ModelCallException(Exception inner) : Exception("The language model did not answer.", inner)
{
    public static bool IsOne(Exception failure, CancellationToken cancellation)
        => !cancellation.IsCancellationRequested
            && failure is ClientResultException or HttpRequestException or IOException or TimeoutException or OperationCanceledException or System.Text.Json.JsonException or AggregateException
                or InvalidOperationException or FormatException or KeyNotFoundException or ArgumentException or Polly.ExecutionRejectedException;
}
