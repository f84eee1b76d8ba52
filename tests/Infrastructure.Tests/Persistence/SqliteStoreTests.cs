using AIChat.Domain.Common;
using AIChat.Domain.Messages;
using AIChat.Domain.Rooms;
using AIChat.Domain.Users;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;

namespace AIChat.Infrastructure.Tests.Persistence;

/// <summary>What only the embedded store promises: one file, one writer, group commit.</summary>
public sealed class SqliteStoreTests : IAsyncLifetime
{
    private readonly SqliteStoreFixture _store = new();

    public Task InitializeAsync() => _store.InitializeAsync();

    public Task DisposeAsync() => _store.DisposeAsync();

    [Fact]
    public async Task Sends_that_wait_for_the_same_disk_share_a_commit()
    {
        var (ann, room) = (await _store.JoinAsync(), await _store.OpenRoomAsync());
        var before = _store.Writer.Commits;
        var busy = await KeepBusyAsync();
        var sends = Enumerable.Range(0, 100).Select(i => _store.PostAsync(room, ann, $"line {i}")).ToList();
        busy.Release();
        var sent = await Task.WhenAll(sends);
        await busy.Done;
        Assert.Equal(2, _store.Writer.Commits - before);
        Assert.Equal(Enumerable.Range(1, 100).Select(i => (long)i), sent.Select(message => message.Seq));
    }

    [Fact]
    public async Task Peoples_work_goes_before_the_servers_own()
    {
        var before = _store.Writer.Commits;
        var order = new List<string>();
        var busy = await KeepBusyAsync();
        var own = Enumerable.Range(0, 3).Select(i => _store.Writer.WriteInBackgroundAsync(_ => NoteAsync($"own {i}"))).ToList();
        var peoples = Enumerable.Range(0, 2).Select(i => _store.Writer.WriteAsync(_ => NoteAsync($"people {i}"))).ToList();
        busy.Release();
        await Task.WhenAll([.. own, .. peoples, busy.Done]);
        Assert.Equal(["people 0", "people 1", "own 0", "own 1", "own 2"], order);

        // The busy one's and people's; the server's own share one or more, as quick as they are.
        Assert.InRange(_store.Writer.Commits - before, 2, 5);

        Task<bool> NoteAsync(string what)
        {
            order.Add(what);
            return Task.FromResult(true);
        }
    }

    [Fact]
    public async Task A_piece_that_fails_takes_back_only_itself()
    {
        var (ann, room) = (await _store.JoinAsync(), await _store.OpenRoomAsync());
        var doubled = await _store.PostAsync(room, ann, "first");
        var before = _store.Writer.Commits;
        var busy = await KeepBusyAsync();
        var good = _store.PostAsync(room, ann, "second");
        var bug = _store.Writer.WriteAsync<bool>(async context =>
        {
            context.Add(Expect.Value(User.Join(new UserId("half"), "Half", _store.Now)));
            await context.SaveChangesAsync();
            throw new InvalidOperationException("a bug");
        });
        var clash = _store.Messages.AppendAsync(room.Id, [_store.Draft(room, ann, "lost"), doubled], CancellationToken.None);
        var clashToo = _store.Writer.WriteAsync(context =>
        {
            context.Add(Expect.Value(User.Join(ann.Id, "Doubled", _store.Now)));
            return context.SaveChangesAsync();
        });
        var goodToo = _store.PostAsync(room, ann, "third");
        busy.Release();

        Assert.Equal((2L, 3L), ((await good).Seq, (await goodToo).Seq));
        Assert.Equal("a bug", (await Assert.ThrowsAsync<InvalidOperationException>(() => bug)).Message);
        await Assert.ThrowsAnyAsync<SqliteException>(() => clash);
        await Assert.ThrowsAnyAsync<DbUpdateException>(() => clashToo);
        await busy.Done;
        Assert.Equal(2, _store.Writer.Commits - before);
        Assert.Null(await _store.Users.FindAsync(new UserId("half"), CancellationToken.None));
        Assert.Equal("Ann", (await _store.Users.FindAsync(ann.Id, CancellationToken.None))!.Nickname);
        Assert.Equal(["first", "second", "third"], await ContentsAsync(room));
        Assert.Equal(3, (await _store.ReloadAsync(room)).MessageCount);
    }

