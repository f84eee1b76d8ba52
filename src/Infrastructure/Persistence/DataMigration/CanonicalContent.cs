using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using AIChat.Application.Common;

namespace AIChat.Infrastructure.Persistence.DataMigration;

/// <summary>
/// An entity as bytes that are the same whichever store it was read from: every property that can be seen, as JSON, in the order in which the class declares them. Times count in
/// whole milliseconds, which is what every store can hold. Data that a store keeps beside the entity, such as search terms, is derived from it and left out.
/// </summary>
internal static class CanonicalContent
{
    private static readonly JsonSerializerOptions Json = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, Converters = { new Milliseconds() } };

    public static byte[] Of<T>(T entity) => JsonSerializer.SerializeToUtf8Bytes(entity, Json);

    private sealed class Milliseconds : JsonConverter<DateTimeOffset>
    {
        public override DateTimeOffset Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => throw new NotSupportedException();

        public override void Write(Utf8JsonWriter writer, DateTimeOffset value, JsonSerializerOptions options) => writer.WriteNumberValue(value.ToUnixTimeMilliseconds());
    }
}

/// <summary>Sums up contents in any order: the SHA-256 of each one, its four words added up by themselves.</summary>
internal sealed class ContentSum
{
    private readonly ulong[] _words = new ulong[SHA256.HashSizeInBytes / sizeof(ulong)];

    public long Count { get; private set; }

    public void Add(ReadOnlySpan<byte> content)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(content, hash);
        for (var i = 0; i < _words.Length; i++)
            _words[i] = unchecked(_words[i] + BinaryPrimitives.ReadUInt64BigEndian(hash[(i * sizeof(ulong))..]));
        Count++;
    }

    public Tally ToTally() => new(Count, string.Concat(_words.Select(word => word.ToString("x16", System.Globalization.CultureInfo.InvariantCulture))));
}
