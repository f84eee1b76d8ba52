using System.Diagnostics;
using AIChat.Infrastructure.Topics.Tensors;
using TorchSharp;
using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace AIChat.Infrastructure.Topics.Encoders;

/// <summary>
/// A BERT or RoBERTa encoder (Devlin et al. 2019; Liu et al. 2019) without dropout and task heads. The lines of a batch are concatenated, so that no product has padding;
/// attention runs over groups of lines of equal length. Query, key and value are one product.
/// </summary>
internal sealed class BertEncoder : IDisposable
{
    private readonly EncoderSettings _settings;
    private readonly WordTable _words;
    private readonly Tensor _positions;
    private readonly Norm _embeddingNorm;
    private readonly Layer[] _layers;

    private BertEncoder(EncoderSettings settings, WordTable words, Tensor positionTable, Norm embeddingNorm, Layer[] layers)
        => (_settings, _words, _positions, _embeddingNorm, _layers) = (settings, words, positionTable, embeddingNorm, layers);

    public bool IsOnProcessor => _positions.device_type == DeviceType.CPU;

    /// <exception cref="EncoderException">A tensor is missing, or is not what <c>config.json</c> says.</exception>
    public static BertEncoder Load(EncoderSettings settings, SafeTensors tensors, Device device)
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        const string anchor = "embeddings.word_embeddings.weight";
        var prefix = tensors.Names.FirstOrDefault(name => name.EndsWith(anchor, StringComparison.Ordinal))?[..^anchor.Length] ?? string.Empty;
        var (width, inner) = (settings.Width, settings.Inner);

        // Every token has the first type, so the type's vector is added to the positions'.
        var types = Read("embeddings.token_type_embeddings.weight", settings.Types, width);
        var positionTable = Read("embeddings.position_embeddings.weight", settings.Positions, width).add(types[0]);
        var layers = new Layer[settings.Layers];
        for (var i = 0; i < layers.Length; i++)
        {
            var at = $"encoder.layer.{i}.";
            var parts = new[] { "query", "key", "value" };
            layers[i] = new Layer(
                new Linear(cat([.. parts.Select(name => Read($"{at}attention.self.{name}.weight", width, width))]), cat([.. parts.Select(name => Read($"{at}attention.self.{name}.bias", width))])),
                LinearOf(at + "attention.output.dense", width, width),
                NormOf(at + "attention.output.LayerNorm"),
                LinearOf(at + "intermediate.dense", inner, width),
                LinearOf(at + "output.dense", width, inner),
                NormOf(at + "output.LayerNorm"));
        }

        var encoder = new BertEncoder(settings, tensors.Table(prefix + anchor, settings.Vocabulary, width), positionTable, NormOf("embeddings.LayerNorm"), layers);
        foreach (var weight in encoder.All())
            weight.MoveToOuterDisposeScope();
        return encoder;

