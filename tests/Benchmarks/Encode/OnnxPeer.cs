using System.Numerics.Tensors;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace AIChat.Benchmarks.Encode;

/// <summary>As people run an encoder with ONNX Runtime: batches of 32 sorted by length, padded to the longest, pooled by their mean, normalised.</summary>
sealed class OnnxPeer : IDisposable
{
    const int Batch = 32;

    readonly InferenceSession _session;

    public OnnxPeer(string path, int threads)
    {
        using var options = new SessionOptions { IntraOpNumThreads = threads, InterOpNumThreads = 1 };
        _session = new InferenceSession(path, options);
    }

    public float[][] Encode(IReadOnlyList<int[]> lines)
    {
        var vectors = new float[lines.Count][];
        foreach (var batch in Enumerable.Range(0, lines.Count).OrderBy(line => lines[line].Length).Chunk(Batch))
        {
            var width = batch.Max(line => lines[line].Length);
            var (ids, mask, types) = (new DenseTensor<long>([batch.Length, width]), new DenseTensor<long>([batch.Length, width]), new DenseTensor<long>([batch.Length, width]));
            for (var row = 0; row < batch.Length; row++)
            {
                var line = lines[batch[row]];
                for (var at = 0; at < line.Length; at++)
                    (ids[row, at], mask[row, at]) = (line[at], 1);
            }

            using var answers = _session.Run([NamedOnnxValue.CreateFromTensor("input_ids", ids), NamedOnnxValue.CreateFromTensor("attention_mask", mask), NamedOnnxValue.CreateFromTensor("token_type_ids", types)]);
            var hidden = (DenseTensor<float>)answers[0].Value;
            var size = hidden.Dimensions[2];
            var all = hidden.Buffer.Span;
            for (var row = 0; row < batch.Length; row++)
            {
                var pooled = new float[size];
                for (var at = 0; at < lines[batch[row]].Length; at++)
                    TensorPrimitives.Add(pooled, all.Slice(((row * width) + at) * size, size), pooled);
                TensorPrimitives.Divide(pooled, TensorPrimitives.Norm<float>(pooled), pooled);
                vectors[batch[row]] = pooled;
            }
        }

        return vectors;
    }

    public void Dispose() => _session.Dispose();
}
