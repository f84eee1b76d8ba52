using AIChat.Application.Summaries;
using AIChat.Domain.Summaries;

namespace AIChat.Application.Tests.Summaries;

public sealed class SummaryLengthTests
{
    [Theory]
    [InlineData(100, 120)]
    [InlineData(500, 220)]
    [InlineData(10_000, 400)]
    public void Longer_rooms_get_more_words_but_not_in_proportion(int messages, int words) => Assert.Equal(words, SummaryLength.Words(messages, 1_000_000));

    [Fact]
    public void More_messages_never_get_fewer_words()
    {
        var words = Enumerable.Range(1, 2_000).Select(messages => SummaryLength.Words(messages, 1_000_000)).ToList();
        Assert.Equal(words.Order(), words);
    }

    [Fact]
    public void A_summary_has_a_quarter_of_the_words_that_were_said_and_thirty_in_any_case()
    {
        Assert.Equal(100, SummaryLength.Words(500, 400));
        Assert.Equal(30, SummaryLength.Words(500, 12));
    }

    [Fact]
    public void Within_the_words_what_is_worth_most_for_its_length_is_shown()
    {
        var shown = Choose(10, Topic([Point("a b c d", 0.9, "1")]), Topic([Point("e f g h i j k l", 0.9, "2")]), Topic([Point("m n o p", 0.5, "3")]));
        Assert.Equal(["a b c d", null, "m n o p"], shown.Select(part => part.Outcome?.Text));
    }

    [Fact]
    public void A_point_is_shown_only_beside_the_outcome_and_only_where_it_cites_something_more()
    {
        var topic = Topic([Point("they meet at noon", 0.5, "1", "2")], Point("noon it is", 0.9, "2"), Point("in the cellar", 0.4, "2", "3"));
        var shown = Assert.Single(Choose(100, topic));
        Assert.Equal("they meet at noon", shown.Outcome?.Text);
        Assert.Equal("in the cellar", Assert.Single(shown.Points).Text);
        Assert.False(Assert.Single(Choose(3, Topic([Point("they meet at noon", 0.5, "1")], Point("in cellar", 0.4, "3")))).Points.Count > 0);
    }

    [Fact]
    public void Many_topics_come_before_many_points_of_one()
    {
        var shown = Choose(9, Topic([Point("a b c", 0.9, "1"), Point("d e f", 0.8, "2"), Point("g h i", 0.8, "3")]), Topic([Point("j k l", 0.5, "4")]));
        Assert.Equal("j k l", shown[1].Outcome?.Text);
        Assert.Equal("d e f", Assert.Single(shown[0].Points).Text);
    }

    [Fact]
    public void Single_messages_are_not_shown_beside_conversations_but_alone_they_are()
    {
        var single = (Topic([], Point("hello", 0.9, "1")).Part, 1);
        Assert.Equal([false, true], SummaryLength.Choose([single, Topic([Point("a b", 0.1, "2")])], 100).Select(part => part.IsAny));
        Assert.True(Assert.Single(SummaryLength.Choose([single], 100)).IsAny);
    }

    [Fact]
    public void One_thing_is_shown_even_where_it_is_too_long()
    {
        Assert.Equal(1, Choose(2, Topic([Point("a b c", 0.9, "1")]), Topic([Point("d e f", 0.5, "2")])).Count(part => part.IsAny));
        Assert.Equal([null, "d"], Choose(2, Topic([Point("a b c", 0.9, "1")]), Topic([Point("d", 0.1, "2")])).Select(part => part.Outcome?.Text));
    }

    [Fact]
    public void The_words_shown_are_never_more_than_there_is_room_for()
    {
        var chance = new Random(11);
        for (var round = 0; round < 300; round++)
        {
            var topics = Enumerable.Range(0, chance.Next(1, 30)).Select(_ => Topic(
                [.. Enumerable.Range(0, chance.Next(3)).Select(_ => Any())], [.. Enumerable.Range(0, chance.Next(5)).Select(_ => Any())])).ToArray();
            var shown = Choose(chance.Next(12, 300) is var words ? words : 0, topics);
            Assert.InRange(shown.SelectMany(part => part.All).Sum(point => point.Words), 0, words);
        }

        WrittenPoint Any() => Point(string.Join(' ', Enumerable.Repeat("w", chance.Next(1, 12))), chance.NextDouble(), chance.Next(50).ToString(System.Globalization.CultureInfo.InvariantCulture));
    }

    [Fact]
    public void A_theme_is_made_of_what_its_conversations_came_to()
    {
        var theme = WrittenPart.OfTheme([Topic([Point("first", 1, "1"), Point("more", 1, "2")]).Part, Topic([], Point("small", 0.1, "3"), Point("large", 0.2, "4")).Part, Topic([]).Part]);
        Assert.Empty(theme.Outcomes);
        Assert.Equal(["first", "large"], theme.Points.Select(point => point.Text));
    }

    private static IReadOnlyList<ShownPart> Choose(int words, params (WrittenPart Part, int Messages)[] topics) => SummaryLength.Choose(topics, words);

    private static (WrittenPart Part, int Messages) Topic(WrittenPoint[] outcomes, params WrittenPoint[] points) => (new WrittenPart("extractive", null, outcomes, points, []), 5);

    private static WrittenPoint Point(string text, double importance, params string[] cites) => new(text, cites, PointKind.Statement, false, importance);
}
