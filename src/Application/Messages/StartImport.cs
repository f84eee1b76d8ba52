using System.Text.Json;
using AIChat.Application.Jobs;
using AIChat.Application.Messages.Transcripts;
using AIChat.Application.Rooms;
using AIChat.Domain.Jobs;

namespace AIChat.Application.Messages;

/// <summary>A room's owner imports a transcript. This returns when the file is on disk and its job stored; <see cref="RunImport"/> reads it.</summary>
/// <param name="Room">The room that gets the messages.</param>
/// <param name="By">The owner.</param>
/// <param name="Format">One of <see cref="TranscriptFormats.Names"/>.</param>
/// <param name="FirstDay">The day of the first line, for formats whose lines have only a clock; null: today (UTC).</param>
/// <param name="Content">The transcript, UTF-8.</param>
public sealed record StartImport(RoomId Room, UserId By, string? Format, string? FirstDay, Stream Content) : IRequest<Result<JobStarted>>;

internal sealed class StartImportHandler(RoomAccess access, IUploadSpool spool, IJobRepository jobs, IJobQueue queue, IIdGenerator ids, TimeProvider time)
    : IRequestHandler<StartImport, Result<JobStarted>>
{
    public async Task<Result<JobStarted>> Handle(StartImport request, CancellationToken cancellationToken)
    {
        if (!(await access.ToOwnAsync(request.Room, request.By, cancellationToken)).Succeeded(out var room, out var refusal))
            return refusal;
        if (TranscriptFormats.Find(request.Format) is not { } format)
            return ImportErrors.Format;
        var day = DateOnly.FromDateTime(time.GetUtcNow().UtcDateTime);
        if (request.FirstDay is { } text && (!DateOnly.TryParseExact(text, "yyyy-MM-dd", out day) || day.Year is < 1970 or > 9000))
            return ImportErrors.Date;

        var id = new JobId(ids.New());
        if (!(await spool.SaveAsync(id.Value, request.Content, cancellationToken)).Succeeded(out var lines, out refusal))
            return refusal;
        var job = Job.Queue(id, JobKind.Import, room.Id, request.By, JsonSerializer.Serialize(new ImportInput(format.Name, day)), lines, time.GetUtcNow());
        try
        {
            await jobs.AddAsync(job, CancellationToken.None);
        }
        catch
        {
            spool.Delete(id.Value);
            throw;
        }

        queue.Enqueue(job);
        return new JobStarted(id.Value);
    }
}

public static class ImportErrors
{
    public static readonly Error Format = Error.Invalid("format_unknown", $"format is {string.Join(" or ", TranscriptFormats.Names)}.");
    public static readonly Error Date = Error.Invalid("date_bad", "date is the day of the first line, such as 2026-01-31.");
    public static readonly Error BrokenOff = Error.Invalid("upload_broken_off", "The upload ended early; nothing was imported. Send it again.");
    public static readonly Error Empty = Error.Invalid("upload_empty", "Send the transcript in the request's body.");
    public static readonly Error TooLarge = new("import_too_large", "The transcript is too large; send it in parts.", ErrorKind.TooLarge);
}
