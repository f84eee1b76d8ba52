using AIChat.Infrastructure.Topics.Linking;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace AIChat.Evaluation.Training;

/// <summary>Trains one network of <see cref="LinkModel"/>.</summary>
internal sealed class LinkTrainer : IDisposable
{
    private const int Hidden = 128, Second = 64, Batch = 64;
    private const int Inputs = LinkFeatures.OfLine + LinkFeatures.OfCandidate + LinkFeatures.OfPair;
    private const double Rate = 1.5e-3, Decay = 1e-4;

    private readonly Linear _first, _second, _odds, _opensFirst, _opens;
    private readonly Dropout _dropout = Dropout(0.1);

    public LinkTrainer(int seed)
    {
        manual_seed(seed);
        _first = Linear(Inputs, Hidden);
        _second = Linear(Hidden, Second);
        _odds = Linear(Second, 2);
        _opensFirst = Linear(LinkFeatures.OfLine, Second);
        _opens = Linear(Second, 1);
    }

    private IEnumerable<Linear> Layers => [_first, _second, _odds, _opensFirst, _opens];

    public void Dispose()
    {
        foreach (var layer in Layers)
            layer.Dispose();
        _dropout.Dispose();
    }

    /// <param name="samples">What to learn from.</param>
    /// <param name="epochs">How often.</param>
    /// <param name="seed">Of the order in which they come.</param>
    /// <param name="report">Told the epoch and its mean loss.</param>
    public void Train(IReadOnlyList<Sample> samples, int epochs, int seed, Action<int, double> report)
    {
        using var optimizer = optim.AdamW(Layers.SelectMany(layer => layer.parameters()), Rate, weight_decay: Decay);
        var chance = new Random(seed);
        var order = Enumerable.Range(0, samples.Count).ToArray();
        var steps = epochs * ((samples.Count + Batch - 1) / Batch);
        var step = 0;
        _dropout.train();
        for (var epoch = 0; epoch < epochs; epoch++)
        {
            chance.Shuffle(order);
            var sum = 0.0;
            for (var from = 0; from < order.Length; from += Batch, step++)
            {
                using var scope = NewDisposeScope();
                foreach (var group in optimizer.ParamGroups)
                    group.LearningRate = Rate * Math.Min(1, (step + 1) / 200.0) * 0.5 * (1 + Math.Cos(Math.PI * step / steps));
                var batch = order[from..Math.Min(order.Length, from + Batch)].Select(at => samples[at]).ToArray();
                optimizer.zero_grad();
                var loss = Loss(batch);
                loss.backward();
                optimizer.step();
                sum += loss.item<float>() * batch.Length;
            }

            report(epoch, sum / samples.Count);
        }
    }

    /// <summary>Mean loss over samples, without learning.</summary>
    public double Validate(IReadOnlyList<Sample> samples)
    {
        using var inference = no_grad();
        _dropout.eval();
        var sum = 0.0;
        foreach (var batch in samples.Chunk(Batch))
        {
            using var scope = NewDisposeScope();
            sum += Loss(batch).item<float>() * batch.Length;
        }

        _dropout.train();
        return sum / samples.Count;
    }