    [Fact]
    public async Task All_is_there_after_reopening()
    {
        var (ann, room) = (await _store.JoinAsync(), await _store.OpenRoomAsync());
        var message = await _store.PostAsync(room, ann, "김치찌개 🍲");
        await _store.EditAsync(message, "된장찌개 🍲");
        await _store.Rooms.MoveReadMarkAsync(ann.Id, room.Id, 1, CancellationToken.None);
        await _store.ReopenAsync();
        Assert.Equal("Ann", (await _store.Users.FindAsync(ann.Id, CancellationToken.None))!.Nickname);
        Assert.Equal(["된장찌개 🍲"], await ContentsAsync(room));
        Assert.Single(await _store.Messages.SearchAsync(room.Id, ["된장"], null, null, 9, CancellationToken.None));
        Assert.Equal(1, (await _store.Rooms.ReadMarksAsync(ann.Id, [room.Id], CancellationToken.None))[room.Id]);
        Assert.Equal(2, (await _store.PostAsync(room, ann, "more")).Seq);
        Assert.Equal(2, (await _store.EditAsync(message, "again") is var _ ? await _store.ReloadAsync(room) : room).Rev);
    }

    [Fact]
    public async Task What_waits_when_the_store_is_closed_is_still_written()
    {
        var (ann, room) = (await _store.JoinAsync(), await _store.OpenRoomAsync());
        var busy = await KeepBusyAsync();
        var sends = Enumerable.Range(0, 20).Select(i => _store.PostAsync(room, ann, $"line {i}")).ToList();
        var writer = _store.Writer;
        var closing = _store.CloseAsync();
        busy.Release();
        await Task.WhenAll(sends);
        await closing;
        var late = Assert.Throws<StoreUnavailableException>(() => { _ = writer.WriteAsync(_ => Task.FromResult(true)); });
        Assert.Equal("draining", late.Code);
        await _store.InitializeAsync();
        Assert.Equal(20, (await ContentsAsync(room)).Count());
    }

    [Fact]
    public async Task A_second_server_on_the_same_folder_is_refused_with_a_sentence()
    {
        var second = new SqliteStoreFixture(_store.Folder);
        var refusal = await Assert.ThrowsAsync<StoreUnavailableException>(second.InitializeAsync);
        Assert.Equal("storage_unavailable", refusal.Code);
        Assert.Equal($"AICHAT_DATA: another server already works with {_store.Folder}; stop it, or choose another folder.", refusal.Message);
        await second.DisposeAsync();
        await _store.CloseAsync();
        second = new SqliteStoreFixture(_store.Folder);
        await second.InitializeAsync();
        await second.DisposeAsync();
    }

    [Fact]
    public async Task A_file_that_is_no_database_is_refused_with_a_sentence_and_left_as_it_is()
    {
        await _store.CloseAsync();
        var text = string.Concat(Enumerable.Repeat("This is no database. ", 500));
        foreach (var file in Directory.GetFiles(_store.Folder))
            File.Delete(file);
        await File.WriteAllTextAsync(_store.File, text);
        var refusal = await Assert.ThrowsAsync<StoreUnavailableException>(_store.InitializeAsync);
        Assert.Equal("storage_unavailable", refusal.Code);
        Assert.StartsWith($"AICHAT_DATA: {_store.File} cannot be opened as a database", refusal.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', refusal.Message);
        Assert.Equal(text, await File.ReadAllTextAsync(_store.File));
    }

    [Fact]
    public async Task A_folder_that_is_not_there_is_refused_with_a_sentence()
    {
        var nowhere = new SqliteStoreFixture(Path.Combine(_store.Folder, "missing"));
        var refusal = await Assert.ThrowsAsync<StoreUnavailableException>(nowhere.InitializeAsync);
        Assert.EndsWith("cannot be written to; choose another folder.", refusal.Message, StringComparison.Ordinal);
        await nowhere.DisposeAsync();
    }

    /// <summary>Holds the writer inside a transaction until it is released, so that what is asked for meanwhile waits together.</summary>
    private async Task<Busy> KeepBusyAsync()
    {
        var (started, released) = (new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously), new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        var done = _store.Writer.WriteAsync(async _ =>
        {
            started.SetResult();
            await released.Task;
            return true;
        });
        await started.Task;
        return new Busy(done, released.SetResult);
    }

    private async Task<IEnumerable<string?>> ContentsAsync(Room room)
        => (await _store.Messages.ListAsync(MessagesOfRoom.After(room.Id, 0, 1000), CancellationToken.None)).Select(message => message.Content);

    private sealed record Busy(Task Done, Action Release);
}
