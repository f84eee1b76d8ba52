using System.Numerics.Tensors;
using System.Runtime.CompilerServices;
using System.Text.Json;
using AIChat.Infrastructure.Topics.Encoders;
using AIChat.Infrastructure.Topics.Tensors;

namespace AIChat.Infrastructure.Tests.Topics.Encoders;

/// <summary>Ids and vectors are those of the sentence-transformers library, for 68 texts that are hard on tokenizers.</summary>
public sealed class EncoderReferenceTests
{
    private const float Near = 1e-4f;

    [Theory]
    [InlineData("xlm-roberta-sharded")]
    [InlineData("xlm-roberta-tokenizer-json")]
    [InlineData("bert-korean-bf16")]
    [InlineData("roberta-korean-wordpiece")]
    public void Small_encoders_agree_with_the_reference(string name) => Agrees(Path.Combine(Models(), name), Path.Combine(Models(), name + ".jsonl"));

    [DataTheory("../models/README.md")]
    [InlineData("all-MiniLM-L6-v2")]
    [InlineData("multilingual-e5-small-ko-en")]
    public void Real_encoders_agree_with_the_reference(string name)
    {
        var models = Path.Combine(TestData.Folder!, "../models");
        var reference = Path.Combine(models, "reference", name + ".jsonl");
        Agrees(Path.Combine(models, name), reference);

        var lines = Read(reference);
        using var shorter = SentenceEncoder.Load(Path.Combine(models, name), Precision.BF16);
        var vectors = shorter.Encode([.. lines.Select(line => line.Text)]);
        for (var i = 0; i < lines.Count; i++)
            Assert.InRange(TensorPrimitives.CosineSimilarity(vectors[i], lines[i].Vector), 0.999f, 1.001f);
    }

    private static void Agrees(string folder, string reference)
    {
        var lines = Read(reference);
        using var encoder = SentenceEncoder.Load(folder, Precision.F32);
        foreach (var line in lines)
            Assert.True(encoder.Tokens(line.Text).SequenceEqual(line.Ids), $"{line.Text}: [{string.Join(' ', encoder.Tokens(line.Text).Take(40))}], not [{string.Join(' ', line.Ids.Take(40))}]");
        var together = encoder.Encode([.. lines.Select(line => line.Text)]);
        for (var i = 0; i < lines.Count; i++)
        {
            Assert.InRange(Distance(together[i], lines[i].Vector), 0, Near);
            Assert.InRange(Distance(encoder.Encode([lines[i].Text])[0], lines[i].Vector), 0, Near);
        }
    }

    private static List<Reference> Read(string path) => [.. File.ReadLines(path).Select(line => JsonSerializer.Deserialize<Reference>(line, JsonSerializerOptions.Web)!)];

    private static float Distance(float[] one, float[] other)
    {
        Assert.Equal(other.Length, one.Length);
        return one.Zip(other, (a, b) => Math.Abs(a - b)).Max();
    }

    private static string Models([CallerFilePath] string here = "") => Path.Combine(Path.GetDirectoryName(here)!, "models");

    private sealed record Reference(string Text, int[] Ids, float[] Vector);
}
