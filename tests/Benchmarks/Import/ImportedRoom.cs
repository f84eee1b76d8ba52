using System.Diagnostics;
using System.Globalization;
using AIChat.Benchmarks.Common;

namespace AIChat.Benchmarks.Import;

/// <summary>A room that was filled through the import, as <c>import</c> and <c>history</c> use it.</summary>
internal sealed class ImportedRoom : IDisposable
{
    const int Samples = 20;

    ImportedRoom(ApiClient api, ApiUser owner, string room, int lines)
    {
        Api = api;
        Owner = owner;
        Room = room;
        Lines = lines;
    }

    public ApiClient Api { get; }

    public ApiUser Owner { get; }

    public string Room { get; }

    public int Lines { get; }

    /// <summary>From the first byte of the upload to the end of the job.</summary>
    public TimeSpan StoredAfter { get; private set; }

    public static async Task<ImportedRoom> FillAsync(Uri server, int lines, int seed, CancellationToken cancellation)
    {
        var file = Path.GetTempFileName();
        var api = new ApiClient(server);
        try
        {
            await Transcript.WriteAsync(file, lines, seed, cancellation);
            var owner = await api.SignUpAsync("bench-owner", cancellation);
            var room = new ImportedRoom(api, owner, await api.CreateRoomAsync(owner, "imported", cancellation), lines);
            var began = Stopwatch.GetTimestamp();
            await api.WaitForJobAsync(owner, await api.ImportAsync(owner, room.Room, file, cancellation), cancellation);
            room.StoredAfter = Stopwatch.GetElapsedTime(began);
            await room.CheckCountAsync(cancellation);
            return room;
        }
        catch
        {
            api.Dispose();
            throw;
        }
        finally
        {
            File.Delete(file);
        }
    }

    /// <summary>
    /// Waits until every message has its verdict. A room is classified in the order of its messages, so the newest page decides; pages spread over the
    /// room make sure of it.
    /// </summary>
    /// <returns>How long that took; null: not within the limit.</returns>
    public async Task<TimeSpan?> WaitUntilClassifiedAsync(TimeSpan limit, CancellationToken cancellation)
    {
        var began = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(began) < limit)
        {
            if (await IsClassifiedAsync("limit=100", cancellation) && await SampleIsClassifiedAsync(cancellation))
                return Stopwatch.GetElapsedTime(began);
            await Task.Delay(250, cancellation);
        }

        return null;
    }

    public void Dispose() => Api.Dispose();

    async Task<bool> SampleIsClassifiedAsync(CancellationToken cancellation)
    {
        for (var sample = 0; sample < Samples; sample++)
            if (!await IsClassifiedAsync(string.Create(CultureInfo.InvariantCulture, $"after={(long)Lines * sample / Samples}&limit=100"), cancellation))
                return false;
        return true;
    }

    async Task<bool> IsClassifiedAsync(string query, CancellationToken cancellation) =>
        (await Api.MessagesAsync(Owner, Room, query, cancellation)).All(message => message.Classified);

    async Task CheckCountAsync(CancellationToken cancellation)
    {
        var newest = await Api.MessagesAsync(Owner, Room, "limit=1", cancellation);
        if (newest.Count != 1 || newest[0].Seq != Lines)
            throw new BenchmarkException($"After the import of {Lines} lines the newest message has number {newest.Select(message => message.Seq).SingleOrDefault()}.");
    }
}
