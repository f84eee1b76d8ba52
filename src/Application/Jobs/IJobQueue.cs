using AIChat.Domain.Jobs;

namespace AIChat.Application.Jobs;

/// <summary>Runs stored jobs soon, each at least once.</summary>
public interface IJobQueue
{
    /// <summary>Call it after the job is stored. An import runs on the server that received the upload.</summary>
    void Enqueue(Job job);
}
