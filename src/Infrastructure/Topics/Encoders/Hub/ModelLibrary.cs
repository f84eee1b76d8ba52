using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using AIChat.Application.Common;

namespace AIChat.Infrastructure.Topics.Encoders.Hub;

/// <summary>
/// Local models: one folder for each commit, with a note of its contents. A model is fetched into a folder of its own and moved to its target when it is complete and has
/// been loaded once. An unfinished download stays and is resumed.
/// </summary>
/// <param name="folder">Folder of all models.</param>
/// <param name="hub">The hub that they are fetched from.</param>
/// <param name="time">For the dates.</param>
internal sealed class ModelLibrary(string folder, ModelHub hub, TimeProvider time) : IModelLibrary
{
    private const string Note = "aichat-model.json";
    private const string Unfinished = ".pulling";
    private const int LeastCommit = 7;

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    public async Task<Result<KeptModel>> PullAsync(ModelName name, IProgress<PullProgress> progress, CancellationToken cancellation)
    {
        try
        {
            var (commit, all) = await hub.FindAsync(name, cancellation);
            Directory.CreateDirectory(Path.Combine(folder, Unfinished));
            var (target, unfinished) = (Path.Combine(folder, FolderOf(name.Repository, commit)), Path.Combine(folder, Unfinished, FolderOf(name.Repository, commit)));

            // Another pull of the same model is waited for; its result is then found.
            using var exclusive = await LockAsync(unfinished + ".lock", cancellation);
            if (Read(target) is { } complete)
                return Write(target, complete with { Revisions = [.. complete.Revisions.Union([name.Wanted], StringComparer.Ordinal)], PulledAt = time.GetUtcNow() });
            var files = HubFile.Needed(all);
            if (!files.Any(file => file.IsWeights))
                return ModelErrors.Unusable($"{name} has no weights in safetensors (model.safetensors); another format, such as a pickle, is not read.");
            var kept = await FetchAsync(name, commit, files, unfinished, progress, cancellation);
            if (Directory.Exists(target))
                Directory.Delete(target, recursive: true);
            Directory.Move(unfinished, target);
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
            var path = Path.Combine(PathOf(model), file.Path);
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
            // Moved first, so that a half-removed model is not found.
            var removed = Path.Combine(folder, Unfinished, Path.GetRandomFileName());
            Directory.CreateDirectory(Path.Combine(folder, Unfinished));
            Directory.Move(PathOf(model), removed);
            Directory.Delete(removed, recursive: true);
        }

        var unfinished = name.Revision is null && Directory.Exists(Path.Combine(folder, Unfinished)) ? Directory.GetDirectories(Path.Combine(folder, Unfinished), FolderOf(name.Repository, "*")) : [];
        foreach (var download in unfinished)
            Directory.Delete(download, recursive: true);
        return models.Count + unfinished.Length == 0 ? ModelErrors.NotPulled(name.ToString()) : models.Count + unfinished.Length;
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
        var path = kept is null ? model : PathOf(kept);
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

    private static KeptModel? Read(string target)
    {
        try
        {
            return JsonSerializer.Deserialize<KeptModel>(File.ReadAllBytes(Path.Combine(target, Note)), Json);
        }
        catch (Exception failure) when (failure is IOException or JsonException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static KeptModel Write(string target, KeptModel model)
    {
        var written = Path.Combine(target, Note + ".new");
        File.WriteAllBytes(written, JsonSerializer.SerializeToUtf8Bytes(model, Json));
        File.Move(written, Path.Combine(target, Note), overwrite: true);
        return model;
    }

    private static async Task<FileStream> LockAsync(string path, CancellationToken cancellation)
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

    private string PathOf(KeptModel model) => Path.Combine(folder, FolderOf(model.Repository, model.Commit));

    private async Task<KeptModel> FetchAsync(ModelName name, string commit, IReadOnlyList<HubFile> files, string unfinished, IProgress<PullProgress> progress, CancellationToken cancellation)
    {
        var (done, total) = (0L, files.Sum(file => file.Size));
        var fetched = new List<ModelFile>();
        Directory.CreateDirectory(unfinished);
        foreach (var file in files.OrderBy(file => file.IsWeights))
        {
            // An unsupported model is refused before its weights are fetched.
            if (file.IsWeights && !fetched.Exists(one => one.Path.EndsWith(".safetensors", StringComparison.Ordinal)))
            {
                EncoderSettings.Read(unfinished);
                EncoderTokens.Read(unfinished);
            }

            var path = Path.Combine(unfinished, file.Path);
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

        using var encoder = SentenceEncoder.Load(unfinished);
        return Write(unfinished, new KeptModel(name.Repository, [name.Wanted], commit, encoder.Dimensions, encoder.Choice, time.GetUtcNow(), fetched));
    }

    private sealed class TextEncoder : ITextEncoder
    {
        private readonly SentenceEncoder _encoder;
        private readonly string? _prompt;

        /// <exception cref="EncoderException">The model has no such prompt.</exception>
        public TextEncoder(SentenceEncoder encoder, string? prompt, string name, string revision)
        {
            (_encoder, _prompt, Name, Revision) = (encoder, prompt, name, revision);
            encoder.Tokens(string.Empty, prompt);
        }

        public string Name { get; }

        public string Revision { get; }

        public int Dimensions => _encoder.Dimensions;

        public string Choice => _encoder.Choice;

        public IReadOnlyList<float[]> Encode(IReadOnlyList<string> texts, CancellationToken cancellation) => _encoder.Encode(texts, _prompt, cancellation);

        public void Dispose() => _encoder.Dispose();
    }
}
