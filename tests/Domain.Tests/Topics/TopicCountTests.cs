using AIChat.Domain.Topics;

namespace AIChat.Domain.Tests.Topics;

public sealed class TopicCountTests
{
    private static readonly DateTimeOffset Noon = new(2026, 1, 31, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Counts_add_up_and_span_numbers_and_times()
    {
        var counts = new Dictionary<string, TopicCount>(StringComparer.Ordinal);

        TopicCount.Add(counts, "a", TopicCount.Of(7, Noon, isDeleted: false));
        TopicCount.Add(counts, "a", TopicCount.Of(3, Noon.AddHours(1), isDeleted: true));
        TopicCount.Add(counts, "a", TopicCount.Of(5, Noon.AddHours(-1), isDeleted: false));

        Assert.Equal(new TopicCount(2, 3, 7, Noon.AddHours(-1), Noon.AddHours(1)), Assert.Single(counts).Value);
    }
}
