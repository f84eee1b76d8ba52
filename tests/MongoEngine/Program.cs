using System.Runtime.InteropServices;
using AIChat.MongoEngine;

// Prints the address when it is up; goes, and takes everything with it, on SIGTERM and when its input ends, which is when whoever started it is gone.
var topology = args is ["--topology", var wanted] ? Enum.Parse<Topology>(wanted, ignoreCase: true) : Topology.Mongos;
var told = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
using var term = PosixSignalRegistration.Create(PosixSignal.SIGTERM, signal =>
{
    signal.Cancel = true;
    told.TrySetResult();
});
try
{
    await using var postgres = await Postgres.StartAsync();
    using var front = new Front(postgres.ConnectionString, topology);
    Console.WriteLine($"mongodb://127.0.0.1:{front.Port}");
    await Task.WhenAny(Console.In.ReadToEndAsync(), told.Task);
    return 0;
}
catch (InvalidOperationException failure)
{
    await Console.Error.WriteLineAsync(failure.Message);
    return 1;
}
