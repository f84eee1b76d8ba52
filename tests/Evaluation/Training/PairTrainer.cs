using AIChat.Infrastructure.Topics.Linking;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace AIChat.Evaluation.Training;

/// <summary>Trains a <see cref="PairScorer"/> by logistic regression loss over pairs; inputs are standardised, and the scale is folded into the first layer when it is written.</summary>
internal sealed class PairTrainer : IDisposable
{
    private const int First = 64, Second = 32, Batch = 1024;
    private const double Rate = 2e-3, Decay = 1e-2;

    private readonly int _inputs;
    private readonly Linear _first, _second, _odds;
    private readonly Dropout _dropout = Dropout(0.12);
    private readonly Input _values, _labels, _weights;
    private float[] _means = [], _deviations = [];

    public PairTrainer(int width, int seed)
    {
        manual_seed(seed);
        _inputs = (2 * WindowPairs.OfLine) + width;
        _first = Linear(_inputs, First);
        _second = Linear(First, Second);
        _odds = Linear(Second, 1);
        (_values, _labels, _weights) = (new Input(Batch, _inputs), new Input(Batch), new Input(Batch));
    }

    private IEnumerable<Linear> Layers => [_first, _second, _odds];

    public void Dispose()
    {
        foreach (var layer in Layers)
            layer.Dispose();
        _dropout.Dispose();
        foreach (var input in (Input[])[_values, _labels, _weights])
            input.Dispose();
    }

    public void Train(PairSamples samples, int epochs, int seed, Action<int, double> report)
    {
        Standardise(samples, seed);
        new TrainingLoop(Rate, Decay, Batch, WarmUp: 100).Run(Layers.SelectMany(layer => layer.parameters()), samples.Count, epochs, seed, (batch, _) => Loss(samples, batch), report);
    }

    private (Tensor Loss, double Weight) Loss(PairSamples samples, int[] batch)
    {
        var weight = Fill(samples, batch);
        var hidden = functional.relu(_first.forward(_values.Rows(batch.Length)));
        var odds = _odds.forward(_dropout.forward(functional.relu(_second.forward(_dropout.forward(hidden))))).squeeze(1);
        return ((functional.binary_cross_entropy_with_logits(odds, _labels.Rows(batch.Length), reduction: nn.Reduction.None) * _weights.Rows(batch.Length)).sum() / weight, weight);
    }

    /// <summary>Writes the layers in the format of <see cref="DenseLayer.Read"/>; W·(x − mean)/deviation + b is written as (W/deviation)·x + (b − W·mean/deviation).</summary>
    public void Write(BinaryWriter writer)
    {
        using var scope = NewDisposeScope();
        using var folded = Linear(_inputs, First);
        var scale = 1 / tensor(_deviations);
        using (no_grad())
        {
            folded.weight!.copy_(_first.weight! * scale);
            folded.bias!.copy_(_first.bias! - _first.weight!.mv(tensor(_means) * scale));
        }

        LinkTrainer.WriteLayer(writer, folded);
        LinkTrainer.WriteLayer(writer, _second);
        LinkTrainer.WriteLayer(writer, _odds);
    }

    private void Standardise(PairSamples samples, int seed)
    {
        const int drawn = 100_000;
        var chance = new Random(seed);
        var (sums, squares, inputs) = (new double[_inputs], new double[_inputs], new float[_inputs]);
        for (var draw = 0; draw < drawn; draw++)
        {
            samples.CopyTo(chance.Next(samples.Count), inputs);
            for (var i = 0; i < _inputs; i++)
            {
                sums[i] += inputs[i];
                squares[i] += inputs[i] * (double)inputs[i];
            }
        }

        _means = [.. sums.Select(sum => (float)(sum / drawn))];
        _deviations = [.. squares.Select((square, i) => (float)Math.Sqrt(Math.Max(0, (square / drawn) - (_means[i] * (double)_means[i]))) + 0.05f)];
    }

    private float Fill(PairSamples samples, ReadOnlySpan<int> batch)
    {
        var sum = 0f;
        for (var b = 0; b < batch.Length; b++)
        {
            var row = _values.Values.AsSpan(b * _inputs, _inputs);
            var (same, weight) = samples.CopyTo(batch[b], row);
            for (var i = 0; i < _inputs; i++)
                row[i] = (row[i] - _means[i]) / _deviations[i];
            (_labels.Values[b], _weights.Values[b]) = (same ? 1 : 0, weight);
            sum += weight;
        }

        return sum;
    }
}
