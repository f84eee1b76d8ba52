using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace AIChat.Infrastructure.Topics.Linking;

/// <summary>One layer of a network: y = W·x + b, for one x or for many. Plain C#, because one call into libtorch costs more than these few products.</summary>
internal sealed class DenseLayer
{
    /// <summary>Number of rows that are computed together.</summary>
    private const int Rows = 4;

    private readonly int _inputs, _outputs;

    // W transposed, [inputs, outputs], and b.
    private readonly float[] _weights, _bias;

    private DenseLayer(int inputs, int outputs, BinaryReader reader)
    {
        (_inputs, _outputs) = (inputs, RoundUp(outputs, Vector<float>.Count));
        (_weights, _bias) = (new float[inputs * _outputs], new float[_outputs]);
        for (var input = 0; input < inputs; input++)
            ReadHalves(_weights.AsSpan(input * _outputs, outputs));
        ReadHalves(_bias.AsSpan(0, outputs));

        void ReadHalves(Span<float> values)
        {
            foreach (ref var value in values)
                value = (float)reader.ReadHalf();
        }
    }

    /// <summary>Length of x.</summary>
    public int Inputs => _inputs;

    /// <summary>Length of y: the number of outputs, rounded up to whole vectors.</summary>
    public int Outputs => _outputs;

    public static DenseLayer Read(BinaryReader reader)
    {
        var (inputs, outputs) = (reader.ReadInt32(), reader.ReadInt32());
        return new DenseLayer(inputs, outputs, reader);
    }

    /// <summary>x = max(x, 0).</summary>
    public static void Rectify(Span<float> x)
    {
        var vectors = MemoryMarshal.Cast<float, Vector<float>>(x);
        foreach (ref var values in vectors)
            values = Vector.Max(values, Vector<float>.Zero);
        for (var k = vectors.Length * Vector<float>.Count; k < x.Length; k++)
            x[k] = Math.Max(0, x[k]);
    }

    /// <summary>Every y = b.</summary>
    public void SetToBias(Span<float> y)
    {
        for (var from = 0; from < y.Length; from += _outputs)
            _bias.CopyTo(y[from..]);
    }

    /// <summary>y += W·x for a slice of the inputs that starts at input <paramref name="from"/>.</summary>
    public void Add(ReadOnlySpan<float> x, int from, Span<float> y)
    {
        var sums = MemoryMarshal.Cast<float, Vector<float>>(y[.._outputs]);
        for (var k = 0; k < x.Length; k++)
        {
            if (x[k] == 0)
                continue;
            var row = MemoryMarshal.Cast<float, Vector<float>>(_weights.AsSpan((from + k) * _outputs, _outputs));
            var factor = new Vector<float>(x[k]);
            for (var i = 0; i < sums.Length; i++)
                sums[i] = Vector.FusedMultiplyAdd(row[i], factor, sums[i]);
        }
    }

    /// <summary>The same for many x, each a row.</summary>
    /// <param name="x">[count, width]; only as much of a row is read as there are inputs.</param>
    /// <param name="width">Length of a row of <paramref name="x"/>.</param>
    /// <param name="from">The first input.</param>
    /// <param name="y">[count, <see cref="Outputs"/>].</param>
    /// <param name="count">Number of rows.</param>
    public void AddRows(ReadOnlySpan<float> x, int width, int from, Span<float> y, int count)
    {
        Span<int> used = stackalloc int[Math.Min(width, _inputs - from)];
        var inputs = used.Length;
        used = used[..FindUsed(x[..(count * width)], width, used)];
        var row = 0;
        for (; row <= count - Rows; row += Rows)
        {
            var someX = x.Slice(row * width, Rows * width);
            var someY = y.Slice(row * _outputs, Rows * _outputs);
            var output = 0;
            for (; output <= _outputs - (3 * Vector<float>.Count); output += 3 * Vector<float>.Count)
                AddThreeVectors(someX, width, from, used, someY, output);
            for (; output < _outputs; output += Vector<float>.Count)
                AddVector(someX, width, from, used, someY, output);
        }

        for (; row < count; row++)
            Add(x.Slice(row * width, inputs), from, y[(row * _outputs)..]);
    }

    private static int RoundUp(int count, int unit) => (count + unit - 1) / unit * unit;

    /// <summary>Finds the inputs that are not 0 in all rows: many features are, of lines that mention nobody or have no embedding.</summary>
    private static int FindUsed(ReadOnlySpan<float> x, int width, Span<int> used)
    {
        var (count, k) = (0, 0);
        for (; k <= used.Length - Vector<int>.Count; k += Vector<int>.Count)
        {
            var bits = Vector<int>.Zero;
            for (var at = k; at < x.Length; at += width)
                bits |= Vector.AsVectorInt32(Vector.LoadUnsafe(in MemoryMarshal.GetReference(x), (nuint)at));
            for (var i = 0; i < Vector<int>.Count; i++)
            {
                used[count] = k + i;
                count += bits[i] == 0 ? 0 : 1;
            }
        }

        for (; k < used.Length; k++)
        {
            var isUsed = false;
            for (var at = k; at < x.Length; at += width)
                isUsed |= x[at] != 0;
            used[count] = k;
            count += isUsed ? 1 : 0;
        }

        return count;
    }

