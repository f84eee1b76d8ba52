using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace AIChat.Tests;

/// <summary>The hub's protocol over a folder: listings at one address, large contents behind a redirect at another, as the real one does it. Fails where it is told to.</summary>
public sealed class LocalHub : IAsyncDisposable
{
    public const string Repository = "somebody/tiny-encoder";

    public const string Commit = "0123456789abcdef0123456789abcdef01234567";

    private readonly WebApplication _app;

    private LocalHub(WebApplication app) => _app = app;

    public Uri Address => new(_app.Urls.First());

    /// <summary>What the model is.</summary>
    public required string Folder { get; init; }

    /// <summary>Without it, nothing is shown; null: all is.</summary>
    public string? Token { get; set; }

    /// <summary>Takes an answer over; true: it has answered.</summary>
    public Func<HttpContext, Task<bool>> Fault { get; set; } = _ => Task.FromResult(false);

    /// <summary>All that was asked: the path, the token, and from which byte on.</summary>
    public ConcurrentQueue<(string Path, string? Token, long From)> Asked { get; } = [];

    public int Contents(string file) => Asked.Count(one => one.Path == "/content/" + file);

    public static async Task<LocalHub> StartAsync(string folder)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0", "http://127.0.0.1:0");
        builder.Services.AddRouting();
        var app = builder.Build();
        var hub = new LocalHub(app) { Folder = folder };
        app.Use(async (context, next) =>
        {
            var request = context.Request;
            hub.Asked.Enqueue((request.Path, request.Headers.Authorization is [{ } token] ? token : null, request.GetTypedHeaders().Range?.Ranges.First().From ?? 0));
            if (!await hub.Fault(context))
                await next();
        });
        app.MapGet("/api/models/{owner}/{name}/revision/{revision}", hub.List);
        app.MapGet("/{owner}/{name}/resolve/{commit}/{**file}", hub.Resolve);
        app.MapGet("/content/{**file}", hub.Content);
        await app.StartAsync();
        return hub;
    }

    /// <summary>A folder of its own with a copy of a model.</summary>
    public static string Copy(string model)
    {
        var copy = Directory.CreateTempSubdirectory("aichat-hub-").FullName;
        foreach (var file in Directory.EnumerateFiles(model, "*", SearchOption.AllDirectories))
        {
            var path = Path.Combine(copy, Path.GetRelativePath(model, file));
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.Copy(file, path);
        }

        return copy;
    }

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync(new CancellationToken(canceled: true));
        await _app.DisposeAsync();
    }

    private static string BlobId(byte[] content)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA1);
        hash.AppendData(Encoding.ASCII.GetBytes(FormattableString.Invariant($"blob {content.Length}\0")));
        hash.AppendData(content);
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private static bool IsLarge(string file) => file.EndsWith(".safetensors", StringComparison.Ordinal) || file.EndsWith(".bin", StringComparison.Ordinal);

    private IResult List(string owner, string name, string revision, HttpRequest request)
    {
        if (Token is { } token && request.Headers.Authorization != "Bearer " + token)
            return Results.Json(new { error = "Invalid username or password." }, statusCode: 401);
        if ($"{owner}/{name}" != Repository || revision is not ("main" or "v1" or Commit))
            return Results.NotFound(new { error = "Repository not found" });
        var files = Directory.EnumerateFiles(Folder, "*", SearchOption.AllDirectories).Select(path =>
        {
            var content = File.ReadAllBytes(path);
            var file = Path.GetRelativePath(Folder, path).Replace('\\', '/');
            return new { rfilename = file, size = content.Length, blobId = BlobId(content), lfs = IsLarge(file) ? new { sha256 = Convert.ToHexStringLower(SHA256.HashData(content)), size = content.Length } : null };
        });
        return Results.Json(new { id = Repository, sha = Commit, siblings = files });
    }

    private IResult Resolve(string commit, string file, HttpRequest request)
    {
        if (Token is { } token && request.Headers.Authorization != "Bearer " + token)
            return Results.StatusCode(401);
        if (commit != Commit)
            return Results.NotFound();
        return IsLarge(file) ? Results.Redirect(new Uri(new Uri(_app.Urls.Last()), "content/" + file).ToString()) : Content(file);
    }

    private IResult Content(string file) => Results.File(File.ReadAllBytes(Path.Combine(Folder, file)), "application/octet-stream", enableRangeProcessing: true);
}
