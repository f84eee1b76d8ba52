using AIChat.Domain.Jobs;
using AIChat.Domain.Messages;
using AIChat.Domain.Rooms;
using AIChat.Domain.Topics;
using AIChat.Domain.Users;

namespace AIChat.Domain.Tests.Topics;

public sealed class CorrectionTests
{
    private static readonly DateTimeOffset Now = new(2026, 1, 5, 9, 0, 0, TimeSpan.Zero);
    private static readonly RoomId Room = new("r");
    private static readonly TopicId A = new("a");
    private static readonly TopicId B = new("b");
    private static readonly TopicId C = new("c");
    private static readonly User Ann = User.Join(new UserId("ann"), "Ann", Now).Value!;

    private int _made;

    [Fact]
    public void A_merge_binds_every_message_to_the_one_that_stays_and_moves_those_of_the_others()
    {
        var merge = Merge(A, Said(1, A), Said(2, B), Said(4, B), Said(5, A));
        Assert.Equal([(1, A), (2, A), (4, A), (5, A)], Bound(merge));
        Assert.Equal([(B, 2), (B, 4)], merge.Moved().Select(each => (each.Before!.Value, each.Seq)));
        Assert.Equal([A, B], merge.Conversations());
    }

    [Fact]
    public void A_split_binds_both_sides()
    {
        var split = Split(B, [2], Said(1, A), Said(2, A), Said(3, A));
        Assert.Equal([(1, A), (2, B), (3, A)], Bound(split));
        Assert.Equal([2L], split.Moved().Select(each => each.Seq));
    }

    [Fact]
    public void A_split_takes_some_of_the_conversation_and_leaves_some()
    {
        Message[] messages = [Said(1, A), Said(2, A), Deleted(3, A)];
        foreach (var bad in (long[][])[[], [1, 2], [1, 2, 3], [3], [1, 9]])
            Assert.Equal(TopicErrors.SplitBad, Correction.Split(Entry(), B, null, [], messages, bad.Select(seq => new MessageId("m" + seq)).ToHashSet()).Error);
        Assert.NotNull(Correction.Split(Entry(), B, null, [], messages, new HashSet<MessageId> { new("m1"), new("m3") }).Value);
    }

    [Fact]
    public void A_move_binds_the_message_away_from_those_it_left_and_to_those_it_joins()
    {
        var move = Move(Said(2, A), B, Said(1, A), Said(3, B));
        Assert.Equal([(1, A), (2, B), (3, B)], Bound(move));
    }

    [Fact]
    public void Noise_that_is_moved_came_from_nowhere()
    {
        var move = Move(Said(2, null), B, Said(3, B));
        Assert.Equal([((TopicId?)null, 2L)], move.Moved());
    }

    [Fact]
    public void Of_two_corrections_the_later_one_counts_whatever_the_order_they_are_read_in()
    {
        var merge = Merge(A, Said(1, A), Said(2, B));
        var split = Split(C, [2], Said(1, A), Said(2, A));
        Assert.Equal([(1, A), (2, C)], Bound(split, merge));
    }

    [Fact]
    public void What_a_later_correction_builds_on_cannot_be_taken_back_before_it()
    {
        var merge = Merge(A, Said(1, A), Said(2, B));
        var split = Split(C, [2], Said(1, A), Said(2, A));
        Assert.Equal(TopicErrors.CorrectionBuiltUpon, merge.WhyNotUndo([split]));
        Assert.Null(merge.WhyNotUndo([]));
        Assert.Null(split.WhyNotUndo([]));
    }

    [Fact]
    public void What_concerns_other_messages_is_independent()
    {
        var merge = Merge(A, Said(1, A), Said(2, B));
        Assert.Null(merge.WhyNotUndo([Merge(C, Said(7, C), Said(8, new TopicId("d")))]));
    }

    [Fact]
    public void A_name_given_on_top_of_another_or_to_what_was_split_off_goes_first()
    {
        var split = Split(C, [2], Said(1, A), Said(2, A));
        var first = Rename(C, "one");
        var second = Rename(C, "two");
        Assert.Equal(TopicErrors.CorrectionBuiltUpon, split.WhyNotUndo([first]));
        Assert.Equal(TopicErrors.CorrectionBuiltUpon, first.WhyNotUndo([second]));
        Assert.Null(first.WhyNotUndo([Rename(A, "another")]));
        Assert.Null(Merge(A, Said(1, A), Said(2, B)).WhyNotUndo([Rename(A, "it keeps its name")]));
    }

