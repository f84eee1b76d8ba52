namespace AIChat.Infrastructure.Topics.Encoders.Hub;

/// <summary>A model cannot be had; carries what is told to whoever asked for it.</summary>
internal sealed class ModelException(Error error) : Exception(error.Message)
{
    public Error Error => error;
}
