namespace AIChat.Domain.Topics;

/// <summary>Turns texts into character n-gram profiles, packed as bytes and stored with their messages.</summary>
public interface IMessageEmbedder
{
    /// <summary>One profile for each text, in the same order; equal texts have equal profiles.</summary>
    ValueTask<IReadOnlyList<byte[]>> EmbedAsync(IReadOnlyList<string> texts, CancellationToken cancellation);
}
