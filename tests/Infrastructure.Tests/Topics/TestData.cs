namespace AIChat.Infrastructure.Tests.Topics;

/// <summary>The data sets, where this machine has them: <c>AICHAT_TEST_DATA</c>, or <c>shared/data</c> beside the repository.</summary>
internal static class TestData
{
    public static string? Folder { get; } = Find();

    private static string? Find()
    {
        if (Environment.GetEnvironmentVariable("AICHAT_TEST_DATA") is { Length: > 0 } given)
            return given;
        for (var at = new DirectoryInfo(AppContext.BaseDirectory); at is not null; at = at.Parent)
        {
            var data = Path.Combine(at.FullName, "shared", "data");
            if (Directory.Exists(data))
                return data;
        }

        return null;
    }
}

/// <summary>A fact about one of the data sets; skipped where the set is absent.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class DataFactAttribute : FactAttribute
{
    public DataFactAttribute(string path)
    {
        if (TestData.Folder is null || !Path.Exists(Path.Combine(TestData.Folder, path)))
            Skip = $"The data set {path} is not on this machine: set AICHAT_TEST_DATA to the folder that holds it.";
    }
}

/// <summary>The same for a theory.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class DataTheoryAttribute : TheoryAttribute
{
    public DataTheoryAttribute(string path) => Skip = new DataFactAttribute(path).Skip;
}
