using System.Globalization;
using MongoDB.Bson;

namespace AIChat.MongoEngine;

/// <summary>What the front gives itself out for.</summary>
internal enum Topology
{
    /// <summary>A sharded cluster's router: with transactions.</summary>
    Mongos,

    /// <summary>A replica set of one: with transactions.</summary>
    ReplicaSet,

    /// <summary>A single machine: without.</summary>
    Standalone,
}

/// <summary>Commands that need no database: who is there, and what it can do.</summary>
internal static class Greetings
{
    private const string Version = "7.0.0";
    private const int WireVersion = 21;
    private const string SetName = "rs0";

    public static BsonDocument? Answer(string command, Topology topology, int port) => command switch
    {
        "hello" or "isMaster" or "ismaster" => Hello(command, topology, port),
        "ping" or "endSessions" or "refreshSessions" or "killSessions" => [],
        "startSession" => new BsonDocument { { "id", new BsonDocument("id", new BsonBinaryData(System.Security.Cryptography.RandomNumberGenerator.GetBytes(16), BsonBinarySubType.UuidStandard)) }, { "timeoutMinutes", 30 } },
        "buildInfo" or "buildinfo" => new BsonDocument
        {
            { "version", Version }, { "versionArray", new BsonArray { 7, 0, 0, 0 } }, { "gitVersion", "front" }, { "modules", new BsonArray() }, { "bits", 64 },
            { "maxBsonObjectSize", 16 << 20 },
        },
        "serverStatus" => new BsonDocument
        {
            { "host", "127.0.0.1" }, { "version", Version }, { "process", "front" }, { "pid", Environment.ProcessId }, { "uptime", Environment.TickCount64 / 1000.0 },
            { "localTime", TimeProvider.System.GetUtcNow().UtcDateTime },
        },
        "getParameter" => new BsonDocument("featureCompatibilityVersion", new BsonDocument("version", "7.0")),
        "connectionStatus" => new BsonDocument("authInfo", new BsonDocument { { "authenticatedUsers", new BsonArray() }, { "authenticatedUserRoles", new BsonArray() } }),
        _ => null,
    };

    private static BsonDocument Hello(string command, Topology topology, int port)
    {
        var hello = new BsonDocument
        {
            { command == "hello" ? "isWritablePrimary" : "ismaster", true },
            { "helloOk", true },
            { "maxBsonObjectSize", 16 << 20 },
            { "maxMessageSizeBytes", 48_000_000 },
            { "maxWriteBatchSize", 100_000 },
            { "localTime", TimeProvider.System.GetUtcNow().UtcDateTime },
            { "minWireVersion", 0 },
            { "maxWireVersion", WireVersion },
            { "readOnly", false },
        };
        if (topology != Topology.Standalone)
            hello.Add("logicalSessionTimeoutMinutes", 30);
        if (topology == Topology.Mongos)
            hello.Add("msg", "isdbgrid");
        if (topology == Topology.ReplicaSet)
        {
            var me = string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{port}");
            hello.AddRange(new BsonDocument
            {
                { "setName", SetName }, { "setVersion", 1 }, { "secondary", false }, { "hosts", new BsonArray { me } }, { "me", me }, { "primary", me },
                { "electionId", new ObjectId("7fffffff0000000000000001") },
                { "lastWrite", new BsonDocument("lastWriteDate", TimeProvider.System.GetUtcNow().UtcDateTime) },
            });
        }

        return hello;
    }
}
