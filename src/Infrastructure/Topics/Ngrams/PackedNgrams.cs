namespace AIChat.Infrastructure.Topics.Ngrams;

/// <summary>
/// N-gram counts as bytes: a format byte, then for each bucket in ascending order a varint of 4 · (distance to the previous bucket) + 2 if the count is negative + 1 if its
/// absolute value is above 1, followed by that value as a varint if it is above 1. About 2.3 bytes an n-gram.
/// </summary>
internal static class PackedNgrams
{
    public const int BucketBits = 18;
    private const byte Format = 1;

    /// <param name="hashes">One hash for each occurrence of an n-gram; the list is sorted in place.</param>
    public static byte[] Pack(List<uint> hashes)
    {
        // The bucket in the upper bits, the sign in the lowest: equal n-grams are adjacent after sorting.
        for (var i = 0; i < hashes.Count; i++)
            hashes[i] = (hashes[i] >> (32 - BucketBits) << 1) | (hashes[i] & 1);
        hashes.Sort();
        var packed = new List<byte>(1 + 3 * hashes.Count) { Format };
        var last = -1;
        for (var i = 0; i < hashes.Count;)
        {
            var bucket = (int)(hashes[i] >> 1);
            var count = 0;
            for (; i < hashes.Count && hashes[i] >> 1 == bucket; i++)
                count += (hashes[i] & 1) == 0 ? 1 : -1;
            if (count == 0)
                continue;
            var size = Math.Abs(count);
            AddVarint(packed, ((uint)(bucket - last) << 2) | (count < 0 ? 2u : 0u) | (size > 1 ? 1u : 0u));
            if (size > 1)
                AddVarint(packed, (uint)size);
            last = bucket;
        }

        return [.. packed];
    }

    /// <summary>Reads bucket by bucket; empty for bytes of another format and for no bytes.</summary>
    public ref struct Reader
    {
        private ReadOnlySpan<byte> _rest;

        public Reader(ReadOnlySpan<byte> packed)
        {
            _rest = packed.Length > 0 && packed[0] == Format ? packed[1..] : [];
            Bucket = -1;
        }

        public int Bucket { get; private set; }

        /// <summary>Signed, never 0.</summary>
        public int Count { get; private set; }

        public bool Next()
        {
            if (_rest.IsEmpty)
                return false;
            var head = TakeVarint();
            Bucket = (Bucket + (int)(head >> 2)) & ((1 << BucketBits) - 1);
            var size = (head & 1) == 0 ? 1 : (int)TakeVarint();
            Count = (head & 2) == 0 ? size : -size;
            return true;
        }

        private uint TakeVarint()
        {
            var value = 0u;
            for (var shift = 0; !_rest.IsEmpty; shift += 7)
            {
                var part = _rest[0];
                _rest = _rest[1..];
                value |= (part & 0x7fu) << shift;
                if (part < 0x80)
                    break;
            }

            return value;
        }
    }

    private static void AddVarint(List<byte> packed, uint value)
    {
        for (; value >= 0x80; value >>= 7)
            packed.Add((byte)(value | 0x80));
        packed.Add((byte)value);
    }
}
