using System.Text.Json;
using MessagePack;
using MessagePack.Formatters;

namespace AIChat.Api.Realtime;

/// <summary>Gives our types the same shape in MessagePack as in JSON (names in camelCase, times as text), so that clients can switch protocols.</summary>
internal sealed class JsonShapedMessagePack(JsonSerializerOptions json) : IFormatterResolver
{
    // Events of other servers arrive as JSON.
    public IMessagePackFormatter<T>? GetFormatter<T>()
        => typeof(T) == typeof(JsonElement) || typeof(T).Assembly.GetName().Name?.StartsWith("AIChat.", StringComparison.Ordinal) == true
            ? new Formatter<T>(json)
            : MessagePack.Resolvers.StandardResolver.Instance.GetFormatter<T>();

    private sealed class Formatter<T>(JsonSerializerOptions json) : IMessagePackFormatter<T>
    {
        public void Serialize(ref MessagePackWriter writer, T value, MessagePackSerializerOptions options)
            => writer.WriteRaw(MessagePackSerializer.ConvertFromJson(JsonSerializer.Serialize(value, json)));

        public T Deserialize(ref MessagePackReader reader, MessagePackSerializerOptions options)
        {
            using var text = new StringWriter();
            MessagePackSerializer.ConvertToJson(ref reader, text, options);
            return JsonSerializer.Deserialize<T>(text.ToString(), json)!;
        }
    }
}
