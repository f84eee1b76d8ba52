using System.Numerics.Tensors;

namespace AIChat.Infrastructure.Topics.Linking;

/// <summary>Means of a value of pairs, for one line and its group.</summary>
/// <param name="reach">Greatest distance of a pair, in lines.</param>
/// <param name="width">Greatest distance of a line of a group from its line.</param>
internal sealed class GroupMeans(int reach, int width)
{
    // By distance from the first line that may be asked for.
    private readonly float[] _ofLine = new float[reach + (2 * width) + 1], _ofGroup = new float[reach + (2 * width) + 1], _ofMember = new float[reach + (2 * width) + 1];
    private int _from;

    /// <param name="values">[lines][earlier lines within reach], nearest first.</param>
    /// <param name="at">The line.</param>
    /// <param name="group">The other lines of its group.</param>
    public void Fill(float[][] values, int at, int[] group)
    {
        _from = at - reach - width;
        FillRow(values, at, _ofLine);
        Array.Clear(_ofGroup);
        foreach (var member in group)
        {
            FillRow(values, member, _ofMember);
            TensorPrimitives.Add(_ofGroup, _ofMember, _ofGroup);
        }

        if (group.Length > 1)
            TensorPrimitives.Divide(_ofGroup, group.Length, _ofGroup);
    }

    /// <summary>Mean over the line and the lines of another group; 0 for an empty group.</summary>
    public float ToGroup(int[] group) => Mean(_ofLine, group);

    /// <summary>Mean over the lines of the group and another line.</summary>
    public float OfGroup(int line) => _ofGroup[line - _from];

    /// <summary>Mean over the lines of the group and those of another.</summary>
    public float OfGroups(int[] group) => Mean(_ofGroup, group);

    private float Mean(float[] values, int[] group)
    {
        var sum = 0f;
        foreach (var line in group)
            sum += values[line - _from];
        return group.Length == 0 ? 0 : sum / group.Length;
    }

    /// <summary>The values of a line and each other; 0 where they are out of reach.</summary>
    private void FillRow(float[][] values, int line, float[] row)
    {
        Array.Clear(row);
        var count = Math.Min(values[line].Length, line - _from);
        var earlier = row.AsSpan(line - count - _from, count);
        values[line].AsSpan(0, count).CopyTo(earlier);
        earlier.Reverse();
        for (var later = line + 1; later < values.Length && later - _from < row.Length; later++)
            row[later - _from] = values[later][later - line - 1];
    }
}
