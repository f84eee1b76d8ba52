using System.Text.RegularExpressions;

namespace AIChat.Application.Common;

/// <summary>Sentence encoders on this machine, each in a folder laid out as on the Hugging Face hub.</summary>
public interface IModelLibrary
{
    /// <summary>Downloads the files of a model, checks them and loads the model once. After an interruption the next call continues; an incomplete model is never visible.</summary>
    /// <param name="name">The model.</param>
    /// <param name="progress">Receives reports from time to time, from any thread.</param>
    /// <param name="cancellation">Stops between two blocks.</param>
    Task<Result<KeptModel>> PullAsync(ModelName name, IProgress<PullProgress> progress, CancellationToken cancellation);

    /// <summary>All complete models by name, the newest revision of a name first.</summary>
    IReadOnlyList<KeptModel> List();

    /// <summary>Reads every file of a model again and compares checksums.</summary>
    /// <returns>A sentence for each damaged file; empty: all are as downloaded.</returns>
    Task<Result<IReadOnlyList<string>>> VerifyAsync(ModelName name, CancellationToken cancellation);

    /// <summary>Removes a model, complete or not; without a revision, all its revisions.</summary>
    /// <returns>The number of removed revisions.</returns>
    Result<int> Remove(ModelName name);

    /// <summary>Why the model in a folder cannot be run, according to its configuration; null: it can.</summary>
    Error? WhyNot(string folder);

    /// <summary>Loads a model.</summary>
    /// <param name="model">The name of a downloaded model, or a folder.</param>
    /// <param name="prompt">The name of the model's prompt ("query", "passage"), which precedes each text; null: the model's default.</param>
    /// <param name="threads">Threads of a forward pass; 0: one for each processor.</param>
    /// <param name="device"><c>cpu</c>, <c>cuda</c> or <c>cuda:1</c>; null: <c>cpu</c>.</param>
    Result<ITextEncoder> Open(string model, string? prompt, int threads = 0, string? device = null);
}

/// <summary>A loaded model; disposing it frees its memory.</summary>
public interface ITextEncoder : IDisposable
{
    /// <summary>The model's name on the hub, or its folder's name.</summary>
    string Name { get; }

    /// <summary>The commit; for a folder, a prefix of its weights' SHA-256.</summary>
    string Revision { get; }

    int Dimensions { get; }

    /// <summary>The number format it runs with, and why.</summary>
    string Choice { get; }

    /// <summary>One vector for each text, in the same order.</summary>
    IReadOnlyList<float[]> Encode(IReadOnlyList<string> texts, CancellationToken cancellation);
}

/// <summary>A model on the hub: <c>intfloat/multilingual-e5-small</c>, optionally followed by @ and a branch, tag or commit (default: main).</summary>
public sealed partial record ModelName(string Repository, string? Revision)
{
    private const string Main = "main";

    /// <summary>The branch, tag or commit to request.</summary>
    public string Wanted => Revision ?? Main;

    public static ModelName? Parse(string text)
        => text.Length <= 200 && Shape().Match(text) is { Success: true } match && !text.Contains("..", StringComparison.Ordinal)
            ? new ModelName(match.Groups["repository"].Value, match.Groups["revision"] is { Success: true } revision ? revision.Value : null)
            : null;

    public override string ToString() => Revision is null ? Repository : $"{Repository}@{Revision}";

    [GeneratedRegex(@"\A(?<repository>[A-Za-z0-9][A-Za-z0-9._-]*(/[A-Za-z0-9][A-Za-z0-9._-]*)?)(@(?<revision>[A-Za-z0-9][A-Za-z0-9._/-]*))?\z", RegexOptions.ExplicitCapture, Timeout.Infinite)]
    private static partial Regex Shape();
}

/// <summary>A complete model.</summary>
/// <param name="Repository">Its name on the hub.</param>
/// <param name="Revisions">The branches, tags and commits under which it was pulled.</param>
/// <param name="Commit">The commit that they resolved to: 40 hexadecimal digits.</param>
/// <param name="Dimensions">Dimensions of its vectors.</param>
/// <param name="Choice">The number format that this machine runs it with, and why.</param>
/// <param name="PulledAt">When it was last pulled.</param>
/// <param name="Files">All its files.</param>
public sealed record KeptModel(string Repository, IReadOnlyList<string> Revisions, string Commit, int Dimensions, string Choice, DateTimeOffset PulledAt, IReadOnlyList<ModelFile> Files)
{
    public long Size => Files.Sum(file => file.Size);
}

/// <param name="Path">Relative to the model's folder.</param>
/// <param name="Size">In bytes.</param>
/// <param name="Sha256">In hexadecimal.</param>
public sealed record ModelFile(string Path, long Size, string Sha256);

/// <summary>The progress of a pull.</summary>
/// <param name="File">The current file.</param>
/// <param name="Done">Bytes received, over all files.</param>
/// <param name="Total">Bytes of all files.</param>
public sealed record PullProgress(string File, long Done, long Total);

public static class ModelErrors
{
    public static readonly Error BadName = Error.Invalid("model_bad_name", "That is not a model's name; give one such as intfloat/multilingual-e5-small or intfloat/multilingual-e5-small@REVISION.");

    public static Error NotPulled(string model) => Error.NotFound("model_not_pulled", $"The model {model} is not downloaded, and there is no folder of that name; download it with: models pull NAME.");

    public static Error NotFound(ModelName name) => Error.NotFound("model_not_found", $"The hub has no model {name}; correct the name or the revision.");

    public static Error Forbidden(ModelName name, bool hasToken) => Error.Forbidden("model_forbidden", hasToken
        ? $"HF_TOKEN may not read {name}; accept its licence on its page, or give a token that may."
        : $"{name} is not public; correct the name, or set HF_TOKEN to a token that may read it.");

    public static Error Unusable(string why) => Error.Invalid("model_unusable", why);

    public static Error Damaged(string file) => new("model_damaged", $"Two downloads of {file} did not match its checksum; try again later, or set HF_ENDPOINT to another hub.", ErrorKind.Unavailable);

    public static Error HubAway(string why) => new("model_hub_unavailable", why + " Downloaded parts are kept; the same command continues.", ErrorKind.Unavailable);

    public static Error Disk(string why) => new("model_disk", $"The model cannot be stored: {why} Free disk space or correct the permissions; the same command continues.", ErrorKind.Unavailable);
}
