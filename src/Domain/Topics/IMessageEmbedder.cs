namespace AIChat.Domain.Topics;

/// <summary>Turns texts into vectors, packed as bytes to be stored with their messages.</summary>
public interface IMessageEmbedder
{
    /// <summary>Embeds each text; the same text always gives the same bytes.</summary>
    ValueTask<IReadOnlyList<byte[]>> EmbedAsync(IReadOnlyList<string> texts, CancellationToken cancellation);
}
