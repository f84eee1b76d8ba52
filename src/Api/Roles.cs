using AIChat.Api.Classifier;
using AIChat.Infrastructure;

namespace AIChat.Api;

/// <summary>Which role of the program runs: the whole server, or with <c>--role classifier</c> the classifier alone.</summary>
internal static class Roles
{
    private const string Option = "--role";

    public static async Task<int> RunAsync(string[] args)
    {
        switch (NameIn(args))
        {
            case null:
                return await Hosting.RunAsync(settings => Server.Build(args, settings), services => services.OpenStoreAsync(CancellationToken.None));
            case "classifier":
                return await Hosting.RunAsync(settings => ClassifierServer.Build(args, settings), _ => Task.CompletedTask);
            default:
                await Console.Error.WriteLineAsync("--role is not known; it is classifier, or left out for the whole server.");
                return 1;
        }
    }

    private static string? NameIn(string[] args)
    {
        var at = Array.FindIndex(args, arg => arg == Option || arg.StartsWith(Option + "=", StringComparison.Ordinal));
        if (at < 0)
            return null;
        return args[at] == Option ? args.ElementAtOrDefault(at + 1) ?? string.Empty : args[at][(Option.Length + 1)..];
    }
}
