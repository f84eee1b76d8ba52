using AIChat.Application.Messages;
using AIChat.Infrastructure.Common;

namespace AIChat.Infrastructure.Jobs;

/// <summary>Uploads as files in one folder. A file whose name does not end in <c>.part</c> is complete and on disk.</summary>
internal sealed class FileSpool(StorageOptions storage, JobOptions options, TimeProvider time) : IUploadSpool
{
    private readonly string _folder = Path.Combine(storage.Folder, "uploads");
    private readonly DateTimeOffset _started = time.GetUtcNow();

    public async Task<Result<long>> SaveAsync(string name, Stream content, CancellationToken cancellation)
    {
        Directory.CreateDirectory(_folder);
        var part = PathOf(name) + ".part";
        try
        {
            if (!(await WriteAsync(part, content, cancellation)).Succeeded(out var lines, out var refusal))
            {
                File.Delete(part);
                return refusal;
            }

            File.Move(part, PathOf(name));
            return lines;
        }
        catch (IOException failure)
        {
            File.Delete(part);
            throw new StoreUnavailableException(Disk.IsFull(failure) ? "storage_full" : "storage_unavailable", "The upload could not be stored.", failure);
        }
        catch
        {
            File.Delete(part);
            throw;
        }
    }

    public Stream Open(string name) => new FileStream(PathOf(name), FileMode.Open, FileAccess.Read, FileShare.Read, 64 * 1024, useAsync: true);

    public bool Holds(string name) => File.Exists(PathOf(name));

    public void Delete(string name) => File.Delete(PathOf(name));

    /// <summary>Deletes files that no job will read: uploads that broke off, and uploads without a job because of a crash. Files from after the start are kept, since they may still get a job.</summary>
    public void Sweep(IReadOnlySet<string> wanted)
    {
        if (!Directory.Exists(_folder))
            return;
        foreach (var file in Directory.EnumerateFiles(_folder).Where(file => !wanted.Contains(Path.GetFileName(file)) && File.GetLastWriteTimeUtc(file) < _started.UtcDateTime).ToList())
            File.Delete(file);
    }

    private string PathOf(string name) => Path.Combine(_folder, name);

    private async Task<Result<long>> WriteAsync(string path, Stream content, CancellationToken cancellation)
    {
        long bytes = 0, lines = 0;
        var buffer = new byte[64 * 1024];
        byte last = (byte)'\n';
        await using var file = new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0, useAsync: true);
        while (true)
        {
            int read;
            try
            {
                read = await content.ReadAsync(buffer, cancellation);
            }
            catch (Exception failure) when (failure is IOException or OperationCanceledException)
            {
                return ImportErrors.BrokenOff;
            }

            if (read == 0)
                break;
            bytes += read;
            if (bytes > options.ImportMaxBytes)
                return ImportErrors.TooLarge;
            lines += buffer.AsSpan(0, read).Count((byte)'\n');
            last = buffer[read - 1];
            await file.WriteAsync(buffer.AsMemory(0, read), cancellation);
        }

        if (bytes == 0)
            return ImportErrors.Empty;
        file.Flush(flushToDisk: true);
        return last == '\n' ? lines : lines + 1;
    }
}
