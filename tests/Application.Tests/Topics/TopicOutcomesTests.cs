using AIChat.Application.Topics;
using AIChat.Domain.Common;
using AIChat.Domain.Messages;
using AIChat.Domain.Rooms;
using AIChat.Domain.Topics;
using AIChat.Domain.Users;

namespace AIChat.Application.Tests.Topics;

/// <summary>The outcome here is the last line that says "done".</summary>
public sealed class TopicOutcomesTests
{
    private static readonly DateTimeOffset Now = new(2026, 1, 5, 9, 0, 0, TimeSpan.Zero);
    private static readonly RoomId RoomOfTests = new("r");

    private readonly TopicOutcomes _outcomes = new(null!, new LastDone());

    [Fact]
    public void A_conversation_takes_its_outcome_from_its_messages_and_says_whether_it_is_another_one()
    {
        var topic = Open(TopicLevel.High);
        Assert.False(_outcomes.Conclude(topic, Newest("who does it?", "I do")));
        Assert.Null(topic.Outcome);

        Assert.True(_outcomes.Conclude(topic, Newest("who does it?", "done", "thanks")));
        Assert.Equal(new TopicOutcome("done", [new MessageId("m1")]), topic.Outcome);
        Assert.False(_outcomes.Conclude(topic, Newest("who does it?", "done", "thanks", "bye")));

        Assert.True(_outcomes.Conclude(topic, Newest("who does it?", "done", "done again")));
        Assert.Equal("done again", topic.Outcome!.Text);
        Assert.True(_outcomes.Conclude(topic, []));
        Assert.Null(topic.Outcome);
    }

    [Fact]
    public void A_deleted_message_says_nothing_and_shifts_no_citation()
    {
        var said = Newest("who does it?", "me", "done", "done, really");
        said[0].Delete(Now);
        said[2].Delete(Now);
        var topic = Open(TopicLevel.High);
        Assert.True(_outcomes.Conclude(topic, said));
        Assert.Equal([new MessageId("m2")], topic.Outcome!.Citations);
    }

    [Fact]
    public void Of_a_long_conversation_the_newest_messages_count()
    {
        var topic = Open(TopicLevel.High);
        Assert.True(_outcomes.Conclude(topic, Newest([.. Enumerable.Repeat("and", 40), "done", .. Enumerable.Repeat("so on", 39)])));
        Assert.Equal([new MessageId("m40")], topic.Outcome!.Citations);
        Assert.True(_outcomes.Conclude(topic, Newest([.. Enumerable.Repeat("and", 40), "done", .. Enumerable.Repeat("so on", 40)])));
        Assert.Null(topic.Outcome);
    }

    [Fact]
    public void A_theme_comes_to_nothing()
    {
        var topic = Open(TopicLevel.Mid);
        Assert.False(_outcomes.Conclude(topic, Newest("who?", "me", "done")));
        Assert.Null(topic.Outcome);
    }

    [Fact]
    public void A_models_outcome_stands_until_there_is_more_to_say_or_what_it_cites_is_gone()
    {
        var told = new TopicOutcome("a model says so", [new MessageId("m1")]) { UpTo = 3 };
        var topic = Open(TopicLevel.High);
        topic.Conclude(told);
        Assert.False(_outcomes.Conclude(topic, Numbered("who does it?", "done", "thanks")));
        Assert.Equal(told, topic.Outcome);

        Assert.True(_outcomes.Conclude(topic, Numbered("who does it?", "done", "thanks", "done again")));
        Assert.Equal("done again", topic.Outcome!.Text);

        topic.Conclude(told);
        var said = Numbered("who does it?", "done", "thanks");
        said[1].Delete(Now);
        Assert.True(_outcomes.Conclude(topic, said));
        Assert.Null(topic.Outcome);

        static List<Message> Numbered(params IReadOnlyList<string> said)
        {
            var newest = Newest(said);
            for (var at = 0; at < newest.Count; at++)
                newest[at].Number(newest.Count - at);
            return newest;
        }
    }

    private static Topic Open(TopicLevel level) => Topic.Open(new TopicId("t"), RoomOfTests, level, null, new TopicName("t", []));

    /// <summary>Messages m0, m1…, the newest first.</summary>
    private static List<Message> Newest(params IReadOnlyList<string> said)
    {
        var room = Value(Room.Open(RoomOfTests, "room", new UserId("u"), Now));
        var ann = Value(User.Join(new UserId("u"), "ann", Now));
        return [.. said.Select((content, i) => Value(Message.Post(new MessageId($"m{i}"), room, ann, content, null, null, [], Now))).Reverse()];
    }

    private static T Value<T>(Result<T> result)
    {
        Assert.True(result.Succeeded(out var value, out var error), error?.Code);
        return value;
    }

    private sealed class LastDone : IOutcomeFinder
    {
        public FoundOutcome? Find(IReadOnlyList<ChatLine> lines)
        {
            var last = lines.ToList().FindLastIndex(line => line.Content.StartsWith("done", StringComparison.Ordinal));
            return last < 0 ? null : new FoundOutcome(lines[last].Content, [last]);
        }
    }
}
