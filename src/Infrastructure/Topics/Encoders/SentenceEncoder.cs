using System.Globalization;
using System.Numerics.Tensors;
using AIChat.Infrastructure.Topics.Tensors;
using static TorchSharp.torch;

namespace AIChat.Infrastructure.Topics.Encoders;

/// <summary>A sentence encoder from a folder in the layout of the Hugging Face hub. Its vectors equal those of the sentence-transformers library.</summary>
internal sealed class SentenceEncoder : IDisposable
{
    /// <summary>Lines of one forward pass on the processor; sorted by length, so that many have equal length.</summary>
    private const int Batch = 32;

    /// <summary>Tokens of one forward pass on a device, each line counted at the length of the longest; bounds the device's memory. Fewer would leave the device idle.</summary>
    private const int TokensOnDevice = 16_384;

    /// <summary>Least speed-up at which BF16 is chosen; processors without BF16 are many times slower with it.</summary>
    private const double LeastGain = 1.15;

    private const string Cpu = "cpu";

    /// <summary>Least cosine between a vector in BF16 and the same in F32.</summary>
    private const float LeastCosine = 0.999f;

    /// <summary>Least cosine between vectors in F32 of two libraries, which differ in the last digits only.</summary>
    private const float SameCosine = 0.99999f;

    private static readonly string[] Samples =
    [
        "does anybody know why the build fails since yesterday?", "점심 메뉴 추천 좀 해주세요, 오늘은 따뜻한 게 좋겠어요", "ok", "배포 전에 테스트를 꼭 돌려 주세요.", "https://example.org/docs 여기 보세요 👍",
    ];

    private readonly EncoderSettings _settings;
    private readonly IEncoderTokens _tokens;
    private readonly BertEncoder _encoder;

    private SentenceEncoder(EncoderSettings settings, IEncoderTokens tokens, BertEncoder encoder, string choice) => (_settings, _tokens, _encoder, Choice) = (settings, tokens, encoder, choice);

    public int Dimensions => _settings.Width;

    /// <summary>The precision and library in use, and the reason.</summary>
    public string Choice { get; }

    /// <exception cref="EncoderException">The folder cannot be used; the message names the file and the remedy if there is one.</exception>
    /// <param name="folder">The model's folder.</param>
    /// <param name="precision">The precision, or that it is measured.</param>
    /// <param name="threads">Threads of one forward pass on the processor.</param>
    /// <param name="device"><c>cpu</c>, <c>cuda</c> or <c>cuda:1</c>.</param>
    public static SentenceEncoder Load(string folder, Precision precision = Precision.Measured, int threads = 1, string device = Cpu)
    {
        Torch.UseThreads(threads);
        Allocator.KeepLargeBlocks();
        var encoder = Choose(folder, precision, Find(device));
        Allocator.Trim();
        return encoder;
    }

    private static SentenceEncoder Choose(string folder, Precision precision, Device device)
    {
        if (!Directory.Exists(folder))
            throw new EncoderException($"There is no folder {folder}.");
        var settings = EncoderSettings.Read(folder);
        var tokens = EncoderTokens.Read(folder);
        var plain = Weights(folder, settings, device);
        if (precision == Precision.UnmeasuredBF16)
            return new SentenceEncoder(settings, tokens, plain.To(new Products(ScalarType.BFloat16, ByOneDnn: false)), "BF16: asked for");
        var lines = Samples.Select(text => TokensOf(settings, tokens, text, null)).ToArray();
        var expected = plain.Encode(lines);
        var took = Times(plain);
        var (fastestF32, fastestBF16) = (Fastest(took, ScalarType.Float32), Fastest(took, ScalarType.BFloat16));
        var chosen = precision == Precision.BF16 || (precision == Precision.Measured && took[fastestF32] >= LeastGain * took[fastestBF16]) ? fastestBF16 : fastestF32;
        var reason = precision == Precision.Measured ? string.Create(CultureInfo.InvariantCulture, $"a layer took {took[fastestF32]:F2} ms in {fastestF32} and {took[fastestBF16]:F2} ms in {fastestBF16}") : "asked for";
        var encoder = plain.To(chosen);
        var cosine = LeastCosineOf(encoder.Encode(lines), expected);
        if (cosine >= (chosen.Type == ScalarType.Float32 ? SameCosine : LeastCosine))
            return new SentenceEncoder(settings, tokens, encoder, string.Create(CultureInfo.InvariantCulture, $"{chosen}: {reason}; least cosine to plain F32 {cosine:F5}"));
        encoder.Dispose();
        return new SentenceEncoder(settings, tokens, Weights(folder, settings, device), string.Create(CultureInfo.InvariantCulture, $"F32 by libtorch's own product: {reason}, but by {chosen} the cosine to it fell to {cosine:F5}"));
    }

