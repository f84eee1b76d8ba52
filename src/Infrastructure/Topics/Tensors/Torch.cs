using static TorchSharp.torch;

namespace AIChat.Infrastructure.Topics.Tensors;

/// <summary>
/// Entry to libtorch, which is large and is loaded at the first use of this class; a process without batch work stays small and starts fast.
/// </summary>
internal static class Torch
{
    /// <summary>Rows of one product; bounds the memory of a call.</summary>
    private const int Block = 512;

    static Torch()
    {
        // libtorch reads these settings when it is loaded.
        Allocator.LimitCaches();

        // A second intra-op thread on a busy machine makes these products slower.
        set_num_threads(1);
    }

    /// <summary>Sets the threads of one product, for the whole process.</summary>
    public static void UseThreads(int count) => set_num_threads(count);

    /// <summary>Inner products of every row of one matrix with every row of another, in blocks.</summary>
    /// <param name="rows">[n, d], row by row.</param>
    /// <param name="others">[m, d], row by row.</param>
    /// <param name="width">d.</param>
    /// <param name="take">Called with the index of the first row and the products [b, m] of b ≤ 512 rows.</param>
    /// <param name="cancellation">Stops between blocks.</param>
    public static void Products(float[] rows, float[] others, int width, Action<int, float[]> take, CancellationToken cancellation)
    {
        using var scope = NewDisposeScope();
        using var inference = inference_mode();
        var transposed = tensor(others, others.Length / width, width).t();
        var count = rows.Length / width;
        for (var from = 0; from < count; from += Block)
        {
            cancellation.ThrowIfCancellationRequested();
            using var blockScope = NewDisposeScope();
            var size = Math.Min(Block, count - from);
            var block = tensor(rows.AsMemory(from * width, size * width), [size, width]);
            take(from, block.mm(transposed).data<float>().ToArray());
        }
    }
}
