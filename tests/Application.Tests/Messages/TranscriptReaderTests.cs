using System.Text;
using AIChat.Application.Messages;
using AIChat.Application.Messages.Transcripts;

namespace AIChat.Application.Tests.Messages;

public sealed class TranscriptReaderTests
{
    [Theory]
    [InlineData("""{"nickname":"a","content":"hi","createdAt":"2026-01-05T09:00:00+09:00"}""", null)]
    [InlineData("""{"nickname":"a","content":"hi","createdAt":"2026-01-05T09:00:00Z","unknown":[1]}""", null)]
    [InlineData("""{"content":"hi","createdAt":"2026-01-05T09:00:00Z"}""", "nickname_missing")]
    [InlineData("""{"nickname":"a","createdAt":"2026-01-05T09:00:00Z"}""", "content_missing")]
    [InlineData("""{"nickname":"a","content":"hi","createdAt":"soon"}""", "created_at_bad")]
    [InlineData("""{"nickname":"a","content":7,"createdAt":"2026-01-05T09:00:00Z"}""", "content_missing")]
    [InlineData("""{"nickname":"a","content":"\ud83d","createdAt":"2026-01-05T09:00:00Z"}""", "line_malformed")]
    [InlineData("[1]", "line_malformed")]
    [InlineData("{", "line_malformed")]
    public async Task A_line_of_json_is_read_or_rejected_with_its_reason(string line, string? code)
        => Assert.Equal(code, Assert.Single(await ReadAsync(line, "jsonl")).RejectedFor);

    [Fact]
    public async Task A_bad_line_is_named_and_the_rest_goes_on()
    {
        var lines = await ReadAsync("﻿[09:00] <ann> hello\r\nnonsense\n\n=== bob has joined\n* ann waves\n[10:30] <bob> late", "irc");
        Assert.Equal([1L, 2, 3, 4, 5, 6], lines.Select(line => line.Number));
        Assert.Equal([null, "line_malformed", null, null, null, null], lines.Select(line => line.RejectedFor));
        Assert.Equal(["hello", null, null, "bob has joined", "waves", "late"], lines.Select(line => line.Line?.Content));
        Assert.True(lines[3].Line!.IsSystem);
    }

    [Fact]
    public async Task A_clock_that_goes_back_by_an_hour_starts_the_next_day()
    {
        var lines = await ReadAsync("[23:50] <a> one\n[23:40] <a> two\n[00:10] <a> three", "irc");
        Assert.Equal([5, 5, 6], lines.Select(line => line.Line!.CreatedAt.Day));
    }

    [Fact]
    public async Task A_line_without_end_is_rejected_in_bounded_memory_and_the_next_one_read()
    {
        var lines = await ReadAsync(new string('x', TranscriptReader.MaxLineLength + 100_000) + "\n[09:00] <ann> after", "irc");
        Assert.Equal(("line_too_long", "after"), (lines[0].RejectedFor, lines[1].Line!.Content));
    }

    [Fact]
    public void An_unknown_format_is_not_found_and_the_error_names_those_that_are()
    {
        Assert.Null(TranscriptFormats.Find("carrier-pigeon"));
        Assert.Null(TranscriptFormats.Find(null));
        Assert.Equal("format is jsonl or irc.", ImportErrors.Format.Message);
    }

    private static async Task<List<ReadLine>> ReadAsync(string text, string format)
    {
        var read = new List<ReadLine>();
        using var content = new MemoryStream(Encoding.UTF8.GetBytes(text));
        await foreach (var line in TranscriptReader.ReadAsync(content, TranscriptFormats.Find(format)!, new DateOnly(2026, 1, 5), CancellationToken.None))
            read.Add(line);
        return read;
    }
}