    [Fact]
    public void It_is_taken_back_once()
    {
        var rename = Rename(A, "one");
        rename.Undo(Ann.Id, Now);
        Assert.Equal(TopicErrors.CorrectionUndone, rename.WhyNotUndo([]));
    }

    [Fact]
    public void Too_many_messages_are_refused_and_the_most_that_may_be_are_not()
    {
        Assert.Equal(TopicErrors.CorrectionTooLarge, Correction.Merge(Entry(), A, [], [.. Enumerable.Range(1, Correction.MaxMessages + 1).Select(seq => Said(seq, B))]).Error);
        Assert.NotNull(Correction.Merge(Entry(), A, [], [.. Enumerable.Range(1, Correction.MaxMessages).Select(seq => Said(seq, B))]).Value);
    }

    [Theory]
    [InlineData(" 김치 🍲 ", "김치 🍲")]
    [InlineData("x", "x")]
    public void Names_are_trimmed(string typed, string kept) => Assert.Equal(kept, Topic.NameOf(typed).Value);

    [Fact]
    public void Names_are_one_line_of_1_to_80_characters()
    {
        Assert.Equal(TopicErrors.NameEmpty, Topic.NameOf(" \t").Error);
        Assert.Equal(TopicErrors.NameTooLong, Topic.NameOf(string.Concat(Enumerable.Repeat("🍲", 81))).Error);
        Assert.NotNull(Topic.NameOf(string.Concat(Enumerable.Repeat("🍲", 80))).Value);
        foreach (var bad in (string[])["a\nb", "a\0b", "\ud83c", "a\u202eb"])
            Assert.Equal(TopicErrors.NameBad, Topic.NameOf(bad).Error);
    }

    [Fact]
    public void A_persons_name_is_not_overwritten_by_a_suggestion_and_goes_when_it_is_taken_back()
    {
        var topic = Named(A);
        var former = topic.ToFormer();
        topic.Rename("mine");
        topic.Suggest(new TopicName("better", ["word"]));
        Assert.Equal(("mine", NameSource.User), (topic.Name, topic.NameSource));
        topic.Restore(former);
        Assert.Equal(("name", NameSource.Auto), (topic.Name, topic.NameSource));
    }

    [Fact]
    public void A_models_name_stays_while_words_are_added_and_goes_with_words_that_are_taken_away()
    {
        var topic = Named(A);
        topic.Call("broken build");
        topic.Suggest(new TopicName("build · log", ["build", "log"]));
        Assert.Equal(("broken build", NameSource.Model), (topic.Name, topic.NameSource));
        Assert.Equal(["build", "log"], topic.Keywords);
        topic.NameAnew(new TopicName("log", ["log"]));
        Assert.Equal(("log", NameSource.Auto), (topic.Name, topic.NameSource));
        topic.Rename("mine");
        topic.Call("theirs");
        topic.NameAnew(new TopicName("better", ["word"]));
        Assert.Equal(("mine", NameSource.User), (topic.Name, topic.NameSource));
    }

    private static IEnumerable<(long, TopicId)> Bound(params Correction[] corrections)
        => Correction.Bindings(corrections).OrderBy(pair => pair.Key).Select(pair => (pair.Key, pair.Value));

    private static Topic Named(TopicId id) => Topic.Open(id, Room, TopicLevel.High, null, new TopicName("name", []));

    private static Message Said(long seq, TopicId? topic)
    {
        var message = Message.Import(new MessageId("m" + seq), Room, new JobId("j"), seq, "p", "text", Now, null).Value!;
        message.Number(seq);
        typeof(Message).GetProperty(nameof(Message.TopicId))!.SetValue(message, topic);
        return message;
    }

    private static Message Deleted(long seq, TopicId topic)
    {
        var message = Said(seq, topic);
        message.Delete(Now);
        return message;
    }

    private CorrectionEntry Entry() => new(new CorrectionId("c" + ++_made), Room, _made, Ann, Now);

    private Correction Merge(TopicId into, params Message[] messages) => Correction.Merge(Entry(), into, [], messages).Value!;

    private Correction Split(TopicId opened, long[] leaving, params Message[] messages)
        => Correction.Split(Entry(), opened, null, [], messages, leaving.Select(seq => new MessageId("m" + seq)).ToHashSet()).Value!;

    private Correction Move(Message moved, TopicId into, params Message[] others) => Correction.Move(Entry(), moved.Id, into, [], [moved, .. others]).Value!;

    private Correction Rename(TopicId topic, string name) => Correction.Rename(Entry(), Named(topic), name);
}
