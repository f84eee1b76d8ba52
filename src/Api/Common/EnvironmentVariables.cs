using AIChat.Infrastructure.Common;

namespace AIChat.Api.Common;

/// <summary>The environment variables of the process. Those of a <c>.env</c> file in the folder of the command are added; variables that are set already win.</summary>
internal static class EnvironmentVariables
{
    public static IEnumerable<string> Names => Environment.GetEnvironmentVariables().Keys.Cast<string>();

    public static SettingsReader Load()
    {
        var folder = Directory.GetCurrentDirectory();
        DotNetEnv.Env.NoClobber().Load(Path.Combine(folder, ".env"));
        return new SettingsReader(Environment.GetEnvironmentVariable, folder);
    }

    /// <summary>Names the variables that look like misspelt settings.</summary>
    /// <param name="read">After all settings have been read.</param>
    /// <param name="set">The names of all variables of the process.</param>
    public static void WarnOfUnknown(SettingsReader read, IEnumerable<string> set, ILogger log)
    {
        foreach (var unknown in read.Unknown(set))
        {
            if (unknown.Meant is { } meant)
                log.LogWarning("{Variable} is not a setting and has no effect; did you mean {Meant}?", unknown.Name, meant);
            else
                log.LogWarning("{Variable} is not a setting and has no effect; docs/operations.md lists the settings", unknown.Name);
        }
    }
}
