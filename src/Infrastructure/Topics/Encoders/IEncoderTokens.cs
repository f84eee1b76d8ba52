namespace AIChat.Infrastructure.Topics.Encoders;

/// <summary>Splits a text into tokens of a model's vocabulary.</summary>
internal interface IEncoderTokens
{
    /// <summary>Id of the token before every text.</summary>
    int First { get; }

    /// <summary>Id of the token after every text.</summary>
    int Last { get; }

    /// <summary>Token ids without <see cref="First"/> and <see cref="Last"/>. A special token spelled out in the text ("[SEP]") is read as plain text, so that texts cannot inject control tokens.</summary>
    IEnumerable<int> Encode(string text);
}
