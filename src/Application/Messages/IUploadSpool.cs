namespace AIChat.Application.Messages;

/// <summary>Keeps uploads in files on this node until their job has read them.</summary>
public interface IUploadSpool
{
    /// <summary>Writes the whole stream to disk under this name. If it breaks off or is too long, nothing is kept.</summary>
    /// <returns>The number of lines.</returns>
    Task<Result<long>> SaveAsync(string name, Stream content, CancellationToken cancellation);

    Stream Open(string name);

    void Delete(string name);
}
