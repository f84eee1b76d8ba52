using AIChat.Domain.Topics;

namespace AIChat.Infrastructure.Topics.Ngrams;

/// <summary>
/// Counts hashed character 1–4-grams of words, word boundaries included; needs no weights and no tokenizer and works in any language. It gives signed counts; the weights
/// depend on the room and are applied when vectors are compared.
/// Signed hashing: Weinberger et al. 2009, "Feature Hashing for Large Scale Multitask Learning".
/// </summary>
internal sealed class NgramEmbedder : IMessageEmbedder
{
    private const int MaxLength = 4;

    public ValueTask<IReadOnlyList<byte[]>> EmbedAsync(IReadOnlyList<string> texts, CancellationToken cancellation)
    {
        var profiles = new byte[texts.Count][];
        for (var i = 0; i < profiles.Length; i++)
        {
            cancellation.ThrowIfCancellationRequested();
            profiles[i] = Embed(texts[i]);
        }

        return ValueTask.FromResult<IReadOnlyList<byte[]>>(profiles);
    }

    public static byte[] Embed(string text)
    {
        var normalised = NgramText.Normalise(text);
        var hashes = new List<uint>(4 * normalised.Length);
        var start = 0;
        while (start < normalised.Length)
        {
            var end = normalised.IndexOf(' ', start);
            if (end < 0)
                end = normalised.Length;
            AddWord(normalised.AsSpan(start, end - start), hashes);
            start = end + 1;
        }

        return PackedNgrams.Pack(hashes);
    }

    private static void AddWord(ReadOnlySpan<char> word, List<uint> hashes)
    {
        // Word boundaries count as letters, so " the " has n-grams that "other" has not.
        for (var from = -1; from <= word.Length; from++)
        {
            var hash = 2166136261u; // FNV-1a
            for (var to = from; to < from + MaxLength && to <= word.Length; to++)
            {
                hash = (hash ^ (to < 0 || to == word.Length ? ' ' : word[to])) * 16777619u;
                if (to > from || (from >= 0 && from < word.Length))
                    hashes.Add(Mixed(hash ^ (uint)(to - from) << 28));
            }
        }
    }

    /// <summary>Murmur3's finalizer, because the low bits of FNV-1a vary too little on short strings.</summary>
    private static uint Mixed(uint hash)
    {
        hash = (hash ^ (hash >> 16)) * 0x85ebca6bu;
        hash = (hash ^ (hash >> 13)) * 0xc2b2ae35u;
        return hash ^ (hash >> 16);
    }
}
