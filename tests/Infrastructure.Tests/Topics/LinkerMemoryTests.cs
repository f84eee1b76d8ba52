using AIChat.Infrastructure.Topics.Linking;

namespace AIChat.Infrastructure.Tests.Topics;

/// <summary>Measures the memory of the whole process, so no other test may run at the same time.</summary>
[Collection(Alone.Name)]
public sealed class LinkerMemoryTests
{
    [Fact]
    public void Thousands_of_speakers_leave_little_behind()
    {
        var linker = new LearnedLinkerFactory().Start();
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var half = Hear(0);
        var whole = Hear(4_000);
        GC.KeepAlive(linker);

        // What it holds is full after 4,000: another 4,000 leave less than 75 bytes each.
        Assert.InRange(whole, long.MinValue, 20_000_000);
        Assert.InRange(whole - half, long.MinValue, 300_000);

        long Hear(int first)
        {
            for (var i = first; i < first + 4_000; i++)
                linker.Link($"somebody{i}".Says(i * 30, "hello there, all of you"));
            return GC.GetTotalMemory(forceFullCollection: true) - before;
        }
    }
}

[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class Alone
{
    public const string Name = "alone";
}