    public void Dispose() => _encoder.Dispose();

    /// <summary>Token ids of a text, cut at the model's limit.</summary>
    /// <param name="text">Any text.</param>
    /// <param name="prompt">Name of the prefix ("query", "passage"); null: the model's default.</param>
    public int[] Tokens(string text, string? prompt = null) => TokensOf(_settings, _tokens, text, prompt);

    /// <summary>[texts]: one vector for each text.</summary>
    public IReadOnlyList<float[]> Encode(IReadOnlyList<string> texts, string? prompt = null, CancellationToken cancellation = default)
    {
        var lines = texts.Select(text => Tokens(text, prompt)).ToArray();
        var vectors = new float[lines.Length][];
        var order = Enumerable.Range(0, lines.Length).OrderBy(line => lines[line].Length).ToArray();
        foreach (var batch in _encoder.IsOnProcessor ? order.Chunk(Batch) : BatchesByTokens(order, lines))
        {
            cancellation.ThrowIfCancellationRequested();
            var encoded = _encoder.Encode([.. batch.Select(line => lines[line])]);
            for (var i = 0; i < batch.Length; i++)
                vectors[batch[i]] = encoded[i];
        }

        return vectors;
    }

    private static IEnumerable<int[]> BatchesByTokens(int[] order, int[][] lines)
    {
        for (var from = 0; from < order.Length;)
        {
            var to = from + 1;
            while (to < order.Length && lines[order[to]].Length * (to + 1 - from) <= TokensOnDevice)
                to++;
            yield return order[from..to];
            from = to;
        }
    }

    private static int[] TokensOf(EncoderSettings settings, IEncoderTokens tokens, string text, string? prompt)
        => [tokens.First, .. tokens.Encode((settings.PromptOf(prompt) + text).Trim()).Take(settings.MaxTokens - 2), tokens.Last];

    /// <summary>Milliseconds of a layer by kind of product. The kinds are measured in turns, so that other load affects them alike. oneDNN is for the processor only.</summary>
    private static Dictionary<Products, double> Times(BertEncoder encoder)
    {
        const int turns = 3;
        bool[] libraries = encoder.IsOnProcessor && OneDnn.IsAvailable ? [false, true] : [false];
        Products[] all = [.. libraries.SelectMany(byOneDnn => new[] { new Products(ScalarType.Float32, byOneDnn), new Products(ScalarType.BFloat16, byOneDnn) })];
        return Enumerable.Range(0, turns).SelectMany(_ => all.Select(products => (products, Took: encoder.TimeOf(products).TotalMilliseconds)).ToArray())
            .GroupBy(one => one.products).ToDictionary(ofOne => ofOne.Key, ofOne => ofOne.Min(one => one.Took));
    }

    private static Products Fastest(Dictionary<Products, double> took, ScalarType type) => took.Keys.Where(products => products.Type == type).MinBy(products => took[products]);

    private static Device Find(string device)
    {
        if (device == Cpu)
            return CPU;
        if (!cuda.is_available())
            throw new EncoderException($"There is no {device} here: this build has libtorch for the processor alone, or the machine has no such device; docs/embeddings.md says how to build for one.");
        var found = new Device(device);
        return found.index < cuda.device_count() ? found : throw new EncoderException($"There is no {device} here; the machine has {cuda.device_count()} of them, counted from 0.");
    }

    private static float LeastCosineOf(float[][] vectors, float[][] expected) => vectors.Zip(expected, (vector, right) => TensorPrimitives.CosineSimilarity(vector, right)).Min();

    private static BertEncoder Weights(string folder, EncoderSettings settings, Device device)
    {
        using var tensors = SafeTensors.Open(folder);
        return BertEncoder.Load(settings, tensors, device);
    }
}
