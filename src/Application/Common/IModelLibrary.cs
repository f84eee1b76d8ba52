using System.Text.RegularExpressions;

namespace AIChat.Application.Common;

/// <summary>Sentence encoders kept on this machine, each in a folder as the Hugging Face hub serves it.</summary>
public interface IModelLibrary
{
    /// <summary>Fetches what is needed of a model, checks it and loads it once. Stopped at any moment, it goes on where it was when it is asked again; nobody sees half a model.</summary>
    /// <param name="name">Which.</param>
    /// <param name="progress">Told now and then, from any thread.</param>
    /// <param name="cancellation">Ends it between two pieces.</param>
    Task<Result<KeptModel>> PullAsync(ModelName name, IProgress<PullProgress> progress, CancellationToken cancellation);

    /// <summary>All that are whole, by name, the newest of a name first.</summary>
    IReadOnlyList<KeptModel> List();

    /// <summary>Reads every file again.</summary>
    /// <returns>What is wrong, a sentence for each file; none: all is as it was fetched.</returns>
    Task<Result<IReadOnlyList<string>>> VerifyAsync(ModelName name, CancellationToken cancellation);

    /// <summary>Removes a model, and what was begun of it; without a revision all revisions of it.</summary>
    /// <returns>How many went.</returns>
    Result<int> Remove(ModelName name);

    /// <summary>Whether a folder holds a model that can be run, as far as its settings tell; null: it does.</summary>
    Error? WhyNot(string folder);

    /// <summary>Loads a model to embed with.</summary>
    /// <param name="model">The name of one that is kept, or a folder.</param>
    /// <param name="prompt">What the model wants before a text, by its name ("query", "passage"); null: its own choice.</param>
    /// <param name="threads">Threads of one pass; 0: as many as there are processors.</param>
    /// <param name="device"><c>cpu</c>, <c>cuda</c> or <c>cuda:1</c>; null: the processor.</param>
    Result<ITextEncoder> Open(string model, string? prompt, int threads = 0, string? device = null);
}

/// <summary>A model in memory; disposing it frees that.</summary>
public interface ITextEncoder : IDisposable
{
    /// <summary>Its name at the hub, or its folder's.</summary>
    string Name { get; }

    /// <summary>Its commit; for a folder, the beginning of its weights' SHA-256.</summary>
    string Revision { get; }

    int Dimensions { get; }

    /// <summary>The kind of numbers it runs with, and why.</summary>
    string Choice { get; }

    /// <summary>One vector for each text, in their order.</summary>
    IReadOnlyList<float[]> Encode(IReadOnlyList<string> texts, CancellationToken cancellation);
}

/// <summary>A model of the hub: <c>intfloat/multilingual-e5-small</c>, with a branch, tag or commit behind an @ where not the main branch is meant.</summary>
public sealed partial record ModelName(string Repository, string? Revision)
{
    private const string Main = "main";

    /// <summary>What to ask the hub for.</summary>
    public string Wanted => Revision ?? Main;

    public static ModelName? Parse(string text)
        => text.Length <= 200 && Shape().Match(text) is { Success: true } match && !text.Contains("..", StringComparison.Ordinal)
            ? new ModelName(match.Groups["repository"].Value, match.Groups["revision"] is { Success: true } revision ? revision.Value : null)
            : null;

    public override string ToString() => Revision is null ? Repository : $"{Repository}@{Revision}";

    [GeneratedRegex(@"\A(?<repository>[A-Za-z0-9][A-Za-z0-9._-]*(/[A-Za-z0-9][A-Za-z0-9._-]*)?)(@(?<revision>[A-Za-z0-9][A-Za-z0-9._/-]*))?\z", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Shape();
}

/// <summary>A model that is whole.</summary>
/// <param name="Repository">Its name at the hub.</param>
/// <param name="Revisions">Under which it was asked for: branches, tags, commits.</param>
/// <param name="Commit">What they meant: 40 hexadecimal digits.</param>
/// <param name="Dimensions">Of its vectors.</param>
/// <param name="Choice">The kind of numbers that this machine runs it with, and why.</param>
/// <param name="PulledAt">When it was last asked for.</param>
/// <param name="Files">All of them.</param>
public sealed record KeptModel(string Repository, IReadOnlyList<string> Revisions, string Commit, int Dimensions, string Choice, DateTimeOffset PulledAt, IReadOnlyList<ModelFile> Files)
{
    public long Size => Files.Sum(file => file.Size);
}

/// <param name="Path">Within the model's folder.</param>
/// <param name="Size">In bytes.</param>
/// <param name="Sha256">As hexadecimal digits.</param>
public sealed record ModelFile(string Path, long Size, string Sha256);

/// <summary>How far a pull is.</summary>
/// <param name="File">What comes in.</param>
/// <param name="Done">Bytes of all files.</param>
/// <param name="Total">Of so many.</param>
public sealed record PullProgress(string File, long Done, long Total);

public static class ModelErrors
{
    public static readonly Error BadName = Error.Invalid("model_bad_name", "That is no model's name; one is intfloat/multilingual-e5-small, or intfloat/multilingual-e5-small@REVISION.");

    public static Error NotPulled(string model) => Error.NotFound("model_not_pulled", $"There is no model {model} here, and no folder of that name; fetch it with: models pull NAME.");

    public static Error NotFound(ModelName name) => Error.NotFound("model_not_found", $"The hub has no model {name}; correct the name or the revision.");

    public static Error Forbidden(ModelName name, bool hasToken) => Error.Forbidden("model_forbidden", hasToken
        ? $"HF_TOKEN may not read {name}; accept its licence on its page, or give a token that may."
        : $"The hub does not show {name} to everybody; correct the name, or put a token that may read it into HF_TOKEN.");

    public static Error Unusable(string why) => Error.Invalid("model_unusable", why);

    public static Error Damaged(string file) => new("model_damaged", $"{file} did not arrive as the hub describes it, twice; try again later, or set HF_ENDPOINT to another hub.", ErrorKind.Unavailable);

    public static Error HubAway(string why) => new("model_hub_unavailable", why + " What has arrived is kept; the same command goes on from there.", ErrorKind.Unavailable);

    public static Error Disk(string why) => new("model_disk", $"The model cannot be kept: {why} Make room or correct the rights; the same command goes on from there.", ErrorKind.Unavailable);
}
