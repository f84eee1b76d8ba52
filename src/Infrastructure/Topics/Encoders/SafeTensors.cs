using System.Buffers.Binary;
using System.IO.MemoryMappedFiles;
using System.Text.Json;
using static TorchSharp.torch;

namespace AIChat.Infrastructure.Topics.Encoders;

/// <summary>
/// The tensors of a model's folder, in one file or in shards with an index, mapped into memory and read on request.
/// Format: 8 bytes little-endian length, that many bytes of JSON (name → dtype, shape, [begin, end) in what follows), then the bytes.
/// </summary>
internal sealed class SafeTensors : IDisposable
{
    private const string Single = "model.safetensors";
    private const string Index = "model.safetensors.index.json";
    private const int MaxHeader = 100_000_000;

    private static readonly Dictionary<string, (ScalarType Type, int Bytes)> Types = new(StringComparer.Ordinal)
    {
        ["F32"] = (ScalarType.Float32, 4),
        ["F16"] = (ScalarType.Float16, 2),
        ["BF16"] = (ScalarType.BFloat16, 2),
    };

    private readonly List<MemoryMappedFile> _maps = [];
    private readonly Dictionary<string, Entry> _entries = new(StringComparer.Ordinal);

    private SafeTensors()
    {
    }

    public IEnumerable<string> Names => _entries.Keys;

    /// <exception cref="EncoderException">There are no weights, or a file is malformed.</exception>
    public static SafeTensors Open(string folder)
    {
        var tensors = new SafeTensors();
        try
        {
            foreach (var file in FilesOf(folder))
                tensors.Map(Path.Combine(folder, file), file);
            return tensors;
        }
        catch
        {
            tensors.Dispose();
            throw;
        }
    }

    public void Dispose()
    {
        foreach (var map in _maps)
            map.Dispose();
    }

    /// <summary>A tensor as 32-bit floats.</summary>
    /// <exception cref="EncoderException">The tensor is missing, or has another shape or element type.</exception>
    public Tensor Read(string name, params long[] shape)
    {
        var (entry, type) = Find(name, shape);
        using var stored = empty(shape, type);
        using (var bytes = entry.Map.CreateViewStream(entry.Begin, entry.Length, MemoryMappedFileAccess.Read))
            bytes.ReadExactly(stored.bytes);
        return stored.to(ScalarType.Float32, copy: true);
    }

    /// <summary>A matrix that stays mapped in its file; the table outlives this object.</summary>
    /// <exception cref="EncoderException">The tensor is missing, or has another shape or element type.</exception>
    public WordTable Table(string name, int rows, int width)
    {
        var (entry, type) = Find(name, [rows, width]);
        return new WordTable(entry.Map.CreateViewAccessor(entry.Begin, entry.Length, MemoryMappedFileAccess.Read), type, width);
    }

    private (Entry Entry, ScalarType Type) Find(string name, long[] shape)
    {
        if (!_entries.TryGetValue(name, out var entry))
            throw new EncoderException($"The tensor {name} is missing in {(_maps.Count == 1 ? _entries.Values.FirstOrDefault()?.File ?? Single : "the shards of " + Index)}.");
        if (!entry.Shape.SequenceEqual(shape))
            throw new EncoderException($"{entry.File}: the tensor {name} has the shape [{string.Join(", ", entry.Shape)}], config.json asks for [{string.Join(", ", shape)}].");
        return Types.TryGetValue(entry.Type, out var type) ? (entry, type.Type) : throw new EncoderException($"{entry.File}: the tensor {name} holds {entry.Type}; only F32, F16 and BF16 are read.");
    }

