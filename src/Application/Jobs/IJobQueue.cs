using AIChat.Domain.Jobs;

namespace AIChat.Application.Jobs;

/// <summary>Runs stored jobs, soon and at least once.</summary>
public interface IJobQueue
{
    void Enqueue(JobId job);
}
