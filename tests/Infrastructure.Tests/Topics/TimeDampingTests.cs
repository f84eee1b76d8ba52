using AIChat.Infrastructure.Topics.Themes;

namespace AIChat.Infrastructure.Tests.Topics;

public sealed class TimeDampingTests
{
    [Fact]
    public void Nearness_is_between_a_half_and_one_whatever_the_dates_are()
    {
        var chance = new Random(1);
        for (var round = 0; round < 500; round++)
        {
            var conversations = Rooms.Odd(chance, chance.Next(2, 40));
            var damping = Of(conversations);
            foreach (var one in conversations)
            {
                Assert.Equal(1, damping.Nearness(one, one));
                foreach (var other in conversations)
                {
                    Assert.InRange(damping.Nearness(one, other), 0.5f, 1);
                    Assert.Equal(damping.Nearness(one, other), damping.Nearness(other, one));
                }
            }
        }
    }

    [Fact]
    public void The_order_the_date_and_the_pace_of_a_room_make_no_difference()
    {
        var chance = new Random(2);
        for (var round = 0; round < 200; round++)
        {
            var minutes = Enumerable.Range(0, chance.Next(2, 30)).Select(_ => (double)chance.Next(0, chance.Next(1, 100))).ToArray();
            var (usual, early, slow, mixed) = (At(minutes, 2026, 1), At(minutes, 1, 1), At(minutes, 2026, 4096), At([.. minutes], 2026, 1));
            var shuffled = mixed.ToArray();
            chance.Shuffle(shuffled);
            for (var i = 0; i < minutes.Length; i++)
            {
                for (var j = 0; j < minutes.Length; j++)
                {
                    var expected = Of(usual).Nearness(usual[i], usual[j]);
                    Assert.Equal(expected, Of(early).Nearness(early[i], early[j]), 1e-5);
                    Assert.Equal(expected, Of(slow).Nearness(slow[i], slow[j]), 1e-5);
                    Assert.Equal(expected, Of(shuffled).Nearness(usual[i], usual[j]));
                }
            }
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(1970)]
    [InlineData(9999)]
    public void One_far_date_leaves_the_others_as_they_were(int year)
    {
        foreach (var count in (int[])[2, 3, 10])
        {
            var usual = At([.. Enumerable.Range(0, count).Select(i => 10.0 * i)], 2026, 1);
            var far = At([0], year, 1)[0];
            var damping = Of([.. usual, far]);
            Assert.Equal(0.5f, damping.Nearness(usual[0], far), 1e-3);
            Assert.Equal(Of(usual).Nearness(usual[0], usual[^1]), damping.Nearness(usual[0], usual[^1]), 1e-3);
        }
    }

    [Fact]
    public void Where_most_begin_at_once_the_others_show_the_pace()
    {
        var damping = Of(At([0, 0, 0, 0, 0, 0, 10, 20, 30], 2026, 1));
        Assert.Equal(damping.Nearness(At([0], 2026, 1)[0], At([10], 2026, 1)[0]), Of(At([0, 10, 20, 30], 2026, 1)).Nearness(At([0], 2026, 1)[0], At([10], 2026, 1)[0]));
    }

    [Fact]
    public void At_one_instant_nothing_is_far()
    {
        var room = At([0, 0, 0], 2026, 1);
        Assert.Equal(1, Of(room).Nearness(room[0], room[2]));
    }

    private static TimeDamping Of(IReadOnlyList<ThemeConversation> conversations) => new(conversations.Select(conversation => conversation.From));

    private static ThemeConversation[] At(double[] minutes, int year, double stretch)
        => [.. minutes.Select(minute => new DateTimeOffset(year, 3, 2, 0, 0, 0, TimeSpan.Zero).AddMinutes(minute * stretch)).Select(at => new ThemeConversation([], at, at))];
}
