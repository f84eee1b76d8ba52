using System.Runtime.CompilerServices;
using AIChat.Infrastructure.Topics.Encoders;
using AIChat.Infrastructure.Topics.Tensors;
using AIChat.Tests;

namespace AIChat.Infrastructure.Tests.Topics.Encoders;

/// <summary>The error for an unusable folder names the file, and the tensor if any, in one sentence.</summary>
public sealed class EncoderFolderTests : IDisposable
{
    private const string Weights = "model.safetensors";

    private readonly string _folder = LocalHub.Copy(Model());

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("config.json", "\"model_type\": \"bert\"", "\"model_type\": \"gpt2\"", "architecture gpt2")]
    [InlineData("config.json", "\"hidden_act\": \"gelu\"", "\"hidden_act\": \"silu\"", "hidden_act is silu")]
    [InlineData("config.json", "\"hidden_size\": 32", "\"hidden_size\": 40", "shape")]
    [InlineData("config.json", "\"num_hidden_layers\": 2", "\"num_hidden_layers\": 3", "encoder.layer.2.attention.self.query.weight is missing")]
    [InlineData("config.json", "\"vocab_size\"", "\"vocabulary\"", "vocab_size")]
    [InlineData("config.json", "{", "", "config.json is no JSON")]
    [InlineData("modules.json", "models.Pooling", "models.Dense", "module Dense")]
    public void A_wrong_line_is_named(string file, string line, string instead, string says)
    {
        var path = Path.Combine(_folder, file);
        var text = File.ReadAllText(path);
        Assert.Contains(line, text, StringComparison.Ordinal);
        File.WriteAllText(path, text.Replace(line, instead, StringComparison.Ordinal));
        Refuses(says);
    }

    [Fact]
    public void A_pickle_is_never_read()
    {
        File.Move(Path.Combine(_folder, Weights), Path.Combine(_folder, "pytorch_model.bin"));
        Refuses("model.safetensors");
    }

    [Theory]
    [InlineData(4)]
    [InlineData(100)]
    [InlineData(100_000)]
    public void A_file_that_is_cut_short_is_named(int length)
    {
        using (var file = File.OpenWrite(Path.Combine(_folder, Weights)))
            file.SetLength(length);
        Refuses(Weights);
    }

    [Theory]
    [InlineData("config.json")]
    [InlineData("vocab.txt")]
    [InlineData(Weights)]
    public void A_missing_file_is_named(string file)
    {
        File.Delete(Path.Combine(_folder, file));
        Refuses(file);
    }

    [Fact]
    public void Any_text_at_all_becomes_a_finite_vector()
    {
        var random = new Random(1);
        using var encoder = SentenceEncoder.Load(_folder, Precision.F32);
        var texts = Enumerable.Range(0, 500).Select(_ => string.Concat(Enumerable.Range(0, random.Next(40)).Select(_ => (char)random.Next(char.MaxValue + 1)))).ToList();
        Assert.All(encoder.Encode(texts), vector => Assert.All(vector, value => Assert.True(float.IsFinite(value))));
    }

    [Fact]
    public void A_device_that_is_not_here_is_said()
    {
        var refusal = Assert.Throws<EncoderException>(() => SentenceEncoder.Load(_folder, device: "cuda:99").Dispose());
        Assert.Contains("cuda:99", refusal.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', refusal.Message);
    }

    private static string Model([CallerFilePath] string here = "") => Path.Combine(Path.GetDirectoryName(here)!, "models", "bert-korean-bf16");

    private void Refuses(string says)
    {
        var refusal = Assert.Throws<EncoderException>(() => SentenceEncoder.Load(_folder).Dispose());
        Assert.Contains(says, refusal.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', refusal.Message);
    }
}
