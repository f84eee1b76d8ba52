using AIChat.Infrastructure.Topics.Linking;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace AIChat.Evaluation.Training;

/// <summary>Trains one network of <see cref="ConversationScorer"/>.</summary>
internal sealed class ConversationScorerTrainer : IDisposable
{
    private const int First = 64, Second = 32, Batch = 128, Width = 40;
    private const double Rate = 2e-3, Decay = 1e-4;

    private readonly int _features;
    private readonly Linear _first, _second, _odds;
    private readonly Dropout _dropout = Dropout(0.1);
    private readonly Input _rows, _absent, _wrong;

    public ConversationScorerTrainer(int features, int seed)
    {
        manual_seed(seed);
        _features = features;
        _rows = new Input(Batch, Width, features);
        _absent = new Input(Batch, Width);
        _wrong = new Input(Batch, Width);
        _first = Linear(features, First);
        _second = Linear(First, Second);
        _odds = Linear(Second, 1);
    }

    private IEnumerable<Linear> Layers => [_first, _second, _odds];

    public void Dispose()
    {
        foreach (var layer in Layers)
            layer.Dispose();
        _dropout.Dispose();
        _rows.Dispose();
        _absent.Dispose();
        _wrong.Dispose();
    }

    public void Train(IReadOnlyList<ConversationSample> samples, int epochs, int seed, Action<int, double> report) => new TrainingLoop(Rate, Decay, Batch, WarmUp: 200).Run(
        Layers.SelectMany(layer => layer.parameters()), samples.Count, epochs, seed, (batch, _) => (Loss([.. batch.Select(at => samples[at])]), batch.Length), report);

    private Tensor Loss(ConversationSample[] batch)
    {
        const float never = -1e4f;
        var size = batch.Length;
        Array.Fill(_absent.Values, never);
        Array.Fill(_wrong.Values, never);
        Array.Clear(_rows.Values);
        for (var b = 0; b < size; b++)
        {
            // The conversations spoken in last come first; those beyond are hardly ever right.
            var (rows, right) = (batch[b].Rows, batch[b].Right);
            var kept = Math.Min(right.Length - 1, Width - 1);
            rows.AsSpan(0, kept * _features).CopyTo(_rows.Values.AsSpan(b * Width * _features));
            rows.AsSpan((right.Length - 1) * _features).CopyTo(_rows.Values.AsSpan(((b * Width) + Width - 1) * _features));
            for (var row = 0; row < kept; row++)
            {
                _absent.Values[(b * Width) + row] = 0;
                _wrong.Values[(b * Width) + row] = right[row] ? 0 : never;
            }

            _absent.Values[(b * Width) + Width - 1] = 0;
            _wrong.Values[(b * Width) + Width - 1] = right[^1] || !right.AsSpan(0, kept).Contains(true) ? 0 : never;
        }

        var hidden = functional.relu(_first.forward(_rows.Rows(size)));
        var logits = _odds.forward(_dropout.forward(functional.relu(_second.forward(_dropout.forward(hidden))))).squeeze(2);
        var chances = functional.log_softmax(logits + _absent.Rows(size), 1);
        return -logsumexp(chances + _wrong.Rows(size), 1).mean();
    }

    public void Write(BinaryWriter writer)
    {
        foreach (var layer in Layers)
            LinkTrainer.WriteLayer(writer, layer);
    }
}
