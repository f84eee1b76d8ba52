using System.Diagnostics;
using AIChat.Infrastructure.Topics.Tensors;
using TorchSharp;
using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace AIChat.Infrastructure.Topics.Encoders;

/// <summary>
/// A BERT or RoBERTa (Devlin et al. 2019; Liu et al. 2019) without dropout and heads. The lines of a batch lie end to end, so that no product has padding in it; only attention is by
/// line, and lines of one length attend together. Query, key and value are one product.
/// </summary>
internal sealed class BertEncoder : IDisposable
{
    private readonly EncoderSettings _settings;
    private readonly WordTable _words;
    private readonly Tensor _places;
    private readonly Norm _opening;
    private readonly Layer[] _layers;

    private BertEncoder(EncoderSettings settings, WordTable words, Tensor places, Norm opening, Layer[] layers)
        => (_settings, _words, _places, _opening, _layers) = (settings, words, places, opening, layers);

    public bool IsOnProcessor => _places.device_type == DeviceType.CPU;

    /// <exception cref="EncoderException">A tensor is missing, or is not what <c>config.json</c> says.</exception>
    public static BertEncoder Load(EncoderSettings settings, SafeTensors tensors, Device device)
    {
        using var scope = NewDisposeScope();
        using var still = no_grad();
        const string anchor = "embeddings.word_embeddings.weight";
        var prefix = tensors.Names.FirstOrDefault(name => name.EndsWith(anchor, StringComparison.Ordinal))?[..^anchor.Length] ?? string.Empty;
        var (width, inner) = (settings.Width, settings.Inner);

        // Every token is of the first type, so that its vector goes into the places' own.
        var types = Read("embeddings.token_type_embeddings.weight", settings.Types, width);
        var places = Read("embeddings.position_embeddings.weight", settings.Positions, width).add(types[0]);
        var layers = new Layer[settings.Layers];
        for (var i = 0; i < layers.Length; i++)
        {
            var at = $"encoder.layer.{i}.";
            var asked = new[] { "query", "key", "value" };
            layers[i] = new Layer(
                new Linear(cat([.. asked.Select(name => Read($"{at}attention.self.{name}.weight", width, width))]), cat([.. asked.Select(name => Read($"{at}attention.self.{name}.bias", width))])),
                Weights(at + "attention.output.dense", width, width),
                NormOf(at + "attention.output.LayerNorm"),
                Weights(at + "intermediate.dense", inner, width),
                Weights(at + "output.dense", width, inner),
                NormOf(at + "output.LayerNorm"));
        }

        var encoder = new BertEncoder(settings, tensors.Table(prefix + anchor, settings.Vocabulary, width), places, NormOf("embeddings.LayerNorm"), layers);
        foreach (var weight in encoder.All())
            weight.MoveToOuterDisposeScope();
        return encoder;

        Tensor Read(string name, params long[] shape) => tensors.Read(prefix + name, shape).to(device);
        Linear Weights(string name, long to, long from) => new(Read(name + ".weight", to, from), Read(name + ".bias", to));
        Norm NormOf(string name) => new(Read(name + ".weight", width), Read(name + ".bias", width), settings.Epsilon);
    }

    public void Dispose()
    {
        _words.Dispose();
        foreach (var weight in All())
            weight.Dispose();
    }

    /// <summary>The same by other products; this one is used up, tensor by tensor, so that the weights are never there twice.</summary>
    public BertEncoder To(Products products)
    {
        using var still = no_grad();
        return new BertEncoder(_settings, _words, Turned(_places), _opening.Turn(Turned), Array.ConvertAll(_layers, layer => layer.Turn(Turned, products.ByOneDnn ? Packed : null)));

        Tensor Turned(Tensor weight) => InPlaceOf(weight, weight.to(products.Type));

        Tensor Packed(Tensor weight) => InPlaceOf(weight, OneDnn.Pack(weight));

        static Tensor InPlaceOf(Tensor former, Tensor turned)
        {
            former.Dispose();
            return turned.DetachFromDisposeScope();
        }
    }

