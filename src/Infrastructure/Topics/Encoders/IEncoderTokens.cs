namespace AIChat.Infrastructure.Topics.Encoders;

/// <summary>Turns a text into the numbers of a model's vocabulary.</summary>
internal interface IEncoderTokens
{
    /// <summary>Number of the token that opens every text.</summary>
    int First { get; }

    /// <summary>Number of the token that ends every text.</summary>
    int Last { get; }

    /// <summary>Without what opens and ends it. What looks like a special token in the text ("[SEP]") is text: nobody outside writes control tokens.</summary>
    IEnumerable<int> Encode(string text);
}
