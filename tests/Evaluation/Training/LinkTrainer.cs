using AIChat.Infrastructure.Topics.Linking;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;
using TensorPrimitives = System.Numerics.Tensors.TensorPrimitives;

namespace AIChat.Evaluation.Training;

/// <summary>Trains one network of <see cref="LinkModel"/>.</summary>
internal sealed class LinkTrainer : IDisposable
{
    private const int Hidden = 96, Second = 48, Batch = 64;

    /// <summary>Candidates of a sample in a training step: the nearest ones, and some drawn from the rest.</summary>
    private const int Width = 48, Nearest = 25, Drawn = 8;

    private const int Inputs = LinkFeatures.OfLine + LinkFeatures.OfCandidate + LinkFeatures.OfPair;
    private const double Rate = 1.5e-3, Decay = 1e-4;

    private readonly Linear _first, _second, _odds, _opensFirst, _opens;
    private readonly IReadOnlySet<int> _ignored;
    private double _right;
    private readonly Dropout _dropout = Dropout(0.1);
    private readonly Input _lines = new(Batch, LinkFeatures.OfLine);
    private readonly Input _pairs = new(Batch, Width, LinkFeatures.OfPair);
    private readonly Input _candidates = new(Batch, Width, LinkFeatures.OfCandidate);
    private readonly Input _absent = new(Batch, Width + 1);
    private readonly Input _notAnswered = new(Batch, Width + 1);
    private readonly Input _notSame = new(Batch, Width + 1);
    private readonly Input _same = new(Batch, Width);
    private readonly Input _known = new(Batch, Width);
    private readonly Input _linked = new(Batch);

    /// <param name="seed">Of the weights at the start.</param>
    /// <param name="ignored">Inputs that are set to 0, counted over the line's, the candidate's and the pair's features.</param>
    public LinkTrainer(int seed, IReadOnlySet<int>? ignored = null)
    {
        _ignored = ignored ?? new HashSet<int>();
        manual_seed(seed);
        _first = Linear(Inputs, Hidden);
        _second = Linear(Hidden, Second);
        _odds = Linear(Second, 3);
        _opensFirst = Linear(LinkFeatures.OfLine, Second);
        _opens = Linear(Second, 2);
    }

    private IEnumerable<Linear> Layers => [_first, _second, _odds, _opensFirst, _opens];

    public void Dispose()
    {
        foreach (var layer in Layers)
            layer.Dispose();
        _dropout.Dispose();
        foreach (var input in (Input[])[_lines, _pairs, _candidates, _absent, _notAnswered, _notSame, _same, _known, _linked])
            input.Dispose();
    }

    /// <param name="samples">The training set.</param>
    /// <param name="epochs">Number of passes over it.</param>
    /// <param name="seed">Of the order of the samples.</param>
    /// <param name="report">Called with the epoch and its mean loss.</param>
    public void Train(IReadOnlyList<LinkSample> samples, int epochs, int seed, Action<int, double> report)
    {
        _dropout.train();
        new TrainingLoop(Rate, Decay, Batch, WarmUp: 200).Run(
            Layers.SelectMany(layer => layer.parameters()), samples.Count, epochs, seed, (batch, chance) => (Loss([.. batch.Select(at => samples[at])], chance), batch.Length), report);
    }

    /// <summary>Mean loss over samples, and the share of those with annotated links whose most likely antecedent is right.</summary>
    public (double Loss, double Right) Validate(IReadOnlyList<LinkSample> samples)
    {
        var chance = new Random(0);
        using var inference = no_grad();
        _dropout.eval();
        var (sum, right) = (0.0, 0.0);
        foreach (var batch in samples.Chunk(Batch))
        {
            using var scope = NewDisposeScope();
            sum += Loss(batch, chance).item<float>() * batch.Length;
            right += _right;
        }

        _dropout.train();
        return (sum / samples.Count, right / samples.Count(sample => sample.HasLinks));
    }