    /// <summary>How long a layer takes for lines of a usual chat by such products; the best of a few.</summary>
    public TimeSpan TimeOf(Products products)
    {
        var (count, length, tries) = (IsOnProcessor ? 32 : 1024, 16, 3);
        using var scope = NewDisposeScope();
        using var inference = inference_mode();
        var turned = _layers[0].Turn(weight => weight.to(products.Type), products.ByOneDnn ? OneDnn.Pack : null);
        var x = ones(count * length, _settings.Width).to(_places.device).to(products.Type);
        var best = TimeSpan.MaxValue;
        for (var i = 0; i < tries; i++)
        {
            var began = Stopwatch.GetTimestamp();
            using (var done = Run(turned, x, [new Group(length, count)]))
            {
                // A device answers before it has counted; what is asked for one of its numbers waits.
                _ = done[0, 0].ToSingle();
                var took = Stopwatch.GetElapsedTime(began);
                best = took < best ? took : best;
            }
        }

        return best;
    }

    /// <summary>One pooled vector for each line.</summary>
    /// <param name="lines">Token numbers, 1 to <see cref="EncoderSettings.MaxTokens"/> each.</param>
    public float[][] Encode(IReadOnlyList<int[]> lines)
    {
        using var scope = NewDisposeScope();
        using var inference = inference_mode();
        var order = Enumerable.Range(0, lines.Count).OrderBy(line => lines[line].Length).ToArray();
        var groups = order.GroupBy(line => lines[line].Length).Select(group => new Group(group.Key, group.Count())).ToArray();
        var ids = order.SelectMany(line => lines[line]).ToArray();
        var positions = order.SelectMany(line => Enumerable.Range(_settings.FirstPosition, lines[line].Length)).Select(position => (long)position).ToArray();
        var x = _opening.Of(_words.Rows(ids).to(_places.device).to(_places.dtype).add_(_places.index_select(0, tensor(positions).to(_places.device))));
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

    private IEnumerable<Tensor> All() => [_places, .. _opening.All, .. _layers.SelectMany(layer => layer.All)];

    private Tensor Run(Layer layer, Tensor x, Group[] groups)
    {
        var asked = layer.Asked.Of(x);
        var heard = new Tensor[groups.Length];
        var from = 0L;
        for (var i = 0; i < groups.Length; i++)
        {
            var (length, count) = groups[i];
            var rows = (long)length * count;
            var parts = asked.narrow(0, from, rows).view(count, length, 3, _settings.Heads, _settings.Width / _settings.Heads).permute(2, 0, 3, 1, 4);
            heard[i] = Attend(parts).transpose(1, 2).reshape(rows, _settings.Width);
            from += rows;
        }

        var attended = layer.Attended.Of(layer.Told.Of(heard.Length == 1 ? heard[0] : cat(heard)).add_(x));
        return layer.Done.Of(layer.Down.Of(F.gelu(layer.Up.Of(attended))).add_(attended));
    }

    /// <summary>What each token hears of its line. In short numbers a device plans anew for each count and length of lines (cuDNN, about a second each), so that it attends in F32, which needs no plan.</summary>
    private Tensor Attend(Tensor parts)
    {
        var exact = !IsOnProcessor && parts.dtype != ScalarType.Float32;
        var each = (exact ? parts.to(ScalarType.Float32) : parts).unbind(0);
        var heard = F.scaled_dot_product_attention(each[0], each[1], each[2]);
        return exact ? heard.to(parts.dtype) : heard;
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
        public Tensor Of(Tensor x) => IsPacked ? OneDnn.Linear(x, Weight, Bias) : F.linear(x, Weight, Bias);

        public Linear Turn(Func<Tensor, Tensor> turned, Func<Tensor, Tensor>? packed)
            => packed is null ? new(turned(Weight), turned(Bias)) : new(packed(turned(Weight)), turned(Bias), IsPacked: true);
    }

    private sealed record Norm(Tensor Weight, Tensor Bias, double Epsilon)
    {
        public IEnumerable<Tensor> All => [Weight, Bias];

        public Tensor Of(Tensor x) => F.layer_norm(x, [Weight.shape[0]], Weight, Bias, Epsilon);

        public Norm Turn(Func<Tensor, Tensor> turned) => new(turned(Weight), turned(Bias), Epsilon);
    }

    private sealed record Layer(Linear Asked, Linear Told, Norm Attended, Linear Up, Linear Down, Norm Done)
    {
        public IEnumerable<Tensor> All => [Asked.Weight, Asked.Bias, Told.Weight, Told.Bias, .. Attended.All, Up.Weight, Up.Bias, Down.Weight, Down.Bias, .. Done.All];

        public Layer Turn(Func<Tensor, Tensor> turned, Func<Tensor, Tensor>? packed)
            => new(Asked.Turn(turned, packed), Told.Turn(turned, packed), Attended.Turn(turned), Up.Turn(turned, packed), Down.Turn(turned, packed), Done.Turn(turned));
    }
}
