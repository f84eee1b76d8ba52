using System.CommandLine;
using AIChat.Benchmarks.Common;
using AIChat.Benchmarks.Encode;
using AIChat.Benchmarks.History;
using AIChat.Benchmarks.Import;
using AIChat.Benchmarks.Load;
using AIChat.Benchmarks.Micro;
using AIChat.Benchmarks.Mongo;
using AIChat.Benchmarks.Start;
using AIChat.Benchmarks.Vectors;

var root = new RootCommand("Measures AIChat. Everything runs on 127.0.0.1; what is started is stopped again. See docs/performance.md.")
{
    LoadCommand.Create(),
    ImportCommand.Create(),
    HistoryCommand.Create(),
    StartCommand.Create(),
    MongoCommand.Create(),
    EncodeCommand.Create(),
    LiveCommand.Create(),
    SemanticCommand.Create(),
    SwitchCommand.Create(),
    MicroCommand.Create(),
    BareServer.Create(),
};

AppDomain.CurrentDomain.ProcessExit += (_, _) => ServerProcess.KillAll();
AppDomain.CurrentDomain.UnhandledException += (_, _) => ServerProcess.KillAll();

// The default of two seconds is too short to close hundreds of connections after Ctrl-C.
return await root.Parse(args).InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = TimeSpan.FromSeconds(15) });
