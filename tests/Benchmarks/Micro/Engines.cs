using AIChat.Infrastructure;
using Microsoft.Extensions.DependencyInjection;

namespace AIChat.Benchmarks.Micro;

/// <summary>The topic engine that the micro-benchmarks measure: the one that the server uses.</summary>
internal static class Engines
{
    public static ServiceProvider Services { get; } = new ServiceCollection().AddClassifier().BuildServiceProvider();
}
