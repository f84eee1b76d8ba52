namespace AIChat.Infrastructure.Topics.Encoders;

/// <summary>A model's folder cannot be used; the message is one sentence that names the file (and the tensor) and, where there is one, the mend.</summary>
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
