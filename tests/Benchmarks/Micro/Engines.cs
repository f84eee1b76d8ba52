using Microsoft.Extensions.DependencyInjection;

namespace AIChat.Benchmarks.Micro;

/// <summary>The topic engine that the micro-benchmarks measure: whatever is registered here for the Domain's ports.</summary>
internal static class Engines
{
    public static ServiceProvider Services { get; } = new ServiceCollection().BuildServiceProvider();
}
