using AIChat.Domain.Messages;
using AIChat.Domain.Topics;
using AIChat.Domain.Users;

namespace AIChat.Domain.Tests.Topics;

public sealed class ParticipantTests
{
    [Fact]
    public void A_users_nicknames_are_one_participant_under_the_last_one()
    {
        var merged = Participant.Merge([Share("ann", "Ann", 2, last: 9), Share("ann", "Anna", 3, last: 10), Share("bob", "Bob", 6, last: 4)]);

        Assert.Equal([new Participant(new UserId("bob"), "Bob", 6), new Participant(new UserId("ann"), "Anna", 5)], merged);
    }

    [Fact]
    public void Imported_speakers_are_told_apart_by_nickname_and_never_taken_for_users()
    {
        var merged = Participant.Merge([Share(null, "ann", 1, last: 1), Share("ann", "ann", 1, last: 2), Share(null, "bob", 1, last: 3), Share(null, "ann", 4, last: 5)]);

        Assert.Equal([new Participant(null, "ann", 5), new Participant(new UserId("ann"), "ann", 1), new Participant(null, "bob", 1)], merged);
    }

    private static NicknameShare Share(string? user, string nickname, long count, long last)
        => new(new TopicId("a conversation"), user is null ? null : new UserId(user), nickname, count, last);
}
