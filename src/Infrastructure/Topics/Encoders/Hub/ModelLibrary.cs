using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using AIChat.Application.Common;

namespace AIChat.Infrastructure.Topics.Encoders.Hub;

/// <summary>
/// One folder for each commit of a model, with a note of what it is. A model is fetched into a folder of its own and moved to its place when it is whole and has been loaded once;
/// what was begun stays, to be gone on with.
/// </summary>
/// <param name="folder">Where all of them lie.</param>
/// <param name="hub">Where they come from.</param>
/// <param name="time">Dates them.</param>
internal sealed class ModelLibrary(string folder, ModelHub hub, TimeProvider time) : IModelLibrary
{
    private const string Note = "aichat-model.json";
    private const string Begun = ".pulling";
    private const int LeastCommit = 7;

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    public async Task<Result<KeptModel>> PullAsync(ModelName name, IProgress<PullProgress> progress, CancellationToken cancellation)
    {
        try
        {
            var (commit, all) = await hub.FindAsync(name, cancellation);
            Directory.CreateDirectory(Path.Combine(folder, Begun));
            var (place, begun) = (Path.Combine(folder, FolderOf(name.Repository, commit)), Path.Combine(folder, Begun, FolderOf(name.Repository, commit)));

            // Another pull of the same is waited for, and then found done.
            using var turn = await TurnAsync(begun + ".lock", cancellation);
            if (Read(place) is { } there)
                return Write(place, there with { Revisions = [.. there.Revisions.Union([name.Wanted], StringComparer.Ordinal)], PulledAt = time.GetUtcNow() });
            var files = HubFile.Needed(all);
            if (!files.Any(file => file.IsWeights))
                return ModelErrors.Unusable($"{name} has no weights in safetensors (model.safetensors); another format, such as a pickle, is not read.");
            var kept = await FetchAsync(name, commit, files, begun, progress, cancellation);
            if (Directory.Exists(place))
                Directory.Delete(place, recursive: true);
            Directory.Move(begun, place);
            return kept;
        }
        catch (ModelException failure)
        {
            return failure.Error;
        }
        catch (EncoderException failure)
        {
            return ModelErrors.Unusable(failure.Message);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return ModelErrors.Disk(failure.Message);
        }
    }

    public IReadOnlyList<KeptModel> List()
        => !Directory.Exists(folder) ? [] : [.. Directory.EnumerateDirectories(folder).Select(Read).OfType<KeptModel>().OrderBy(model => model.Repository, StringComparer.Ordinal).ThenByDescending(model => model.PulledAt)];

    public async Task<Result<IReadOnlyList<string>>> VerifyAsync(ModelName name, CancellationToken cancellation)
    {
        if (Find(name) is not { } model)
            return ModelErrors.NotPulled(name.ToString());
        var wrong = new List<string>();
        foreach (var file in model.Files)
        {
            var path = Path.Combine(PlaceOf(model), file.Path);
            if (!File.Exists(path))
                wrong.Add($"{file.Path} is missing.");
            else if (new FileInfo(path).Length is var size && size != file.Size)
                wrong.Add($"{file.Path} has {Count(size)} bytes; it had {Count(file.Size)}.");
            else if (await Sha256Async(path, cancellation) != file.Sha256)
                wrong.Add($"{file.Path} is not what was fetched (SHA-256).");
        }

        return wrong;
    }

    public Result<int> Remove(ModelName name)
    {
        var models = List().Where(model => Is(model, name)).ToList();
        foreach (var model in models)
        {
            // Out of sight first: a half-removed model is none.
            var gone = Path.Combine(folder, Begun, Path.GetRandomFileName());
            Directory.CreateDirectory(Path.Combine(folder, Begun));
            Directory.Move(PlaceOf(model), gone);
            Directory.Delete(gone, recursive: true);
        }

        var begun = name.Revision is null && Directory.Exists(Path.Combine(folder, Begun)) ? Directory.GetDirectories(Path.Combine(folder, Begun), FolderOf(name.Repository, "*")) : [];
        foreach (var half in begun)
            Directory.Delete(half, recursive: true);
        return models.Count + begun.Length == 0 ? ModelErrors.NotPulled(name.ToString()) : models.Count + begun.Length;
    }

    public Error? WhyNot(string folder)
    {
        try
        {
            EncoderSettings.Read(folder);
            EncoderTokens.Read(folder);
            SafeTensors.FilesOf(folder);
            return null;
        }
        catch (EncoderException failure)
        {
            return ModelErrors.Unusable(failure.Message);
        }
    }

