namespace AIChat.Application.Jobs;

/// <summary>A job failed and would fail again. Users who watch the job see the message.</summary>
public sealed class JobFailedException(string message) : Exception(message);

/// <summary>Another node took over the room that a job was working on; the job is retried later.</summary>
public sealed class LeaseLostException() : Exception("Another node holds the lease now.");
