using AIChat.Domain.Jobs;

namespace AIChat.Application.Jobs;

/// <summary>Runs stored jobs, soon and at least once.</summary>
public interface IJobQueue
{
    /// <summary>To be called when the job is stored. An import runs on the server that took the upload.</summary>
    void Enqueue(Job job);
}