    public Result<ITextEncoder> Open(string model, string? prompt, int threads = 0, string? device = null)
    {
        var kept = !Directory.Exists(model) && ModelName.Parse(model) is { } name ? Find(name) : null;
        if (kept is null && !Directory.Exists(model))
            return ModelErrors.NotPulled(model);
        var path = kept is null ? model : PlaceOf(kept);
        try
        {
            var encoder = SentenceEncoder.Load(path, threads: threads == 0 ? Environment.ProcessorCount : threads, device: device ?? "cpu");
            return kept is null
                ? new TextEncoder(encoder, prompt, Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(path))), WeightsId(path))
                : new TextEncoder(encoder, prompt, kept.Repository, kept.Commit);
        }
        catch (EncoderException failure)
        {
            return ModelErrors.Unusable(failure.Message);
        }
    }

    private static string WeightsId(string folder)
    {
        const int digits = 16;
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var file in SafeTensors.FilesOf(folder))
        {
            using var content = File.OpenRead(Path.Combine(folder, file));
            hash.AppendData(SHA256.HashData(content));
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset())[..digits];
    }

    private static string FolderOf(string repository, string commit) => $"{repository.Replace("/", "--", StringComparison.Ordinal)}@{commit}";

    private static bool Is(KeptModel model, ModelName name)
        => model.Repository == name.Repository
            && (name.Revision is not { } revision || model.Revisions.Contains(revision, StringComparer.Ordinal) || (revision.Length >= LeastCommit && model.Commit.StartsWith(revision, StringComparison.Ordinal)));

    private static string Count(long number) => number.ToString("N0", CultureInfo.InvariantCulture);

    private static KeptModel? Read(string place)
    {
        try
        {
            return JsonSerializer.Deserialize<KeptModel>(File.ReadAllBytes(Path.Combine(place, Note)), Json);
        }
        catch (Exception failure) when (failure is IOException or JsonException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static KeptModel Write(string place, KeptModel model)
    {
        var half = Path.Combine(place, Note + ".new");
        File.WriteAllBytes(half, JsonSerializer.SerializeToUtf8Bytes(model, Json));
        File.Move(half, Path.Combine(place, Note), overwrite: true);
        return model;
    }

    private static async Task<FileStream> TurnAsync(string path, CancellationToken cancellation)
    {
        while (true)
        {
            try
            {
                return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException) when (File.Exists(path))
            {
                await Task.Delay(TimeSpan.FromMilliseconds(200), cancellation);
            }
        }
    }

    private static async Task<string> Sha256Async(string path, CancellationToken cancellation)
    {
        await using var content = File.OpenRead(path);
        return Convert.ToHexStringLower(await SHA256.HashDataAsync(content, cancellation));
    }

    [SuppressMessage("Security", "CA5350:Do Not Use Weak Cryptographic Algorithms", Justification = "It is how git names contents; large files come with a SHA-256.")]
    private static async Task<string> BlobIdAsync(string path, CancellationToken cancellation)
    {
        await using var content = File.OpenRead(path);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA1);
        hash.AppendData(System.Text.Encoding.ASCII.GetBytes($"blob {content.Length.ToString(CultureInfo.InvariantCulture)}\0"));
        var piece = new byte[128 * 1024];
        while (await content.ReadAsync(piece, cancellation) is > 0 and var count)
            hash.AppendData(piece, 0, count);
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private KeptModel? Find(ModelName name) => List().Where(model => Is(model, name)).MaxBy(model => model.PulledAt);

    private string PlaceOf(KeptModel model) => Path.Combine(folder, FolderOf(model.Repository, model.Commit));

    private async Task<KeptModel> FetchAsync(ModelName name, string commit, IReadOnlyList<HubFile> files, string begun, IProgress<PullProgress> progress, CancellationToken cancellation)
    {
        var (done, total) = (0L, files.Sum(file => file.Size));
        var fetched = new List<ModelFile>();
        Directory.CreateDirectory(begun);
        foreach (var file in files.OrderBy(file => file.IsWeights))
        {
            // What cannot be run is said before its weights come.
            if (file.IsWeights && !fetched.Exists(one => one.Path.EndsWith(".safetensors", StringComparison.Ordinal)))
            {
                EncoderSettings.Read(begun);
                EncoderTokens.Read(begun);
            }

            var path = Path.Combine(begun, file.Path);
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            var (before, sha256) = (done, string.Empty);
            for (var tries = 1; ; tries++)
            {
                await hub.FetchAsync(name, commit, file, path, bytes => progress.Report(new PullProgress(file.Path, before + bytes, total)), cancellation);
                sha256 = await Sha256Async(path, cancellation);
                if (file.Sha256 is not null ? file.Sha256 == sha256 : file.BlobId is null || file.BlobId == await BlobIdAsync(path, cancellation))
                    break;
                File.Delete(path);
                if (tries == 2)
                    throw new ModelException(ModelErrors.Damaged(file.Path));
            }

            done += file.Size;
            fetched.Add(new ModelFile(file.Path, file.Size, sha256));
        }

        using var encoder = SentenceEncoder.Load(begun);
        return Write(begun, new KeptModel(name.Repository, [name.Wanted], commit, encoder.Dimensions, encoder.Choice, time.GetUtcNow(), fetched));
    }

    private sealed class TextEncoder : ITextEncoder
    {
        private readonly SentenceEncoder encoder;
        private readonly string? prompt;

        /// <exception cref="EncoderException">The model has no such prompt.</exception>
        public TextEncoder(SentenceEncoder encoder, string? prompt, string name, string revision)
        {
            (this.encoder, this.prompt, Name, Revision) = (encoder, prompt, name, revision);
            encoder.Tokens(string.Empty, prompt);
        }

        public string Name { get; }

        public string Revision { get; }

        public int Dimensions => encoder.Dimensions;

        public string Choice => encoder.Choice;

        public IReadOnlyList<float[]> Encode(IReadOnlyList<string> texts, CancellationToken cancellation) => encoder.Encode(texts, prompt, cancellation);

        public void Dispose() => encoder.Dispose();
    }
}