    /// <summary>
    /// −ln P(an annotated antecedent) where links are annotated, −ln P(a line of the same conversation) everywhere, and the cross entropy of "same conversation" over the
    /// candidates with a known conversation.
    /// </summary>
    private Tensor Loss(LinkSample[] batch, Random chance)
    {
        const float never = -1e4f;
        var size = batch.Length;
        var (absent, notAnswered, notSame) = (_absent.Values, _notAnswered.Values, _notSame.Values);
        Array.Fill(absent, never);
        Array.Fill(notAnswered, never);
        Array.Fill(notSame, never);
        Array.Clear(_known.Values);
        for (var b = 0; b < size; b++)
        {
            var sample = batch[b];
            sample.Line.CopyTo(_lines.Values, b * LinkFeatures.OfLine);
            var kept = Kept(sample, chance);
            var any = false;
            for (var n = 0; n < kept.Count; n++)
            {
                var (from, standsFor) = kept[n];
                var (row, at) = ((b * Width) + n, (b * (Width + 1)) + n);
                TensorPrimitives.ConvertToSingle(sample.Pairs.AsSpan(from * LinkFeatures.OfPair, LinkFeatures.OfPair), _pairs.Values.AsSpan(row * LinkFeatures.OfPair));
                sample.Candidates[from].CopyTo(_candidates.Values, row * LinkFeatures.OfCandidate);
                absent[at] = MathF.Log(standsFor);
                notAnswered[at] = sample.Answers[from] ? 0 : never;
                notSame[at] = sample.Same[from] == 1 ? 0 : never;
                any |= sample.Same[from] == 1;
                _same.Values[row] = sample.Same[from] == 1 ? 1 : 0;
                _known.Values[row] = sample.Same[from] >= 0 ? standsFor / sample.Candidates.Length : 0;
            }

            var last = (b * (Width + 1)) + Width;
            absent[last] = 0;
            notAnswered[last] = sample.Opens ? 0 : never;
            notSame[last] = sample.Opens && !any ? 0 : never;
            if (!any && !sample.Opens)
                notAnswered.AsSpan(b * (Width + 1), Width + 1).CopyTo(notSame.AsSpan(b * (Width + 1)));
            _linked.Values[b] = sample.HasLinks ? 1 : 0;
        }

        Ignore(_lines.Values, 0, LinkFeatures.OfLine);
        Ignore(_candidates.Values, LinkFeatures.OfLine, LinkFeatures.OfCandidate);
        Ignore(_pairs.Values, LinkFeatures.OfLine + LinkFeatures.OfCandidate, LinkFeatures.OfPair);
        var line = _lines.Rows(size);
        var (answer, join, odds) = Forward(line, _candidates.Rows(size).view(-1, LinkFeatures.OfCandidate), _pairs.Rows(size).view(-1, LinkFeatures.OfPair), size);
        var opens = _opens.forward(functional.relu(_opensFirst.forward(line)));
        var absences = _absent.Rows(size);
        var answers = Chosen(answer, opens.slice(1, 0, 1, 1), _notAnswered.Rows(size)) * _linked.Rows(size);
        if (!_dropout.training)
            _right = ((cat([answer, opens.slice(1, 0, 1, 1)], 1) + absences + _notAnswered.Rows(size)).max(1).values.eq((cat([answer, opens.slice(1, 0, 1, 1)], 1) + absences).max(1).values).to_type(ScalarType.Float32) * _linked.Rows(size)).sum().item<float>();
        var belongs = Chosen(join, opens.slice(1, 1, 2, 1), _notSame.Rows(size));
        var pairLoss = (functional.binary_cross_entropy_with_logits(odds, _same.Rows(size), reduction: nn.Reduction.None) * _known.Rows(size)).sum() / size;
        return -(answers.mean() + belongs.mean()) + (2 * pairLoss);

        // ln of the share that the right choices have among all.
        Tensor Chosen(Tensor logits, Tensor none, Tensor wrong) => logsumexp(functional.log_softmax(cat([logits, none], 1) + absences, 1) + wrong, 1);
    }

    private void Ignore(float[] values, int first, int width)
    {
        foreach (var input in _ignored.Where(input => input >= first && input < first + width))
        {
            for (var at = input - first; at < values.Length; at += width)
                values[at] = 0;
        }
    }

    /// <summary>
    /// The candidates of a training step: the nearest and all of the line's conversation; of the others a few, each weighted for several.
    /// </summary>
    private static List<(int Candidate, float StandsFor)> Kept(LinkSample sample, Random chance)
    {
        var count = sample.Candidates.Length;
        var kept = new List<(int, float)>(Width);
        var others = new List<int>();
        for (var n = 0; n < count; n++)
        {
            if (n < Nearest || (kept.Count < Width && sample.Answers[n]) || (kept.Count < Width - Drawn && sample.Same[n] == 1))
                kept.Add((n, 1));
            else
                others.Add(n);
        }

        var drawn = Math.Min(others.Count, Width - kept.Count);
        for (var n = 0; n < drawn; n++)
        {
            var from = chance.Next(n, others.Count);
            (others[n], others[from]) = (others[from], others[n]);
            kept.Add((others[n], others.Count / (float)drawn));
        }

        return kept;
    }

    private (Tensor Answer, Tensor Join, Tensor Same) Forward(Tensor line, Tensor candidates, Tensor pairs, int size)
    {
        // The first layer's product is taken in three parts, so that a line's own share is made once for all its candidates.
        var weight = _first.weight!;
        var (ofLine, ofCandidate) = (LinkFeatures.OfLine, LinkFeatures.OfLine + LinkFeatures.OfCandidate);
        var mine = functional.linear(line, weight.slice(1, 0, ofLine, 1), _first.bias).unsqueeze(1);
        var theirs = functional.linear(candidates, weight.slice(1, ofLine, ofCandidate, 1)) + functional.linear(pairs, weight.slice(1, ofCandidate, Inputs, 1));
        var hidden = functional.relu(mine + theirs.view(size, Width, Hidden));
        var both = _odds.forward(_dropout.forward(functional.relu(_second.forward(_dropout.forward(hidden)))));
        return (both.select(2, 0), both.select(2, 1), both.select(2, 2));
    }

    /// <summary>Writes the layers in the format of <see cref="DenseLayer.Read"/>.</summary>
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
