namespace AIChat.Infrastructure.Topics.Encoders;

/// <summary>A sentence encoder from a folder as the Hugging Face hub serves it: texts in, vectors out, equal to the sentence-transformers library's.</summary>
internal sealed class SentenceEncoder : IDisposable
{
    /// <summary>Lines of one pass; sorted by length before, so that they attend together.</summary>
    private const int Batch = 32;

    private readonly EncoderSettings _settings;
    private readonly IEncoderTokens _tokens;
    private readonly BertEncoder _encoder;

    private SentenceEncoder(EncoderSettings settings, IEncoderTokens tokens, BertEncoder encoder) => (_settings, _tokens, _encoder) = (settings, tokens, encoder);

    public int Dimensions => _settings.Width;

    /// <exception cref="EncoderException">The folder cannot be used; the message names the file and, where there is one, the mend.</exception>
    public static SentenceEncoder Load(string folder, int threads = 1)
    {
        Torch.UseThreads(threads);
        if (!Directory.Exists(folder))
            throw new EncoderException($"There is no folder {folder}.");
        var settings = EncoderSettings.Read(folder);
        var tokens = EncoderTokens.Read(folder);
        using var tensors = SafeTensors.Open(folder);
        return new SentenceEncoder(settings, tokens, BertEncoder.Load(settings, tensors));
    }

    public void Dispose() => _encoder.Dispose();

    /// <summary>The numbers of a text's tokens, cut at the model's limit.</summary>
    /// <param name="text">Any text.</param>
    /// <param name="prompt">The name of what the model wants before it ("query", "passage"); null: its own choice.</param>
    public int[] Tokens(string text, string? prompt = null)
        => [_tokens.First, .. _tokens.Encode((_settings.PromptOf(prompt) + text).Trim()).Take(_settings.MaxTokens - 2), _tokens.Last];

    /// <summary>One vector for each text, in their order.</summary>
    public IReadOnlyList<float[]> Encode(IReadOnlyList<string> texts, string? prompt = null, CancellationToken cancellation = default)
    {
        var lines = texts.Select(text => Tokens(text, prompt)).ToArray();
        var vectors = new float[lines.Length][];
        foreach (var batch in Enumerable.Range(0, lines.Length).OrderBy(line => lines[line].Length).Chunk(Batch))
        {
            cancellation.ThrowIfCancellationRequested();
            var encoded = _encoder.Encode([.. batch.Select(line => lines[line])]);
            for (var i = 0; i < batch.Length; i++)
                vectors[batch[i]] = encoded[i];
        }

        return vectors;
    }
}
