using MessagePack;
using MessagePack.Formatters;
using MessagePack.Resolvers;

namespace AIChat.Benchmarks.Load;

/// <summary>The hub's <c>message</c> call.</summary>
internal sealed record Post(string ChannelId, string Content, string ClientMessageId);

/// <summary>Those parts of a message that the measurement reads.</summary>
internal sealed record ChatSeen(string? Id, string? Content);

/// <summary>Those parts of a <c>topic</c> event that the measurement reads.</summary>
internal sealed record TopicSeen(string? MessageId);

/// <summary>
/// MessagePack for the records above, by hand: the names are the contract's in camelCase; a reader takes any case and skips what it does not know, so that the
/// load generator spends no time on fields that nobody looks at.
/// </summary>
internal static class Wire
{
    public static MessagePackSerializerOptions Options { get; } = MessagePackSerializerOptions.Standard
        .WithResolver(CompositeResolver.Create(
            [new PostFormatter(), new ChatSeenFormatter(), new TopicSeenFormatter()],
            [ContractlessStandardResolver.Instance]))
        .WithSecurity(MessagePackSecurity.UntrustedData);

    /// <summary>The text values of a map under the wanted names, in their order; null where there is none.</summary>
    static string?[] ReadTexts(ref MessagePackReader reader, params string[] wanted)
    {
        var values = new string?[wanted.Length];
        if (reader.TryReadNil())
            return values;
        for (var left = reader.ReadMapHeader(); left > 0; left--)
        {
            var name = reader.ReadString();
            var index = Array.FindIndex(wanted, want => string.Equals(want, name, StringComparison.OrdinalIgnoreCase));
            if (index >= 0 && reader.NextMessagePackType is MessagePackType.String or MessagePackType.Nil)
                values[index] = reader.ReadString();
            else
                reader.Skip();
        }

        return values;
    }

    sealed class PostFormatter : IMessagePackFormatter<Post>
    {
        public void Serialize(ref MessagePackWriter writer, Post value, MessagePackSerializerOptions options)
        {
            writer.WriteMapHeader(3);
            writer.Write("channelId");
            writer.Write(value.ChannelId);
            writer.Write("content");
            writer.Write(value.Content);
            writer.Write("clientMessageId");
            writer.Write(value.ClientMessageId);
        }

        public Post Deserialize(ref MessagePackReader reader, MessagePackSerializerOptions options)
        {
            var texts = ReadTexts(ref reader, "channelId", "content", "clientMessageId");
            return new Post(texts[0]!, texts[1]!, texts[2]!);
        }
    }

    sealed class ChatSeenFormatter : IMessagePackFormatter<ChatSeen>
    {
        public void Serialize(ref MessagePackWriter writer, ChatSeen value, MessagePackSerializerOptions options) => throw new NotSupportedException();

        public ChatSeen Deserialize(ref MessagePackReader reader, MessagePackSerializerOptions options)
        {
            var texts = ReadTexts(ref reader, "id", "content");
            return new ChatSeen(texts[0], texts[1]);
        }
    }

    sealed class TopicSeenFormatter : IMessagePackFormatter<TopicSeen>
    {
        public void Serialize(ref MessagePackWriter writer, TopicSeen value, MessagePackSerializerOptions options) => throw new NotSupportedException();

        public TopicSeen Deserialize(ref MessagePackReader reader, MessagePackSerializerOptions options) =>
            new(ReadTexts(ref reader, "messageId")[0]);
    }
}
