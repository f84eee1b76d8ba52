namespace AIChat.Application.Jobs;

/// <summary>A job cannot go on, and trying again would not help. The message is for the people who watch the job.</summary>
public sealed class JobFailedException(string message) : Exception(message);

/// <summary>Another node took over what a job was working on; trying again later helps.</summary>
public sealed class LeaseLostException() : Exception("Another node holds the lease now.");
