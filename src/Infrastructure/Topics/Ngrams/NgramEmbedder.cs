using AIChat.Domain.Topics;

namespace AIChat.Infrastructure.Topics.Ngrams;

/// <summary>
/// Counts hashed character n-grams (1–4, within words and across their bounds): no weights, any language, no tokenizer.
/// What is stored are signed counts; how much an n-gram tells depends on the room and is applied when vectors are compared (<see cref="NgramSpace"/>).
/// Signed hashing: Weinberger et al. 2009, "Feature Hashing for Large Scale Multitask Learning".
/// </summary>
internal sealed class NgramEmbedder : IMessageEmbedder
{
    private const int Longest = 4;

    public ValueTask<IReadOnlyList<byte[]>> EmbedAsync(IReadOnlyList<string> texts, CancellationToken cancellation)
    {
        var packed = new byte[texts.Count][];
        for (var i = 0; i < packed.Length; i++)
        {
            cancellation.ThrowIfCancellationRequested();
            packed[i] = Embed(texts[i]);
        }

        return ValueTask.FromResult<IReadOnlyList<byte[]>>(packed);
    }

    public static byte[] Embed(string text)
    {
        var normal = NgramText.Normalise(text);
        var hashes = new List<uint>(4 * normal.Length);
        var start = 0;
        while (start < normal.Length)
        {
            var end = normal.IndexOf(' ', start);
            if (end < 0)
                end = normal.Length;
            AddWord(normal.AsSpan(start, end - start), hashes);
            start = end + 1;
        }

        return PackedNgrams.Pack(hashes);
    }

    private static void AddWord(ReadOnlySpan<char> word, List<uint> hashes)
    {
        // A word's bounds count as letters: " the " has n-grams that "other" has not.
        for (var from = -1; from <= word.Length; from++)
        {
            var hash = 2166136261u; // FNV-1a
            for (var to = from; to < from + Longest && to <= word.Length; to++)
            {
                hash = (hash ^ (to < 0 || to == word.Length ? ' ' : word[to])) * 16777619u;
                if (to > from || (from >= 0 && from < word.Length))
                    hashes.Add(Mixed(hash ^ (uint)(to - from) << 28));
            }
        }
    }

    /// <summary>Murmur3's finalizer: FNV's low bits of short strings are too much alike.</summary>
    private static uint Mixed(uint hash)
    {
        hash = (hash ^ (hash >> 16)) * 0x85ebca6bu;
        hash = (hash ^ (hash >> 13)) * 0xc2b2ae35u;
        return hash ^ (hash >> 16);
    }
}
