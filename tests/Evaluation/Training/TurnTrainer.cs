using AIChat.Infrastructure.Topics.Turns;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace AIChat.Evaluation.Training;

/// <summary>
/// Trains one network of <see cref="TurnModel"/>: the cross entropy of each gap where every turn is marked; elsewhere that of the place where another conversation begins, or none, among all gaps of the talk.
/// </summary>
internal sealed class TurnTrainer : IDisposable
{
    private const int Hidden = 32, Batch = 32, Width = 3 * 60;
    private const double Rate = 3e-3, Decay = 3e-2;
    private const float Never = -1e4f;

    private readonly Linear _hidden, _logits;
    private readonly Dropout _inputDropout = Dropout(0.1), _dropout = Dropout(0.3);
    private readonly Input _rows = new(Batch * Width, TurnFeatures.Count), _places = new(Batch, Width), _absent = new(Batch, Width + 1), _wrong = new(Batch, Width + 1), _turns = new(Batch, Width), _marked = new(Batch, Width);

    public TurnTrainer(int seed)
    {
        manual_seed(seed);
        _hidden = Linear(TurnFeatures.Count, Hidden);
        _logits = Linear(Hidden, 2);
    }

    public void Dispose()
    {
        _hidden.Dispose();
        _logits.Dispose();
        _inputDropout.Dispose();
        _dropout.Dispose();
        foreach (var input in new[] { _rows, _places, _absent, _wrong, _turns, _marked })
            input.Dispose();
    }

    public void Train(IReadOnlyList<TurnSample> samples, int epochs, int seed, Action<int, double> report) => new TrainingLoop(Rate, Decay, Batch, WarmUp: 100).Run(
        [.. _hidden.parameters(), .. _logits.parameters()], samples.Count, epochs, seed, (batch, _) => (Loss([.. batch.Select(at => samples[at])]), batch.Length), report);

    private Tensor Loss(TurnSample[] batch)
    {
        Array.Clear(_places.Values);
        Array.Clear(_turns.Values);
        Array.Clear(_marked.Values);
        Array.Fill(_absent.Values, Never);
        Array.Fill(_wrong.Values, Never);
        var rows = 0;
        for (var b = 0; b < batch.Length; b++)
        {
            var (talk, gaps) = (batch[b].Talk, batch[b].Gaps);
            batch[b].Rows.CopyTo(_rows.Values, rows * TurnFeatures.Count);
            var none = (b * (Width + 1)) + Width;
            _absent.Values[none] = 0;
            _wrong.Values[none] = talk.IsFine || !talk.Begins.Contains(true) ? 0 : Never;
            for (var gap = 0; gap < gaps; gap++)
            {
                var begins = talk.Begins[gap + 1];
                _places.Values[(b * Width) + gap] = rows++;
                _turns.Values[(b * Width) + gap] = begins ? 1 : 0;
                _marked.Values[(b * Width) + gap] = talk.IsFine ? 1 : 0;
                if (talk.IsFine || gap + 1 < TurnTalk.Least || gap + 1 > talk.Lines.Count - TurnTalk.Least)
                    continue;
                _absent.Values[(b * (Width + 1)) + gap] = 0;
                _wrong.Values[(b * (Width + 1)) + gap] = begins ? 0 : Never;
            }
        }

        var size = batch.Length;
        var hidden = _dropout.forward(functional.relu(_hidden.forward(_inputDropout.forward(_rows.Rows(rows)))));
        var logits = _logits.forward(hidden).index_select(0, _places.Rows(size).flatten().to_type(ScalarType.Int64)).view(size, Width, 2);
        var turns = functional.binary_cross_entropy_with_logits(logits.select(2, 0), _turns.Rows(size), reduction: nn.Reduction.None) * _marked.Rows(size);
        var chances = functional.log_softmax(cat([logits.select(2, 1), zeros(size, 1)], 1) + _absent.Rows(size), 1);
        return (turns.sum() / 4 - logsumexp(chances + _wrong.Rows(size), 1).sum()) / size;
    }

    /// <summary>Writes the layers in the format of <see cref="TurnModel.Read"/>.</summary>
    public void Write(BinaryWriter writer)
    {
        LinkTrainer.WriteLayer(writer, _hidden);
        LinkTrainer.WriteLayer(writer, _logits);
    }
}
