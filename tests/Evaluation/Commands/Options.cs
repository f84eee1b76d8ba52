using System.CommandLine;

namespace AIChat.Evaluation.Commands;

internal static class Options
{
    public static Option<DirectoryInfo> Data()
    {
        var data = new Option<DirectoryInfo>("--data") { Description = "The folder that holds the data sets (docs/topics.md says where each is published).", Required = true };
        data.AcceptExistingOnly();
        return data;
    }
}
