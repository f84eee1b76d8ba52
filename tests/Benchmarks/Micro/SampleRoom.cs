using AIChat.Benchmarks.Import;
using AIChat.Domain.Topics;

namespace AIChat.Benchmarks.Micro;

/// <summary>The synthetic transcript as a classifier sees it.</summary>
internal static class SampleRoom
{
    public static List<ChatLine> Lines(int count) =>
        [.. Transcript.Lines(count, seed: 1).Select(line => new ChatLine(line.Nickname, line.Nickname, line.Content, line.CreatedAt))];
}
