namespace AIChat.Api.Commands;

/// <summary>How commands end when they refuse or fail.</summary>
internal static class Failure
{
    private const int ExitCode = 1;

    /// <summary>Prints one sentence to the error stream.</summary>
    /// <returns>The exit code.</returns>
    public static async Task<int> FailAsync(string why)
    {
        await Console.Error.WriteLineAsync(why);
        return ExitCode;
    }
}
