using TorchSharp.Modules;
using static TorchSharp.torch;

namespace AIChat.Evaluation.Training;

/// <summary>AdamW over shuffled batches; the rate rises over the first steps and falls along a cosine to 0.</summary>
/// <param name="Rate">Greatest learning rate.</param>
/// <param name="Decay">Weight decay.</param>
/// <param name="Batch">Samples of a step.</param>
/// <param name="WarmUp">Steps until the greatest rate.</param>
internal sealed record TrainingLoop(double Rate, double Decay, int Batch, int WarmUp)
{
    /// <param name="parameters">What is trained.</param>
    /// <param name="count">Number of samples.</param>
    /// <param name="epochs">Number of passes over them.</param>
    /// <param name="seed">Of the order of the samples and of what <paramref name="lossOf"/> draws.</param>
    /// <param name="lossOf">The mean loss of the samples at these places, and what they weigh together.</param>
    /// <param name="report">Called with the epoch and its mean loss.</param>
    public void Run(IEnumerable<Parameter> parameters, int count, int epochs, int seed, Func<int[], Random, (Tensor Loss, double Weight)> lossOf, Action<int, double> report)
    {
        using var optimizer = optim.AdamW(parameters, Rate, weight_decay: Decay);
        var chance = new Random(seed);
        var order = Enumerable.Range(0, count).ToArray();
        var steps = epochs * ((count + Batch - 1) / Batch);
        var step = 0;
        for (var epoch = 0; epoch < epochs; epoch++)
        {
            chance.Shuffle(order);
            var (sum, weights) = (0.0, 0.0);
            for (var from = 0; from < count; from += Batch, step++)
            {
                using var scope = NewDisposeScope();
                foreach (var group in optimizer.ParamGroups)
                    group.LearningRate = Rate * Math.Min(1, (step + 1) / (double)WarmUp) * 0.5 * (1 + Math.Cos(Math.PI * step / steps));
                optimizer.zero_grad();
                var (loss, weight) = lossOf(order[from..Math.Min(count, from + Batch)], chance);
                loss.backward();
                optimizer.step();
                (sum, weights) = (sum + (loss.item<float>() * weight), weights + weight);
            }

            report(epoch, sum / weights);
        }
    }
}
