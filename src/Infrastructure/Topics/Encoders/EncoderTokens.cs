using System.Text.Json;

namespace AIChat.Infrastructure.Topics.Encoders;

internal static class EncoderTokens
{
    /// <summary>The tokenizer of a model's folder: <c>vocab.txt</c>, a SentencePiece model, or else <c>tokenizer.json</c>.</summary>
    /// <exception cref="EncoderException">There is no tokenizer, or its kind is not supported.</exception>
    public static IEncoderTokens Read(string folder)
    {
        if (File.Exists(Path.Combine(folder, "vocab.txt")))
            return WordPieceTokens.FromVocabulary(folder);
        if (Array.Find(["sentencepiece.bpe.model", "sentencepiece.model"], file => File.Exists(Path.Combine(folder, file))) is { } model)
            return UnigramTokens.FromModel(Path.Combine(folder, model));
        if (!File.Exists(Path.Combine(folder, "tokenizer.json")))
            throw new EncoderException("There is no tokenizer in the model's folder: vocab.txt, sentencepiece.bpe.model or tokenizer.json.");
        using var json = EncoderSettings.Json(folder, "tokenizer.json");
        try
        {
            return EncoderSettings.Text(json.RootElement.GetProperty("model"), "type") switch
            {
                "Unigram" => UnigramTokens.FromTokenizerJson(json.RootElement),
                "WordPiece" => WordPieceTokens.FromTokenizerJson(json.RootElement),
                var other => throw new EncoderException($"tokenizer.json: the model {other ?? "(none)"} is not known; Unigram and WordPiece are."),
            };
        }
        catch (Exception failure) when (failure is KeyNotFoundException or InvalidOperationException or FormatException or JsonException)
        {
            throw new EncoderException("tokenizer.json is not what a tokenizer of its kind should be.", failure);
        }
    }
}
