namespace AIChat.Application.Messages;

/// <summary>Keeps uploads in files of this node until their job has read them.</summary>
public interface IUploadSpool
{
    /// <summary>Writes the whole stream to disk under this name. When it breaks off or is too long nothing is left behind.</summary>
    /// <returns>How many lines it has.</returns>
    Task<Result<long>> SaveAsync(string name, Stream content, CancellationToken cancellation);

    Stream Open(string name);

    void Delete(string name);
}
