using System.CommandLine;
using AIChat.Benchmarks.Common;
using AIChat.Domain.Topics;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;
using Microsoft.Extensions.DependencyInjection;

namespace AIChat.Benchmarks.Micro;

/// <summary><c>micro</c>: BenchmarkDotNet over the topic engine, in this process, so that nothing is built anew.</summary>
internal static class MicroCommand
{
    public static Command Create()
    {
        var command = new Command("micro", "Micro-benchmarks of embedding, linking and classifying (BenchmarkDotNet).");
        command.Does((_, _) =>
        {
            foreach (var port in new[] { typeof(IMessageEmbedder), typeof(ILinkerFactory), typeof(IConversationClassifier) })
                if (!Engines.Services.GetRequiredService<IServiceProviderIsService>().IsService(port))
                    throw new BenchmarkException($"No {port.Name} is registered in Engines.Services, so there is nothing to measure.");

            var artifacts = Directory.CreateTempSubdirectory("aichat-bench-");
            try
            {
                var config = DefaultConfig.Instance.AddJob(Job.Default.WithToolchain(InProcessEmitToolchain.Instance)).WithArtifactsPath(artifacts.FullName);
                var summary = BenchmarkRunner.Run<MicroBenchmarks>(config);
                return Task.FromResult(summary.HasCriticalValidationErrors || summary.Reports.Any(report => !report.Success) ? 1 : 0);
            }
            finally
            {
                artifacts.Delete(recursive: true);
            }
        });
        return command;
    }
}
