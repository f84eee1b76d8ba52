namespace AIChat.Infrastructure.Topics.Linking;

/// <summary>A network of two hidden layers that scores many rows at once.</summary>
internal sealed class RowNetwork(DenseLayer first, DenseLayer second, DenseLayer last)
{
    // One for each thread, because several rooms share the weights.
    [ThreadStatic]
    private static float[]? _scratch;

    public DenseLayer First => first;

    /// <summary>Distance of the rows that <see cref="Score"/> returns.</summary>
    public int Outputs => last.Outputs;

    public static RowNetwork Read(BinaryReader reader) => new(DenseLayer.Read(reader), DenseLayer.Read(reader), DenseLayer.Read(reader));

    /// <summary>[count, outputs of the first layer]: sums of the first layer to which <see cref="Score"/> adds; the caller fills them first.</summary>
    public Span<float> Sums(int count)
    {
        var needed = count * (first.Outputs + second.Outputs + last.Outputs);
        if (_scratch is null || _scratch.Length < needed)
            _scratch = new float[2 * needed];
        return _scratch.AsSpan(0, count * first.Outputs);
    }

    /// <param name="x">[count, width].</param>
    /// <param name="width">Length of a row.</param>
    /// <param name="from">The first input of the first layer that a row holds.</param>
    /// <param name="count">Number of rows.</param>
    /// <returns>[count, <see cref="Outputs"/>]; the next call overwrites it.</returns>
    public ReadOnlySpan<float> Score(ReadOnlySpan<float> x, int width, int from, int count)
    {
        var sums = _scratch.AsSpan(0, count * first.Outputs);
        var seconds = _scratch.AsSpan(sums.Length, count * second.Outputs);
        var outputs = _scratch.AsSpan(sums.Length + seconds.Length, count * last.Outputs);
        first.AddRows(x, width, from, sums, count);
        DenseLayer.Rectify(sums);
        second.SetToBias(seconds);
        second.AddRows(sums, first.Outputs, 0, seconds, count);
        DenseLayer.Rectify(seconds);
        last.SetToBias(outputs);
        last.AddRows(seconds, second.Outputs, 0, outputs, count);
        return outputs;
    }
}
