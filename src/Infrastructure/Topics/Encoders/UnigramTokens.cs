using System.Text.Json;
using Google.Protobuf;
using Microsoft.ML.Tokenizers;

namespace AIChat.Infrastructure.Topics.Encoders;

/// <summary>SentencePiece's unigram model with the ids of XLM-RoBERTa. Adjacent unknown pieces become one, as in the reference.</summary>
internal sealed class UnigramTokens : IEncoderTokens
{
    private readonly SentencePieceTokenizer _pieces;
    private readonly int _unknown;
    private readonly int _shift;

    private UnigramTokens(Stream model, int unknown, int shift, int first, int last)
    {
        _pieces = SentencePieceTokenizer.Create(model, addBeginningOfSentence: false, addEndOfSentence: false);
        _unknown = unknown;
        _shift = shift;
        First = first;
        Last = last;
    }

    public int First { get; }

    public int Last { get; }

    /// <summary>From SentencePiece's own file. XLM-RoBERTa has &lt;s&gt; 0, &lt;pad&gt; 1, &lt;/s&gt; 2, &lt;unk&gt; 3; every other piece has its id in the file plus one.</summary>
    public static UnigramTokens FromModel(string path)
    {
        using var model = File.OpenRead(path);
        try
        {
            return new UnigramTokens(model, unknown: 3, shift: 1, first: 0, last: 2);
        }
        catch (Exception failure) when (failure is InvalidProtocolBufferException or ArgumentException or InvalidOperationException or NotSupportedException)
        {
            throw new EncoderException($"{Path.GetFileName(path)} is no SentencePiece unigram model.", failure);
        }
    }

    /// <summary>From a <c>tokenizer.json</c>, which is rewritten as the SentencePiece file that the library reads; its ids are final.</summary>
    public static UnigramTokens FromTokenizerJson(JsonElement root)
    {
        var model = root.GetProperty("model");
        var vocabulary = model.GetProperty("vocab").EnumerateArray().Select(piece => (Piece: piece[0].GetString()!, Score: piece[1].GetSingle())).ToList();
        var unknown = model.GetProperty("unk_id").GetInt32();
        var special = root.TryGetProperty("added_tokens", out var added) && added.ValueKind == JsonValueKind.Array
            ? added.EnumerateArray().ToDictionary(token => token.GetProperty("content").GetString()!, token => token.GetProperty("id").GetInt32(), StringComparer.Ordinal)
            : [];
        var (first, last) = (IdOf("<s>"), IdOf("</s>"));
        using var written = new MemoryStream();
        using (var output = new CodedOutputStream(written, leaveOpen: true))
            Write(output, vocabulary, [.. special.Values], (unknown, first, last, IdOf("<pad>")), CharacterMap(root));
        written.Position = 0;
        return new UnigramTokens(written, unknown, shift: 0, first, last);

        int IdOf(string token) => special.TryGetValue(token, out var id) ? id : throw new EncoderException($"tokenizer.json has no {token} among its added tokens.");
    }

    public IEnumerable<int> Encode(string text)
    {
        var last = -1;
        foreach (var piece in _pieces.EncodeToIds(text, addBeginningOfSentence: false, addEndOfSentence: false))
        {
            var id = _shift == 0 ? piece : piece == 0 ? _unknown : piece + _shift;
            if (id != _unknown || last != _unknown)
                yield return id;
            last = id;
        }
    }

    private static byte[] CharacterMap(JsonElement root)
    {
        if (!root.TryGetProperty("normalizer", out var normalizer) || normalizer.ValueKind != JsonValueKind.Object)
            return [];
        var steps = normalizer.TryGetProperty("normalizers", out var several) ? [.. several.EnumerateArray()] : new[] { normalizer };
        return Array.Find(steps, step => step.TryGetProperty("precompiled_charsmap", out _)) is { ValueKind: JsonValueKind.Object } map
            ? map.GetProperty("precompiled_charsmap").GetBytesFromBase64()
            : [];
    }

    // sentencepiece_model.proto: ModelProto { pieces = 1 { piece = 1, score = 2, type = 3 }, trainer_spec = 2 { model_type = 3, unk_id = 40, bos_id = 41, eos_id = 42, pad_id = 43 },
    // normalizer_spec = 3 { precompiled_charsmap = 2, add_dummy_prefix = 3, remove_extra_whitespaces = 4, escape_whitespaces = 5 } }
    private static void Write(
        CodedOutputStream output, List<(string Piece, float Score)> vocabulary, HashSet<int> special, (int Unknown, int First, int Last, int Padding) ids, byte[] characters)
    {
        const int unigram = 1;
        for (var i = 0; i < vocabulary.Count; i++)
        {
            var (piece, score) = vocabulary[i];
            var kind = i == ids.Unknown ? PieceKind.Unknown : special.Contains(i) ? PieceKind.Control : PieceKind.Normal;
            Message(output, 1, inner =>
            {
                inner.WriteTag(1, WireFormat.WireType.LengthDelimited);
                inner.WriteString(piece);
                inner.WriteTag(2, WireFormat.WireType.Fixed32);
                inner.WriteFloat(score);
                Number(inner, 3, (int)kind);
            });
        }

        Message(output, 2, inner =>
        {
            Number(inner, 3, unigram);
            Number(inner, 40, ids.Unknown);
            Number(inner, 41, ids.First);
            Number(inner, 42, ids.Last);
            Number(inner, 43, ids.Padding);
        });
        Message(output, 3, inner =>
        {
            inner.WriteTag(2, WireFormat.WireType.LengthDelimited);
            inner.WriteBytes(ByteString.CopyFrom(characters));
            Number(inner, 3, 1);
            Number(inner, 4, 1);
            Number(inner, 5, 1);
        });
    }

    private static void Message(CodedOutputStream output, int field, Action<CodedOutputStream> write)
    {
        using var bytes = new MemoryStream();
        using (var inner = new CodedOutputStream(bytes, leaveOpen: true))
            write(inner);
        output.WriteTag(field, WireFormat.WireType.LengthDelimited);
        output.WriteBytes(ByteString.CopyFrom(bytes.GetBuffer(), 0, (int)bytes.Length));
    }

    private static void Number(CodedOutputStream output, int field, int value)
    {
        output.WriteTag(field, WireFormat.WireType.Varint);
        output.WriteInt32(value);
    }

    private enum PieceKind
    {
        Normal = 1,
        Unknown = 2,
        Control = 3,
    }
}
