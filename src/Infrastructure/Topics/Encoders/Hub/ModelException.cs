namespace AIChat.Infrastructure.Topics.Encoders.Hub;

/// <summary>A model cannot be fetched; carries the error for the caller.</summary>
internal sealed class ModelException(Error error) : Exception(error.Message)
{
    public Error Error => error;
}
