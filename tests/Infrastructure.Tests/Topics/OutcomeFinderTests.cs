using AIChat.Domain.Topics;
using AIChat.Infrastructure.Topics.Outcomes;

namespace AIChat.Infrastructure.Tests.Topics;

public sealed class OutcomeFinderTests
{
    private static readonly OutcomeFinder Finder = new();

    [Fact]
    public void What_was_settled_is_quoted_with_its_speaker()
    {
        var found = Finder.Find(Lines("which day suits you for dinner?", "any but Monday", "Friday at 7pm then, I booked the table", "great", "ㅋㅋㅋ"));
        Assert.NotNull(found);
        Assert.Contains(2, found.Lines);
        Assert.Contains("p2: Friday at 7pm then, I booked the table", found.Text, StringComparison.Ordinal);

        found = Finder.Find(Lines("점심 어디로 갈까요?", "김치찌개 어때요", "열두 시 반에 정문에서 만나는 걸로 확정!", "넵", "ㅎㅎ"));
        Assert.NotNull(found);
        Assert.Contains(2, found.Lines);
    }

    [Fact]
    public void A_conversation_of_two_lines_or_of_nothing_but_chatter_has_come_to_nothing()
    {
        Assert.Null(Finder.Find([]));
        Assert.Null(Finder.Find(Lines("which day?", "Friday at 7pm, booked")));
        Assert.Null(Finder.Find(Lines("ㅋㅋㅋ", "ㅎㅎ", "😂", "…")));
    }

    [Fact]
    public void What_looks_private_is_not_quoted()
    {
        var found = Finder.Find(Lines("can I get in?", "what's the door code?", "it is 7315, I changed it"));
        Assert.Contains("it is •••", found!.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void The_text_is_one_short_line_whatever_was_said()
    {
        var shout = "done, booked for 7pm on Friday\n\nconfirmed " + string.Join(' ', Enumerable.Repeat("and 확정 🎉", 60));
        var found = Finder.Find(Lines("which day?", "Friday?", shout, shout + "!", "thanks"));
        Assert.NotNull(found);
        Assert.Equal(2, found.Lines.Count);
        Assert.True(found.Lines[0] < found.Lines[1]);
        Assert.DoesNotContain(found.Text, char.IsControl);
        Assert.InRange(found.Text.Length, 1, 120 + "p2: ".Length + " · ".Length + "p3: ".Length);
    }

    private static List<ChatLine> Lines(params string[] said)
        => [.. said.Select((content, i) => new ChatLine($"p{i}", $"p{i}", content, new DateTimeOffset(2026, 1, 5, 9, i, 0, TimeSpan.Zero)))];
}
