using System.Globalization;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.Json;

namespace AIChat.Infrastructure.Tests.Persistence;

/// <summary>Entities made by reflection: every property has a value that is not its default, and that no other property and no other seed has.</summary>
internal static class Filled
{
    /// <summary>An entity with a value for every property.</summary>
    /// <param name="seed">Another seed gives another value for each property.</param>
    /// <param name="given">Values that the store demands, such as the id of a room that is there.</param>
    public static T Of<T>(int seed, params (string Property, object? Value)[] given)
        where T : class
    {
        var entity = (T)RuntimeHelpers.GetUninitializedObject(typeof(T));
        foreach (var (property, number) in PropertiesOf<T>().Select((property, number) => (property, number)))
            property.SetValue(entity, ValueOf(property.PropertyType, property.Name, seed, number));
        foreach (var (name, value) in given)
            typeof(T).GetProperty(name)!.SetValue(entity, value);
        return entity;
    }

    /// <summary>Gives an entity the values of another one.</summary>
    public static void Copy<T>(T from, T to)
    {
        foreach (var property in PropertiesOf<T>())
            property.SetValue(to, property.GetValue(from));
    }

    /// <summary>The entity without the values that it may lack.</summary>
    public static void Clear<T>(T entity)
    {
        var nullability = new NullabilityInfoContext();
        foreach (var property in PropertiesOf<T>().Where(property => nullability.Create(property).WriteState == NullabilityState.Nullable))
            property.SetValue(entity, null);
    }

    /// <summary>The value of each property as text, to be compared.</summary>
    public static SortedDictionary<string, string> Shown<T>(T entity, params string[] except)
        => new(PropertiesOf<T>().Where(property => !except.Contains(property.Name)).ToDictionary(property => property.Name, property => JsonSerializer.Serialize(property.GetValue(entity))), StringComparer.Ordinal);

    private static IEnumerable<PropertyInfo> PropertiesOf<T>() => typeof(T).GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(property => property.SetMethod is not null);

    private static object ValueOf(Type type, string name, int seed, int number)
    {
        var text = string.Create(CultureInfo.InvariantCulture, $"{name}-{seed}");
        if (Nullable.GetUnderlyingType(type) is { } underlying)
            return ValueOf(underlying, name, seed, number);
        if (type == typeof(string))
            return text;
        if (type == typeof(bool))
            return seed % 2 == 1;
        if (type == typeof(int) || type == typeof(long))
            return Convert.ChangeType((1000 * seed) + number, type, CultureInfo.InvariantCulture);
        if (type == typeof(float))
            return seed + (number / 128f);
        if (type == typeof(byte[]))
            return (byte[])[(byte)seed, (byte)number];
        if (type == typeof(DateTimeOffset))
            return StoreFixture.Start.AddHours(seed).AddMilliseconds(number);
        if (type.IsEnum)
            return Enum.GetValues(type).GetValue(seed % Enum.GetValues(type).Length)!;
        if (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(IReadOnlyList<>))
            return ListOf(type.GetGenericArguments()[0], name, seed, number);

        // Ids refer to the entity with the same seed. Records are made of their parts.
        var made = type.GetConstructors().Where(constructor => constructor.GetParameters().Length > 0).MaxBy(constructor => constructor.GetParameters().Length)
            ?? throw new NotSupportedException($"No value is known for {type}: add one here.");
        return type.IsValueType
            ? made.Invoke([name == "Id" || name == type.Name ? string.Create(CultureInfo.InvariantCulture, $"{type.Name}-{seed}") : text])
            : made.Invoke([.. made.GetParameters().Select((part, i) => ValueOf(part.ParameterType, $"{name}.{part.Name}", seed, (10 * (number + 1)) + i))]);
    }

    private static Array ListOf(Type item, string name, int seed, int number)
    {
        var list = Array.CreateInstance(item, 1);
        list.SetValue(ValueOf(item, name, seed, number), 0);
        return list;
    }
}
