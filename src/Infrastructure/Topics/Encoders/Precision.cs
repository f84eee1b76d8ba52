namespace AIChat.Infrastructure.Topics.Encoders;

/// <summary>The numbers that an encoder counts with.</summary>
internal enum Precision
{
    /// <summary>BF16 where it is measured to be faster and hardly differs, else F32.</summary>
    Measured,

    F32,

    BF16,
}
