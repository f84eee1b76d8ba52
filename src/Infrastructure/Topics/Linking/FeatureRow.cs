using System.Runtime.CompilerServices;

namespace AIChat.Infrastructure.Topics.Linking;

/// <summary>Feature values of one network input, indexed by name. The index is the name's place in the enumeration, so the order of names is the order of the weights.</summary>
/// <typeparam name="TFeature">Numbered from 0 without gaps.</typeparam>
internal readonly ref struct FeatureRow<TFeature>(Span<float> values)
    where TFeature : struct, Enum
{
    private readonly Span<float> _values = values;

    public ref float this[TFeature feature] => ref _values[Unsafe.BitCast<TFeature, int>(feature)];
}
