using System.Numerics;

namespace AIChat.Infrastructure.Topics.Linking;

/// <summary>One layer of a network: y = W·x + b, where x is often sparse. Plain C#, because one call into libtorch costs more than these few products.</summary>
/// <param name="inputs">Length of x.</param>
/// <param name="outputs">Length of y; a multiple of 8 is fastest.</param>
/// <param name="weights">W transposed, [inputs, outputs], row by row.</param>
/// <param name="bias">b.</param>
internal sealed class DenseLayer(int inputs, int outputs, float[] weights, float[] bias)
{
    public int Inputs => inputs;

    public int Outputs => outputs;

    public static DenseLayer Read(BinaryReader reader)
    {
        var (inputs, outputs) = (reader.ReadInt32(), reader.ReadInt32());
        return new DenseLayer(inputs, outputs, ReadHalves(inputs * outputs), ReadHalves(outputs));

        float[] ReadHalves(int count)
        {
            var values = new float[count];
            for (var i = 0; i < count; i++)
                values[i] = (float)reader.ReadHalf();
            return values;
        }
    }

    /// <summary>y = b.</summary>
    public void SetToBias(Span<float> y) => bias.CopyTo(y);

    /// <summary>y += W·x for a slice of the inputs that starts at input <paramref name="from"/>.</summary>
    public void Add(ReadOnlySpan<float> x, int from, Span<float> y)
    {
        for (var k = 0; k < x.Length; k++)
        {
            if (x[k] == 0)
                continue;
            var row = weights.AsSpan((from + k) * outputs, outputs);
            var factor = new Vector<float>(x[k]);
            var i = 0;
            for (; i <= outputs - Vector<float>.Count; i += Vector<float>.Count)
                Vector.FusedMultiplyAdd(new Vector<float>(row[i..]), factor, new Vector<float>(y[i..])).CopyTo(y[i..]);
            for (; i < outputs; i++)
                y[i] = MathF.FusedMultiplyAdd(row[i], x[k], y[i]);
        }
    }

    /// <summary>y = W·max(x, 0) + b; x is overwritten by max(x, 0).</summary>
    public void Rectify(Span<float> x, Span<float> y)
    {
        for (var k = 0; k < x.Length; k++)
            x[k] = Math.Max(0, x[k]);
        SetToBias(y);
        Add(x, 0, y);
    }
}
