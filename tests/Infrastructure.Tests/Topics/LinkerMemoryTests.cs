using AIChat.Infrastructure.Topics.Linking;

namespace AIChat.Infrastructure.Tests.Topics;

/// <summary>Measures the memory of the whole process, so no other test may run at the same time.</summary>
[Collection(Alone.Name)]
public sealed class LinkerMemoryTests
{
    [Fact]
    public void Twenty_thousand_speakers_leave_little_behind()
    {
        var linker = new LearnedLinkerFactory().Start();
        var before = GC.GetTotalMemory(forceFullCollection: true);
        for (var i = 0; i < 20_000; i++)
            linker.Link($"somebody{i}".Says(i * 30, "hello there, all of you"));
        Assert.InRange(GC.GetTotalMemory(forceFullCollection: true) - before, long.MinValue, 20_000_000);
        GC.KeepAlive(linker);
    }
}

[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class Alone
{
    public const string Name = "alone";
}