    /// <summary>Names of the files with a model's weights.</summary>
    /// <exception cref="EncoderException">There are no weights in a supported format.</exception>
    public static IReadOnlyList<string> FilesOf(string folder)
    {
        if (File.Exists(Path.Combine(folder, Single)))
            return [Single];
        if (File.Exists(Path.Combine(folder, Index)))
        {
            using var index = EncoderSettings.Json(folder, Index);
            if (!index.RootElement.TryGetProperty("weight_map", out var map) || map.ValueKind != JsonValueKind.Object)
                throw new EncoderException($"{Index} has no weight_map.");
            var shards = map.EnumerateObject().Select(weight => weight.Value.GetString() ?? string.Empty).Distinct(StringComparer.Ordinal).ToList();
            foreach (var shard in shards)
            {
                if (!string.Equals(Path.GetFileName(shard), shard, StringComparison.Ordinal) || !File.Exists(Path.Combine(folder, shard)))
                    throw new EncoderException($"{Index} names the shard {shard}, which is not in the folder.");
            }

            return shards;
        }

        throw new EncoderException(File.Exists(Path.Combine(folder, "pytorch_model.bin"))
            ? "The model has its weights as pytorch_model.bin alone, which could run code when read; take a model, or a revision of it, with model.safetensors."
            : $"There is no {Single} in the model's folder.");
    }

    private void Map(string path, string file)
    {
        var length = new FileInfo(path).Length;
        if (length < 8)
            throw new EncoderException($"{file} is cut short: it has {length} bytes.");
        var map = MemoryMappedFile.CreateFromFile(path, FileMode.Open, null, 0, MemoryMappedFileAccess.Read);
        _maps.Add(map);
        var size = new byte[8];
        using (var start = map.CreateViewStream(0, 8, MemoryMappedFileAccess.Read))
            start.ReadExactly(size);
        var header = BinaryPrimitives.ReadUInt64LittleEndian(size);
        if (header > MaxHeader || (long)header > length - 8)
            throw new EncoderException($"{file} is not a safetensors file, or is cut short.");
        using var json = Header(map, (int)header, file);
        foreach (var tensor in json.RootElement.EnumerateObject().Where(tensor => !tensor.NameEquals("__metadata__")))
            _entries[tensor.Name] = Entry.Of(tensor, map, file, 8 + (long)header, length);
    }

    private static JsonDocument Header(MemoryMappedFile map, int length, string file)
    {
        var bytes = new byte[length];
        using (var view = map.CreateViewStream(8, length, MemoryMappedFileAccess.Read))
            view.ReadExactly(bytes);
        try
        {
            var json = JsonDocument.Parse(bytes);
            return json.RootElement.ValueKind == JsonValueKind.Object ? json : throw new EncoderException($"{file}: its header is no JSON object.");
        }
        catch (JsonException failure)
        {
            throw new EncoderException($"{file}: its header is no JSON.", failure);
        }
    }

    private sealed record Entry(MemoryMappedFile Map, string File, string Type, long[] Shape, long Begin, long Length)
    {
        public static Entry Of(JsonProperty tensor, MemoryMappedFile map, string file, long data, long end)
        {
            string type;
            long[] shape, offsets;
            try
            {
                type = tensor.Value.GetProperty("dtype").GetString() ?? string.Empty;
                shape = [.. tensor.Value.GetProperty("shape").EnumerateArray().Select(side => side.GetInt64())];
                offsets = [.. tensor.Value.GetProperty("data_offsets").EnumerateArray().Select(offset => offset.GetInt64())];
            }
            catch (Exception failure) when (failure is KeyNotFoundException or InvalidOperationException or FormatException)
            {
                throw new EncoderException($"{file}: the tensor {tensor.Name} is not described by dtype, shape and data_offsets.", failure);
            }

            if (offsets is not [>= 0, _] || offsets[1] < offsets[0] || shape.Any(side => side < 0))
                throw new EncoderException($"{file}: the tensor {tensor.Name} has impossible offsets or sides.");
            if (offsets[1] > end - data)
                throw new EncoderException($"{file} is cut short: the tensor {tensor.Name} ends beyond it.");
            if (Types.TryGetValue(type, out var known) && shape.Aggregate((Int128)known.Bytes, (product, side) => product * side) != offsets[1] - offsets[0])
                throw new EncoderException($"{file}: the tensor {tensor.Name} has {offsets[1] - offsets[0]} bytes, which its shape [{string.Join(", ", shape)}] does not fill.");
            return new Entry(map, file, type, shape, data + offsets[0], offsets[1] - offsets[0]);
        }
    }
}
