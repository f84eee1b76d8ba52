namespace AIChat.Infrastructure.Topics.Encoders;

/// <summary>A model's folder cannot be used. The message is one sentence that names the file, the tensor if any, and the remedy if there is one.</summary>
internal sealed class EncoderException : Exception
{
    public EncoderException()
    {
    }

    public EncoderException(string message)
        : base(message)
    {
    }

    public EncoderException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
