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
        command.Does(async (_, cancellation) =>
        {
            foreach (var port in new[] { typeof(IMessageEmbedder), typeof(ILinkerFactory), typeof(IConversationClassifier) })
                if (!Engines.Services.GetRequiredService<IServiceProviderIsService>().IsService(port))
                    throw new BenchmarkException($"No {port.Name} is registered in Engines.Services, so there is nothing to measure.");

            var artifacts = Directory.CreateTempSubdirectory("aichat-bench-");
            try
            {
                // Counts are fixed: left to itself, BenchmarkDotNet goes on for minutes on a machine that is not quiet.
                var job = Job.Default.WithToolchain(InProcessEmitToolchain.Instance).WithWarmupCount(6).WithIterationCount(15);
                var config = DefaultConfig.Instance.AddJob(job).WithArtifactsPath(artifacts.FullName);
                // BenchmarkDotNet knows no cancellation; Ctrl-C leaves it behind, and it ends with the process.
                var summary = await Task.Run(() => BenchmarkRunner.Run<MicroBenchmarks>(config), cancellation).WaitAsync(cancellation);
                return summary.HasCriticalValidationErrors || summary.Reports.Any(report => !report.Success) ? 1 : 0;
            }
            finally
            {
                artifacts.Delete(recursive: true);
            }
        });
        return command;
    }
}
