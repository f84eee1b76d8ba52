namespace AIChat.Benchmarks.Common;

/// <summary>A measurement that cannot go on; the message is the one sentence that the user reads.</summary>
internal sealed class BenchmarkException(string message, Exception? inner = null) : Exception(message, inner);
