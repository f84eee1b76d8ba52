using AIChat.Evaluation.Scoring;

namespace AIChat.Infrastructure.Tests.Topics;

public sealed class WrongLinksTests
{
    [Fact]
    public void Each_wrong_link_is_counted_once_by_what_is_wrong_with_it()
    {
        // Two conversations, 0-1-2-5 and 3-4; line 6 opens a third.
        var gold = new Links { ["room"] = [(0, 0), (1, 0), (2, 1), (3, 3), (4, 3), (5, 2), (6, 6)] };
        var found = new Links { ["room"] = [(0, 0), (1, 1), (2, 0), (3, 3), (4, 2), (5, 2), (6, 5)] };

        Assert.Equal(new WrongLinks(SameTalk: 1, OtherTalk: 1, Opens: 1, GoesOn: 1), WrongLinks.Of(found, gold));
        Assert.Equal(new WrongLinks(0, 0, 0, 0), WrongLinks.Of(gold, gold));
    }
}
