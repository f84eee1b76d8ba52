namespace AIChat.Domain.Common;

/// <summary>The store cannot take or give data now (a full disk, no connection): an outage, not a refusal. Nothing was stored.</summary>
public sealed class StoreUnavailableException : Exception
{
    public StoreUnavailableException(string code, string message, Exception cause)
        : base(message, cause) => Code = code;

    /// <summary>Stable code for clients, such as <c>storage_full</c>.</summary>
    public string Code { get; }
}