        Tensor Read(string name, params long[] shape) => tensors.Read(prefix + name, shape).to(device);
        Linear LinearOf(string name, long to, long from) => new(Read(name + ".weight", to, from), Read(name + ".bias", to));
        Norm NormOf(string name) => new(Read(name + ".weight", width), Read(name + ".bias", width), settings.Epsilon);
    }

    public void Dispose()
    {
        _words.Dispose();
        foreach (var weight in All())
            weight.Dispose();
    }

    /// <summary>Converts the encoder to other products. This one is consumed, tensor by tensor, so that the weights are never in memory twice.</summary>
    public BertEncoder To(Products products)
    {
        using var noGradient = no_grad();
        return new BertEncoder(_settings, _words, Converted(_positions), _embeddingNorm.Convert(Converted), Array.ConvertAll(_layers, layer => layer.Convert(Converted, products.ByOneDnn ? Pack : null)));

        Tensor Converted(Tensor weight) => InPlaceOf(weight, weight.to(products.Type));

        Tensor Pack(Tensor weight) => InPlaceOf(weight, OneDnn.Pack(weight));

        static Tensor InPlaceOf(Tensor former, Tensor converted)
        {
            former.Dispose();
            return converted.DetachFromDisposeScope();
        }
    }

    /// <summary>Time of one layer with such products for a batch of short lines; the best of three.</summary>
    public TimeSpan TimeOf(Products products)
    {
        var (count, length, tries) = (IsOnProcessor ? 32 : 1024, 16, 3);
        using var scope = NewDisposeScope();
        using var inference = inference_mode();
        var converted = _layers[0].Convert(weight => weight.to(products.Type), products.ByOneDnn ? OneDnn.Pack : null);
        var x = ones(count * length, _settings.Width).to(_positions.device).to(products.Type);
        var best = TimeSpan.MaxValue;
        for (var i = 0; i < tries; i++)
        {
            var began = Stopwatch.GetTimestamp();
            using (var output = Run(converted, x, [new Group(length, count)]))
            {
                // A device computes asynchronously; reading a value waits for the result.
                _ = output[0, 0].ToSingle();
                var took = Stopwatch.GetElapsedTime(began);
                best = took < best ? took : best;
            }
        }

        return best;
    }

    /// <summary>[lines][width]: one pooled vector for each line.</summary>
    /// <param name="lines">Token ids, 1 to <see cref="EncoderSettings.MaxTokens"/> each.</param>
    public float[][] Encode(IReadOnlyList<int[]> lines)
    {
        using var scope = NewDisposeScope();
        using var inference = inference_mode();
        var order = Enumerable.Range(0, lines.Count).OrderBy(line => lines[line].Length).ToArray();
        var groups = order.GroupBy(line => lines[line].Length).Select(group => new Group(group.Key, group.Count())).ToArray();
        var ids = order.SelectMany(line => lines[line]).ToArray();
        var positions = order.SelectMany(line => Enumerable.Range(_settings.FirstPosition, lines[line].Length)).Select(position => (long)position).ToArray();
        var x = _embeddingNorm.Apply(_words.Rows(ids).to(_positions.device).to(_positions.dtype).add_(_positions.index_select(0, tensor(positions).to(_positions.device))));
        foreach (var layer in _layers)
        {
            using var layerScope = NewDisposeScope();
            x = Run(layer, x, groups).MoveToOuterDisposeScope();
        }

        var vectors = new float[lines.Count][];
        var pooled = Pool(x.to(ScalarType.Float32), groups).cpu();
        var values = pooled.data<float>().ToArray();
        for (var i = 0; i < order.Length; i++)
            vectors[order[i]] = values[(i * _settings.Width)..((i + 1) * _settings.Width)];
        return vectors;
    }

    private IEnumerable<Tensor> All() => [_positions, .. _embeddingNorm.All, .. _layers.SelectMany(layer => layer.All)];

    private Tensor Run(Layer layer, Tensor x, Group[] groups)
    {
        var projected = layer.QueryKeyValue.Apply(x);
        var attention = new Tensor[groups.Length];
        var from = 0L;
        for (var i = 0; i < groups.Length; i++)
        {
            var (length, count) = groups[i];
            var rows = (long)length * count;
            var parts = projected.narrow(0, from, rows).view(count, length, 3, _settings.Heads, _settings.Width / _settings.Heads).permute(2, 0, 3, 1, 4);
            attention[i] = Attend(parts).transpose(1, 2).reshape(rows, _settings.Width);
            from += rows;
        }

        var attended = layer.AttentionNorm.Apply(layer.AttentionOutput.Apply(attention.Length == 1 ? attention[0] : cat(attention)).add_(x));
        return layer.OutputNorm.Apply(layer.Down.Apply(F.gelu(layer.Up.Apply(attended))).add_(attended));
    }

    /// <summary>Scaled dot-product attention within each line. On a device it runs in F32: in BF16, cuDNN makes a plan for each number and length of lines, which takes about a second.</summary>
    private Tensor Attend(Tensor parts)
    {
        var inF32 = !IsOnProcessor && parts.dtype != ScalarType.Float32;
        var each = (inF32 ? parts.to(ScalarType.Float32) : parts).unbind(0);
        var attention = F.scaled_dot_product_attention(each[0], each[1], each[2]);
        return inF32 ? attention.to(parts.dtype) : attention;
    }

    private Tensor Pool(Tensor x, Group[] groups)
    {
        var from = 0L;
        var pooled = new Tensor[groups.Length];
        for (var i = 0; i < groups.Length; i++)
        {
            var (length, count) = groups[i];
            var lines = x.narrow(0, from, (long)length * count).view(count, length, _settings.Width);
            pooled[i] = _settings.Pooling switch
            {
                Pooling.Cls => lines.select(1, 0),
                Pooling.Max => lines.amax([1]),
                _ => lines.mean([1]),
            };
            from += (long)length * count;
        }

        var all = cat(pooled);
        return _settings.IsNormalised ? F.normalize(all) : all;
    }

    private readonly record struct Group(int Length, int Count);

    private sealed record Linear(Tensor Weight, Tensor Bias, bool IsPacked = false)
    {
        public Tensor Apply(Tensor x) => IsPacked ? OneDnn.Linear(x, Weight, Bias) : F.linear(x, Weight, Bias);

        public Linear Convert(Func<Tensor, Tensor> convert, Func<Tensor, Tensor>? pack)
            => pack is null ? new(convert(Weight), convert(Bias)) : new(pack(convert(Weight)), convert(Bias), IsPacked: true);
    }

    private sealed record Norm(Tensor Weight, Tensor Bias, double Epsilon)
    {
        public IEnumerable<Tensor> All => [Weight, Bias];

        public Tensor Apply(Tensor x) => F.layer_norm(x, [Weight.shape[0]], Weight, Bias, Epsilon);

        public Norm Convert(Func<Tensor, Tensor> convert) => new(convert(Weight), convert(Bias), Epsilon);
    }

    private sealed record Layer(Linear QueryKeyValue, Linear AttentionOutput, Norm AttentionNorm, Linear Up, Linear Down, Norm OutputNorm)
    {
        public IEnumerable<Tensor> All => [QueryKeyValue.Weight, QueryKeyValue.Bias, AttentionOutput.Weight, AttentionOutput.Bias, .. AttentionNorm.All, Up.Weight, Up.Bias, Down.Weight, Down.Bias, .. OutputNorm.All];

        public Layer Convert(Func<Tensor, Tensor> convert, Func<Tensor, Tensor>? pack)
            => new(QueryKeyValue.Convert(convert, pack), AttentionOutput.Convert(convert, pack), AttentionNorm.Convert(convert), Up.Convert(convert, pack), Down.Convert(convert, pack), OutputNorm.Convert(convert));
    }
}
