using System.Text.RegularExpressions;

namespace AIChat.Infrastructure.Topics.Encoders.Hub;

/// <summary>A file of a repository at the hub.</summary>
/// <param name="Path">Path within the repository.</param>
/// <param name="Size">In bytes.</param>
/// <param name="Sha256">SHA-256 of the content; null for a small file.</param>
/// <param name="BlobId">Git's blob id of the content; null where the hub gives none.</param>
internal sealed partial record HubFile(string Path, long Size, string? Sha256, string? BlobId)
{
    private const string Weights = "model.safetensors";

    private static readonly HashSet<string> Settings = new(
        ["config.json", "modules.json", "sentence_bert_config.json", "config_sentence_transformers.json", "tokenizer_config.json"], StringComparer.Ordinal);

    private static readonly string[] Tokenizers = ["vocab.txt", "sentencepiece.bpe.model", "sentencepiece.model", "tokenizer.json"];

    public bool IsWeights => Path.EndsWith(".safetensors", StringComparison.Ordinal);

    /// <summary>The files that an encoder reads, weights last: settings, modules' settings, the first tokenizer found, the weights in one file or else in shards.</summary>
    public static IReadOnlyList<HubFile> Needed(IReadOnlyList<HubFile> all)
    {
        var needed = all.Where(file => Settings.Contains(file.Path) || ModuleSettings().IsMatch(file.Path)).ToList();
        if (Tokenizers.Select(name => Named(name)).FirstOrDefault(file => file is not null) is { } tokenizer)
            needed.Add(tokenizer);
        if (Named(Weights) is { } single)
            needed.Add(single);
        else if (Named(Weights + ".index.json") is { } index)
            needed.AddRange([index, .. all.Where(file => Shard().IsMatch(file.Path))]);
        return needed;

        HubFile? Named(string name) => all.FirstOrDefault(file => file.Path == name);
    }

    [GeneratedRegex(@"\A[0-9]+_[A-Za-z]+/config\.json\z", RegexOptions.None, Timeout.Infinite)]
    private static partial Regex ModuleSettings();

    [GeneratedRegex(@"\Amodel-[0-9]{5}-of-[0-9]{5}\.safetensors\z", RegexOptions.None, Timeout.Infinite)]
    private static partial Regex Shard();
}