    /// <summary>
    /// −ln P(one of the lines answered) where people linked, −ln P(one of its conversation) everywhere, and the cross entropy of "same conversation" over the
    /// candidates of which it is known.
    /// </summary>
    private Tensor Loss(Sample[] batch)
    {
        const float never = -1e4f;
        const int width = RoomMemory.Candidates;
        var size = batch.Length;
        var pairs = new float[size * width * LinkFeatures.OfPair];
        var candidates = new float[size * width * LinkFeatures.OfCandidate];
        var (absent, notAnswered, notSame) = (new float[size * (width + 1)], new float[size * (width + 1)], new float[size * (width + 1)]);
        var (same, known, linked) = (new float[size * width], new float[size * width], new float[size]);
        for (var b = 0; b < size; b++)
        {
            var sample = batch[b];
            var count = sample.Candidates.Length;
            for (var k = 0; k < sample.Pairs.Length; k++)
                pairs[(b * width * LinkFeatures.OfPair) + k] = (float)sample.Pairs[k];
            var knownCount = sample.Same.Count(one => one >= 0);
            var any = sample.Same.Contains((sbyte)1);
            for (var n = 0; n < width; n++)
            {
                var at = (b * (width + 1)) + n;
                absent[at] = n < count ? 0 : never;
                notAnswered[at] = n < count && sample.Answers[n] ? 0 : never;
                notSame[at] = n < count && sample.Same[n] == 1 ? 0 : never;
                if (n >= count)
                    continue;
                sample.Candidates[n].CopyTo(candidates, ((b * width) + n) * LinkFeatures.OfCandidate);
                same[(b * width) + n] = sample.Same[n] == 1 ? 1 : 0;
                known[(b * width) + n] = sample.Same[n] >= 0 ? 1f / knownCount : 0;
            }

            var last = (b * (width + 1)) + width;
            notAnswered[last] = sample.Opens ? 0 : never;
            notSame[last] = sample.Opens && !any ? 0 : never;
            if (!any && !sample.Opens)
                notAnswered.AsSpan(b * (width + 1), width + 1).CopyTo(notSame.AsSpan(b * (width + 1)));
            linked[b] = sample.HasLinks ? 1 : 0;
        }

        var line = tensor(batch.SelectMany(sample => sample.Line).ToArray(), size, LinkFeatures.OfLine);
        var (logits, odds) = Forward(line, tensor(candidates, size * width, LinkFeatures.OfCandidate), tensor(pairs, size * width, LinkFeatures.OfPair), size);
        var all = cat([logits, _opens.forward(functional.relu(_opensFirst.forward(line)))], 1) + tensor(absent, size, width + 1);
        var chances = functional.log_softmax(all, 1);
        var answers = logsumexp(chances + tensor(notAnswered, size, width + 1), 1) * from_array(linked);
        var belongs = logsumexp(chances + tensor(notSame, size, width + 1), 1);
        var target = tensor(same, size, width);
        var pairLoss = (functional.binary_cross_entropy_with_logits(odds, target, reduction: nn.Reduction.None) * tensor(known, size, width)).sum() / size;
        return -(answers.mean() + (0.5 * belongs.mean())) + (2 * pairLoss);
    }

    private (Tensor Links, Tensor Same) Forward(Tensor line, Tensor candidates, Tensor pairs, int size)
    {
        // The first layer's product is taken in three parts, so that a line's own share is made once for all its candidates.
        var weight = _first.weight!;
        var (ofLine, ofCandidate) = (LinkFeatures.OfLine, LinkFeatures.OfLine + LinkFeatures.OfCandidate);
        var mine = functional.linear(line, weight.slice(1, 0, ofLine, 1), _first.bias).unsqueeze(1);
        var theirs = functional.linear(candidates, weight.slice(1, ofLine, ofCandidate, 1)) + functional.linear(pairs, weight.slice(1, ofCandidate, Inputs, 1));
        var hidden = functional.relu(mine + theirs.view(size, RoomMemory.Candidates, Hidden));
        var both = _odds.forward(_dropout.forward(functional.relu(_second.forward(_dropout.forward(hidden)))));
        return (both.select(2, 0), both.select(2, 1));
    }

    /// <summary>Writes the layers as <see cref="Layer.Read"/> takes them.</summary>
    public void Write(BinaryWriter writer)
    {
        foreach (var layer in Layers)
            WriteLayer(writer, layer);
    }

    public static void WriteLayer(BinaryWriter writer, Linear layer)
    {
        using var scope = NewDisposeScope();
        var (outputs, inputs) = ((int)layer.weight!.shape[0], (int)layer.weight.shape[1]);
        writer.Write(inputs);
        writer.Write(outputs);
        foreach (var value in layer.weight.detach().t().contiguous().data<float>().ToArray())
            writer.Write((Half)value);
        foreach (var value in layer.bias!.detach().data<float>().ToArray())
            writer.Write((Half)value);
    }
}
