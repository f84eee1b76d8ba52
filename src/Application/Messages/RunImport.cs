using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using AIChat.Application.Common;
using AIChat.Application.Jobs;
using AIChat.Application.Messages.Transcripts;
using AIChat.Domain.Jobs;

namespace AIChat.Application.Messages;

/// <summary>Runs an import from its cursor to its end. It may run any number of times: a stored line is not stored again.</summary>
public sealed record RunImport(Job Job) : IRequest<Result<Nothing>>;

/// <summary>A batch of imported messages was stored.</summary>
public sealed record MessagesImported(RoomId Room) : INotification;

/// <summary>An import reached the end of its transcript.</summary>
public sealed record ImportFinished(RoomId Room) : INotification;

internal sealed class RunImportHandler(IMessageRepository messages, IJobRepository jobs, IUploadSpool spool, TimeProvider time, EventPublisher events)
    : IRequestHandler<RunImport, Result<Nothing>>
{
    private const int BatchSize = 250;

    public async Task<Result<Nothing>> Handle(RunImport request, CancellationToken cancellationToken)
    {
        var job = request.Job;
        var input = JsonSerializer.Deserialize<ImportInput>(job.Input)!;
        if (TranscriptFormats.Find(input.Format) is not { } format)
            throw new JobFailedException($"This server cannot read the format {input.Format}.");
        var start = job.Cursor is null ? 0 : long.Parse(job.Cursor, System.Globalization.CultureInfo.InvariantCulture);

        // A crash between storing a batch and storing the cursor leaves an old cursor; the stored messages tell the real position.
        var stored = await messages.LastImportedLineAsync(job.RoomId, job.Id, cancellationToken);
        job.Start();
        await jobs.SaveAsync(job, cancellationToken);

        var batch = new List<Message>(BatchSize);
        var rejected = new List<RejectedLine>();
        await using (var content = spool.Open(job.Id.Value))
        {
            // Lines before the cursor are read again, because the day of a clock and the first line of a message depend on them, but they are not stored again.
            await foreach (var read in TranscriptReader.ReadAsync(content, format, input.FirstDay, cancellationToken))
            {
                if (read.Number <= start)
                    continue;
                if (read.RejectedFor is { } code)
                    rejected.Add(new RejectedLine(read.Number, code));
                else if (read.Line is { IsSystem: false } line && line.Number > stored)
                    Add(line);
                if (batch.Count == BatchSize || (read.Number - job.Done >= 10 * BatchSize))
                    await StoreAsync(read.Number);
            }
        }

        await StoreAsync(job.Total);
        job.Succeed(time.GetUtcNow());
        await jobs.SaveAsync(job, cancellationToken);
        spool.Delete(job.Id.Value);
        await events.PublishAsync(new ImportFinished(job.RoomId));
        return Nothing.Instance;

        void Add(TranscriptLine line)
        {
            var id = IdOf(job.Id, line.Id is { } own ? "id:" + own : "line:" + line.Number);
            MessageId? replyTo = line.ReplyTo is { } answered ? IdOf(job.Id, "id:" + answered) : null;
            if (Message.Import(id, job.RoomId, job.Id, line.Number, line.Nickname, Clean(line.Content), line.CreatedAt, replyTo).Succeeded(out var message, out var refusal))
                batch.Add(message);
            else
                rejected.Add(new RejectedLine(line.Number, refusal.Code));
        }

        async Task StoreAsync(long upTo)
        {
            var fresh = await WithoutRepeatsAsync(batch, rejected, cancellationToken);
            if (fresh.Count > 0)
            {
                if ((await messages.AppendAsync(job.RoomId, fresh, cancellationToken)).Error is { } gone)
                    throw new JobFailedException(gone.Message);
                await events.PublishAsync(new MessagesImported(job.RoomId));
            }

            job.Reject(rejected.OrderBy(line => line.Line));
            job.Advance(upTo, Math.Max(job.Total, upTo), upTo.ToString(System.Globalization.CultureInfo.InvariantCulture));
            await jobs.SaveAsync(job, cancellationToken);
            batch.Clear();
            rejected.Clear();
        }
    }

    /// <summary>
    /// Rejects lines whose id an earlier line has, and drops replies to lines that are missing: a transcript often begins in the middle of a conversation, and its
    /// messages are worth more than the reply.
    /// </summary>
    private async Task<IReadOnlyList<Message>> WithoutRepeatsAsync(List<Message> batch, List<RejectedLine> rejected, CancellationToken cancellation)
    {
        if (batch.Count == 0)
            return [];
        var wanted = batch.Select(message => message.Id).Concat(batch.Where(message => message.ReplyTo is not null).Select(message => message.ReplyTo!.Value));
        var known = (await messages.FindManyAsync(batch[0].RoomId, wanted.ToHashSet(), cancellation)).Select(message => message.Id).ToHashSet();
        var fresh = new List<Message>(batch.Count);
        foreach (var message in batch)
        {
            if (message.ReplyTo is { } answered && !known.Contains(answered))
                message.DropReply();
            if (known.Add(message.Id))
                fresh.Add(message);
            else
                rejected.Add(new RejectedLine(message.ImportLine!.Value, "id_repeated"));
        }

        return fresh;
    }

    // The id is derived from job and line, so that replies resolve without a table of ids and a repeated run finds its messages.
    private static MessageId IdOf(JobId job, string line) => new(Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(job.Value + "/" + line)).AsSpan(0, 16)));

    // NUL cannot be stored; other control characters, such as IRC formatting, are kept.
    private static string Clean(string content) => content.Replace("\0", string.Empty, StringComparison.Ordinal);
}
