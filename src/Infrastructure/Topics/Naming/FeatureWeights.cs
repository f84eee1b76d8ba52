using System.Globalization;

namespace AIChat.Infrastructure.Topics.Naming;

/// <summary>The weights of a linear model, stored by the names of its features, which are the values of an enumeration: one name and its weight a line.</summary>
internal static class FeatureWeights
{
    /// <returns>By value of the enumeration; 0 for a feature that no line names.</returns>
    public static double[] Read<TFeature>(IEnumerable<string> lines)
        where TFeature : struct, Enum
    {
        var weights = new double[Enum.GetValues<TFeature>().Length];
        foreach (var line in lines)
        {
            var space = line.IndexOf(' ', StringComparison.Ordinal);
            weights[Convert.ToInt32(Enum.Parse<TFeature>(line[..space]), CultureInfo.InvariantCulture)] = double.Parse(line[(space + 1)..], CultureInfo.InvariantCulture);
        }

        return weights;
    }
}
