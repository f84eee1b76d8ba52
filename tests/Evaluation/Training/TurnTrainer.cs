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

    public void Train(IReadOnlyList<TurnSample> samples, int epochs, int seed, Action<int, double> report)
    {
        using var optimizer = optim.AdamW([.. _hidden.parameters(), .. _logits.parameters()], Rate, weight_decay: Decay);
        var chance = new Random(seed);
        var order = Enumerable.Range(0, samples.Count).ToArray();
        var steps = epochs * ((samples.Count + Batch - 1) / Batch);
        var step = 0;
        for (var epoch = 0; epoch < epochs; epoch++)
        {
            chance.Shuffle(order);
            var sum = 0.0;
            for (var from = 0; from < order.Length; from += Batch, step++)
            {
                using var scope = NewDisposeScope();
                foreach (var group in optimizer.ParamGroups)
                    group.LearningRate = Rate * Math.Min(1, (step + 1) / 100.0) * 0.5 * (1 + Math.Cos(Math.PI * step / steps));
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
