using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using AIChat.Application.Jobs;
using AIChat.Application.Messages;
using AIChat.Application.Reads;
using AIChat.Domain.Rooms;
using AIChat.Infrastructure.Jobs;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Http.HttpResults;

namespace AIChat.Api.Messages;

internal static class TransferEndpoints
{
    private static readonly Error ExportFormat = Error.Invalid("format_unknown", "format is jsonl.");

    private static readonly JsonSerializerOptions ExportJson = new(JsonSerializerDefaults.Web)
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, // Korean stays legible in the file, which is never put into HTML
        Converters = { new UtcTimes() },
    };

    public static void MapTransfer(this IEndpointRouteBuilder routes)
    {
        var transfer = routes.MapGroup("/chat/{channelId}").WithTags("Messages").RequireAuthorization();
        transfer.MapPost("/import", ImportAsync).Accepts<Stream>("*/*")
            .WithSummary("Import a transcript (owner only)");
        transfer.MapGet("/export", ExportAsync).WithSummary("Export all messages as JSON Lines");
    }

    private static Task<Results<Accepted<JobStarted>, ProblemHttpResult>> ImportAsync(
        string channelId, string? format, string? date, IMediator mediator, JobOptions jobs, HttpContext http)
    {
        if (http.Request.ContentLength > jobs.ImportMaxBytes)
            return Task.FromResult<Results<Accepted<JobStarted>, ProblemHttpResult>>(http.Problem(ImportErrors.TooLarge));

        // The spool counts bytes itself and refuses with our own code.
        http.Features.GetRequiredFeature<IHttpMaxRequestBodySizeFeature>().MaxRequestBodySize = null;
        return mediator.AcceptedAsync(new StartImport(new RoomId(channelId), http.Me(), format, date, http.Request.Body), http, job => $"/jobs/{job.JobId}");
    }

    private static async Task<Results<PushStreamHttpResult, ProblemHttpResult>> ExportAsync(string channelId, string? format, IMediator mediator, HttpContext http)
    {
        if (format is not (null or "jsonl"))
            return http.Problem(ExportFormat);
        if (!(await mediator.Send(new ExportRoom(new RoomId(channelId), http.Me()), http.RequestAborted)).Succeeded(out var export, out var error))
            return http.Problem(error);

        // The file's name contains the room's id; the room's name is free text.
        return TypedResults.Stream(body => WriteAsync(export, body, http.RequestAborted), "application/x-ndjson", $"room-{channelId}.jsonl");
    }

    private static async Task WriteAsync(RoomExport export, Stream body, CancellationToken cancellation)
    {
        await foreach (var line in export.Lines.WithCancellation(cancellation))
        {
            await JsonSerializer.SerializeAsync(body, line, ExportJson, cancellation);
            await body.WriteAsync("\n"u8.ToArray(), cancellation);
        }
    }
}
