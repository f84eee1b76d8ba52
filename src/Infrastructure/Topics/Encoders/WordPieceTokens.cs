using System.Globalization;
using System.Text;
using System.Text.Json;
using Microsoft.ML.Tokenizers;

namespace AIChat.Infrastructure.Topics.Encoders;

/// <summary>
/// WordPiece after BERT's own text cleaning. The library's BERT tokenizer cleans differently (it drops ASCII symbols, keeps combining marks and deletes tabs), so its
/// WordPiece tokenizer gets words that are already split.
/// </summary>
internal sealed class WordPieceTokens : IEncoderTokens
{
    private const int LongestWord = 100;

    private readonly WordPieceTokenizer _pieces;
    private readonly bool _isLower;
    private readonly bool _stripsAccents;
    private readonly bool _splitsChinese;

    private WordPieceTokens(IReadOnlyList<string> vocabulary, bool isLower, bool? stripsAccents, bool splitsChinese, string unknown, string first, string last)
    {
        _isLower = isLower;
        _stripsAccents = stripsAccents ?? isLower;
        _splitsChinese = splitsChinese;
        using var lines = new MemoryStream(Encoding.UTF8.GetBytes(string.Join('\n', vocabulary)));
        _pieces = WordPieceTokenizer.Create(lines, new WordPieceOptions { UnknownToken = unknown, PreTokenizer = PreTokenizer.CreateWhiteSpace(), MaxInputCharsPerWord = LongestWord });
        First = IdOf(first);
        Last = IdOf(last);

        int IdOf(string token)
        {
            for (var i = 0; i < vocabulary.Count; i++)
            {
                if (string.Equals(vocabulary[i], token, StringComparison.Ordinal))
                    return i;
            }

            throw new EncoderException($"The vocabulary has no {token}.");
        }
    }

    public int First { get; }

    public int Last { get; }

    /// <summary>From <c>vocab.txt</c>, one piece a line; the id is the line's number from 0.</summary>
    public static WordPieceTokens FromVocabulary(string folder)
    {
        var vocabulary = File.ReadAllLines(Path.Combine(folder, "vocab.txt"));
        if (!File.Exists(Path.Combine(folder, "tokenizer_config.json")))
            return new WordPieceTokens(vocabulary, isLower: true, null, splitsChinese: true, "[UNK]", "[CLS]", "[SEP]");
        using var json = EncoderSettings.Json(folder, "tokenizer_config.json");
        var root = json.RootElement;
        return new WordPieceTokens(vocabulary, Flag(root, "do_lower_case") ?? true, Flag(root, "strip_accents"), Flag(root, "tokenize_chinese_chars") ?? true, Token("unk_token", "[UNK]"), Token("cls_token", "[CLS]"), Token("sep_token", "[SEP]"));

        string Token(string name, string usual) => EncoderSettings.Text(root, name) ?? usual;
    }

    /// <summary>From the <c>model</c> and the <c>normalizer</c> of a <c>tokenizer.json</c>.</summary>
    public static WordPieceTokens FromTokenizerJson(JsonElement root)
    {
        var model = root.GetProperty("model");
        var numbered = model.GetProperty("vocab").EnumerateObject().ToDictionary(piece => piece.Value.GetInt32(), piece => piece.Name);
        var vocabulary = Enumerable.Range(0, numbered.Count).Select(id => numbered.GetValueOrDefault(id) ?? throw new EncoderException($"tokenizer.json: no piece has the number {id}.")).ToList();
        var normalizer = root.TryGetProperty("normalizer", out var found) && found.ValueKind == JsonValueKind.Object ? found : default;
        var isBert = normalizer.ValueKind == JsonValueKind.Object && string.Equals(EncoderSettings.Text(normalizer, "type"), "BertNormalizer", StringComparison.Ordinal);
        if (!isBert)
            throw new EncoderException("tokenizer.json: WordPiece with another normalizer than BertNormalizer is not known.");
        return new WordPieceTokens(vocabulary, Flag(normalizer, "lowercase") ?? true, Flag(normalizer, "strip_accents"), Flag(normalizer, "handle_chinese_chars") ?? true, EncoderSettings.Text(model, "unk_token") ?? "[UNK]", "[CLS]", "[SEP]");
    }

    public IEnumerable<int> Encode(string text) => _pieces.EncodeToIds(CleanText(text), considerPreTokenization: true, considerNormalization: false);

    private static bool? Flag(JsonElement json, string name) => json.TryGetProperty(name, out var value) && value.ValueKind is JsonValueKind.True or JsonValueKind.False ? value.GetBoolean() : null;

    // Devlin et al. 2019, BasicTokenizer: control characters go, blanks become spaces; accents are stripped from the decomposed text; Chinese characters and punctuation stand alone.
    private string CleanText(string text)
    {
        var kept = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())
        {
            if (Rune.IsWhiteSpace(rune))
                kept.Append(' ');
            else if (rune.Value is not (0 or 0xFFFD) && Rune.GetUnicodeCategory(rune) is not (UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.PrivateUse or UnicodeCategory.Surrogate))
                kept.Append(rune);
        }

        var decomposed = _stripsAccents ? kept.ToString().Normalize(NormalizationForm.FormD) : kept.ToString();
        var words = new StringBuilder(decomposed.Length * 2);
        foreach (var rune in decomposed.EnumerateRunes())
        {
            if (_stripsAccents && Rune.GetUnicodeCategory(rune) == UnicodeCategory.NonSpacingMark)
                continue;
            if (IsPunctuation(rune) || (_splitsChinese && IsChinese(rune.Value)))
                words.Append(' ').Append(rune).Append(' ');
            else
                words.Append(rune);
        }

        return _isLower ? words.ToString().ToLowerInvariant() : words.ToString();
    }

    private static bool IsPunctuation(Rune rune) => rune.IsAscii ? rune.Value > ' ' && !Rune.IsLetterOrDigit(rune) : Rune.IsPunctuation(rune);

    private static bool IsChinese(int point) => point
        is (>= 0x4E00 and <= 0x9FFF) or (>= 0x3400 and <= 0x4DBF) or (>= 0x20000 and <= 0x2A6DF) or (>= 0x2A700 and <= 0x2B73F) or (>= 0x2B740 and <= 0x2B81F) or (>= 0x2B820 and <= 0x2CEAF)
        or (>= 0xF900 and <= 0xFAFF) or (>= 0x2F800 and <= 0x2FA1F);
}