    /// <summary>Adds to three vectors of each of four rows; their sums stay in registers.</summary>
    private void AddThreeVectors(ReadOnlySpan<float> x, int width, int from, ReadOnlySpan<int> used, Span<float> y, int output)
    {
        var size = (nuint)Vector<float>.Count;
        ref var x0 = ref MemoryMarshal.GetReference(x);
        ref var x1 = ref Unsafe.Add(ref x0, width);
        ref var x2 = ref Unsafe.Add(ref x1, width);
        ref var x3 = ref Unsafe.Add(ref x2, width);
        ref var y0 = ref Unsafe.Add(ref MemoryMarshal.GetReference(y), output);
        ref var y1 = ref Unsafe.Add(ref y0, _outputs);
        ref var y2 = ref Unsafe.Add(ref y1, _outputs);
        ref var y3 = ref Unsafe.Add(ref y2, _outputs);
        var (a0, b0, c0) = (Vector.LoadUnsafe(ref y0), Vector.LoadUnsafe(ref y0, size), Vector.LoadUnsafe(ref y0, 2 * size));
        var (a1, b1, c1) = (Vector.LoadUnsafe(ref y1), Vector.LoadUnsafe(ref y1, size), Vector.LoadUnsafe(ref y1, 2 * size));
        var (a2, b2, c2) = (Vector.LoadUnsafe(ref y2), Vector.LoadUnsafe(ref y2, size), Vector.LoadUnsafe(ref y2, 2 * size));
        var (a3, b3, c3) = (Vector.LoadUnsafe(ref y3), Vector.LoadUnsafe(ref y3, size), Vector.LoadUnsafe(ref y3, 2 * size));
        ref var weights = ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(_weights), (from * _outputs) + output);
        foreach (var k in used)
        {
            ref var weight = ref Unsafe.Add(ref weights, k * _outputs);
            var (a, b, c) = (Vector.LoadUnsafe(ref weight), Vector.LoadUnsafe(ref weight, size), Vector.LoadUnsafe(ref weight, 2 * size));
            var factor = new Vector<float>(Unsafe.Add(ref x0, k));
            (a0, b0, c0) = (Vector.FusedMultiplyAdd(a, factor, a0), Vector.FusedMultiplyAdd(b, factor, b0), Vector.FusedMultiplyAdd(c, factor, c0));
            factor = new Vector<float>(Unsafe.Add(ref x1, k));
            (a1, b1, c1) = (Vector.FusedMultiplyAdd(a, factor, a1), Vector.FusedMultiplyAdd(b, factor, b1), Vector.FusedMultiplyAdd(c, factor, c1));
            factor = new Vector<float>(Unsafe.Add(ref x2, k));
            (a2, b2, c2) = (Vector.FusedMultiplyAdd(a, factor, a2), Vector.FusedMultiplyAdd(b, factor, b2), Vector.FusedMultiplyAdd(c, factor, c2));
            factor = new Vector<float>(Unsafe.Add(ref x3, k));
            (a3, b3, c3) = (Vector.FusedMultiplyAdd(a, factor, a3), Vector.FusedMultiplyAdd(b, factor, b3), Vector.FusedMultiplyAdd(c, factor, c3));
        }

        Store(a0, b0, c0, ref y0);
        Store(a1, b1, c1, ref y1);
        Store(a2, b2, c2, ref y2);
        Store(a3, b3, c3, ref y3);

        static void Store(Vector<float> a, Vector<float> b, Vector<float> c, ref float y)
        {
            a.StoreUnsafe(ref y);
            b.StoreUnsafe(ref y, (nuint)Vector<float>.Count);
            c.StoreUnsafe(ref y, 2 * (nuint)Vector<float>.Count);
        }
    }

    /// <summary>Adds to one vector of each of four rows.</summary>
    private void AddVector(ReadOnlySpan<float> x, int width, int from, ReadOnlySpan<int> used, Span<float> y, int output)
    {
        ref var x0 = ref MemoryMarshal.GetReference(x);
        ref var x1 = ref Unsafe.Add(ref x0, width);
        ref var x2 = ref Unsafe.Add(ref x1, width);
        ref var x3 = ref Unsafe.Add(ref x2, width);
        ref var y0 = ref Unsafe.Add(ref MemoryMarshal.GetReference(y), output);
        ref var y1 = ref Unsafe.Add(ref y0, _outputs);
        ref var y2 = ref Unsafe.Add(ref y1, _outputs);
        ref var y3 = ref Unsafe.Add(ref y2, _outputs);
        var (a0, a1, a2, a3) = (Vector.LoadUnsafe(ref y0), Vector.LoadUnsafe(ref y1), Vector.LoadUnsafe(ref y2), Vector.LoadUnsafe(ref y3));
        ref var weights = ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(_weights), (from * _outputs) + output);
        foreach (var k in used)
        {
            var weight = Vector.LoadUnsafe(ref Unsafe.Add(ref weights, k * _outputs));
            a0 = Vector.FusedMultiplyAdd(weight, new Vector<float>(Unsafe.Add(ref x0, k)), a0);
            a1 = Vector.FusedMultiplyAdd(weight, new Vector<float>(Unsafe.Add(ref x1, k)), a1);
            a2 = Vector.FusedMultiplyAdd(weight, new Vector<float>(Unsafe.Add(ref x2, k)), a2);
            a3 = Vector.FusedMultiplyAdd(weight, new Vector<float>(Unsafe.Add(ref x3, k)), a3);
        }

        a0.StoreUnsafe(ref y0);
        a1.StoreUnsafe(ref y1);
        a2.StoreUnsafe(ref y2);
        a3.StoreUnsafe(ref y3);
    }
}
