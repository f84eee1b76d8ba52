using System.Globalization;
using AIChat.Application.Topics;
using AIChat.Domain.Common;
using AIChat.Domain.Jobs;
using AIChat.Domain.Messages;
using AIChat.Domain.Rooms;
using AIChat.Domain.Topics;

namespace AIChat.Application.Tests.Topics;

/// <summary>Messages stored as one conversation under one theme are divided again by given labels.</summary>
public sealed class ReassignedWindowTests
{
    private static readonly DateTimeOffset Now = new(2026, 1, 5, 9, 0, 0, TimeSpan.Zero);
    private static readonly RoomId Room = new("r");

    [Fact]
    public void A_conversation_that_is_cut_keeps_its_id_where_most_of_it_is()
    {
        var (window, known) = Stored(context: 0, count: 5);
        var reassigned = Reassign(window, known, [0, 0, 0, 1, 1]);

        Assert.Equal(["m3", "m4"], reassigned.Moved.Select(moved => moved.Id.Value));
        Assert.All(reassigned.Moved, moved => Assert.NotEqual("high", moved.Topic?.Value));
        Assert.All(reassigned.Moved, moved => Assert.Equal("high", moved.Previous?.Value));
        Assert.Contains(reassigned.ChangedTopics, topic => topic.Level == TopicLevel.High && topic.Id.Value != "high" && topic.ParentId?.Value == "mid");
    }

    [Fact]
    public void The_contexts_conversation_keeps_its_id_before_a_larger_overlap()
    {
        var (window, known) = Stored(context: 1, count: 6);
        var reassigned = Reassign(window, known, [0, 0, 1, 1, 1, 1]);

        Assert.Equal(["m2", "m3", "m4", "m5"], reassigned.Moved.Select(moved => moved.Id.Value));
    }

    [Fact]
    public void As_many_messages_as_possible_keep_their_conversation()
    {
        // A greedy pairing gives "a" to label 0 (five lines in common) and leaves nothing for label 1.
        var window = Talk(["a", "a", "a", "a", "a", "b", "b", "b", "b", "a", "a", "a", "a"]);
        Topic[] known = [Named("low", TopicLevel.Low, null), Named("mid", TopicLevel.Mid, "low"), Named("a", TopicLevel.High, "mid"), Named("b", TopicLevel.High, "mid")];
        var reassigned = Reassign(window, known, [0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1]);

        Assert.Equal(["m0", "m1", "m2", "m3", "m4"], reassigned.Moved.Select(moved => moved.Id.Value));
        Assert.All(reassigned.Moved, moved => Assert.Equal("b", moved.Topic?.Value));
    }

    [Fact]
    public void A_topic_that_a_person_named_is_kept_before_a_larger_one()
    {
        var window = Talk(["a", "a", "a", "named"]);
        Topic[] known = [Named("low", TopicLevel.Low, null), Named("mid", TopicLevel.Mid, "low"), Named("a", TopicLevel.High, "mid"), Named("named", TopicLevel.High, "mid")];
        known[3].Rename("mine");
        var reassigned = Reassign(window, known, [0, 0, 0, 0]);

        Assert.All(reassigned.Moved, moved => Assert.Equal("named", moved.Topic?.Value));
        Assert.Equal(3, reassigned.Moved.Count);
        Assert.Equal("mine", known[3].Name);
    }

    [Fact]
    public void Messages_that_a_person_moved_keep_that_topic_before_a_larger_overlap()
    {
        var window = Talk(["a", "a", "a", "a", "a"], new Dictionary<long, TopicId> { [5] = new("mine") });
        Topic[] known = [Named("low", TopicLevel.Low, null), Named("mid", TopicLevel.Mid, "low"), Named("a", TopicLevel.High, "mid"), Named("mine", TopicLevel.High, "mid")];
        var reassigned = Reassign(window, known, [0, 0, 0, 1, 1]);

        Assert.Equal([("m3", "mine"), ("m4", "mine")], reassigned.Moved.Select(moved => (moved.Id.Value, moved.Topic!.Value.Value)));
    }

    [Fact]
    public void A_split_of_a_drifted_conversation_is_offered_once_and_nothing_moves()
    {
        var (window, known) = Stored(context: 0, count: 5);
        var reassigned = Reassign(window, known, [0, 0, 0, 0, 0], new FromThirdLine());

        Assert.Empty(reassigned.Moved);
        Assert.Equal(("high", "m2"), reassigned.Drifted.Select(drifted => (drifted.Topic.Value, drifted.From.Value)).Single());
        Assert.Equal("m2", known[2].DriftFrom?.Value);
        Assert.Contains(known[2], reassigned.ChangedTopics);
        Assert.Empty(Reassign(window, known, [0, 0, 0, 0, 0], new FromThirdLine()).Drifted);
        Assert.Empty(Reassign(window, known, [0, 0, 0, 0, 0]).Drifted);
        Assert.Null(known[2].DriftFrom);
    }

    [Fact]
    public void No_split_is_offered_between_messages_that_a_person_put_together()
    {
        var window = Talk(["a", "a", "a", "a", "a"], new Dictionary<long, TopicId> { [2] = new("a"), [3] = new("a") });
        Topic[] known = [Named("low", TopicLevel.Low, null), Named("mid", TopicLevel.Mid, "low"), Named("a", TopicLevel.High, "mid")];
        Assert.Empty(Reassign(window, known, [0, 0, 0, 0, 0], new FromThirdLine()).Drifted);
        Assert.Null(known[2].DriftFrom);
    }

    [Fact]
    public void A_second_run_changes_nothing()
    {
        var (window, known) = Stored(context: 0, count: 3);
        foreach (var topic in known)
            topic.Suggest(new TopicName("name 0", ["word"]));
        var reassigned = Reassign(window, known, [0, 0, 0]);

        Assert.Empty(reassigned.ChangedAssignments);
        Assert.Empty(reassigned.ChangedTopics);
    }

    [Fact]
    public void A_name_that_a_model_gave_stays_and_no_other_topic_gets_it()
    {
        var (window, known) = Stored(context: 0, count: 4);
        known[2].Call("name 1");
        var reassigned = Reassign(window, known, [0, 0, 0, 1]);

        Assert.Equal(("name 1", NameSource.Model), (known[2].Name, known[2].NameSource));
        var opened = Assert.Single(reassigned.ChangedTopics, topic => topic.Level == TopicLevel.High && topic.Id != known[2].Id);
        Assert.NotEqual("name 1", opened.Name);
    }

    [Fact]
    public void Noise_leaves_its_conversation()
    {
        var (window, known) = Stored(context: 0, count: 3);
        Assert.Null(Assert.Single(Reassign(window, known, [0, -1, 0]).Moved).Topic);
    }

    [Fact]
    public void A_models_title_and_outcome_are_those_of_its_conversations_and_a_persons_name_stays()
    {
        var window = Talk(["a", "a", "b", "b", "a"]);
        Topic[] known = [Named("low", TopicLevel.Low, null), Named("mid", TopicLevel.Mid, "low"), Named("a", TopicLevel.High, "mid"), Named("b", TopicLevel.High, "mid")];
        known[3].Rename("mine");
        int[] high = [0, 0, 1, 1, 2], theme = [0, 0, 0, 0, 0];
        var found = new Classification(new int?[5], high, theme, theme)
        {
            Titles = new Dictionary<int, string> { [0] = "red build", [1] = "soup", [2] = "Red Build" },
            Outcomes = new Dictionary<int, FoundOutcome> { [0] = new("it is green", [1]) },
        };
        var reassigned = new ReassignedWindow(window, known, found, Room, new CountedIds(), new NumberNamer(), new NoDrift());

        Assert.Equal(("red build", NameSource.Model), (known[2].Name, known[2].NameSource));
        Assert.Equal(("mine", NameSource.User), (known[3].Name, known[3].NameSource));
        var opened = Assert.Single(reassigned.ChangedTopics, topic => topic.Level == TopicLevel.High && !known.Contains(topic));
        Assert.Equal(NameSource.Auto, opened.NameSource);
        var (id, outcome) = Assert.Single(reassigned.Outcomes);
        Assert.Equal((known[2].Id, new TopicOutcome("it is green", [new MessageId("m1")]) { UpTo = 5 }), (id, outcome));
    }

    [Fact]
    public void What_a_language_model_was_asked_for_keeps_its_topic_noise_too()
    {
        var window = Talk(["a", "a", "b", "b", "a"]) with { Settled = (3, 4) };
        Assert.Equal([null, null, new TopicId("b"), new TopicId("b"), null], Enumerable.Range(0, 5).Select(window.FixedTopic));
        Assert.Equal([null, null, 0, 0, null], window.Lines().Select(line => line.Conversation));
    }

    private static ReassignedWindow Reassign(ReclassificationWindow window, IReadOnlyList<Topic> known, int[] high, IDriftDetector? drift = null)
    {
        var theme = high.Select(label => label < 0 ? -1 : 0).ToArray();
        return new ReassignedWindow(window, known, new Classification(new int?[high.Length], high, theme, theme), Room, new CountedIds(), new NumberNamer(), drift ?? new NoDrift());
    }

    private static (ReclassificationWindow Window, IReadOnlyList<Topic> Known) Stored(int context, int count)
    {
        var messages = Enumerable.Range(0, count).Select(i => Assigned(i, "high")).ToList();
        Topic[] known = [Named("low", TopicLevel.Low, null), Named("mid", TopicLevel.Mid, "low"), Named("high", TopicLevel.High, "mid")];
        return (new ReclassificationWindow(messages, context, new Dictionary<long, TopicId>()), known);
    }

    private static ReclassificationWindow Talk(string[] topics, IReadOnlyDictionary<long, TopicId>? corrected = null)
        => new([.. topics.Select((topic, i) => Assigned(i, topic))], 0, corrected ?? new Dictionary<long, TopicId>());

    private static Topic Named(string id, TopicLevel level, string? parent)
        => Topic.Open(new TopicId(id), Room, level, parent is null ? null : new TopicId(parent), new TopicName(id, []));

    // Only a store assigns messages; the private setter stands in for reading one back.
    private static Message Assigned(int i, string topic)
    {
        var message = Message.Import(new MessageId("m" + i), Room, new JobId("j"), i + 1, "p", "text " + i, Now.AddMinutes(i), null).Value!;
        message.Number(i + 1);
        typeof(Message).GetProperty(nameof(Message.TopicId))!.SetValue(message, new TopicId(topic));
        return message;
    }

    private sealed class NoDrift : IDriftDetector
    {
        public int? Find(IReadOnlyList<ChatLine> conversation) => null;
    }

    private sealed class FromThirdLine : IDriftDetector
    {
        public int? Find(IReadOnlyList<ChatLine> conversation) => conversation.Count > 3 ? 2 : null;
    }

    private sealed class CountedIds : IIdGenerator
    {
        private int _last;

        public string New() => "new" + (++_last).ToString(CultureInfo.InvariantCulture);
    }

    private sealed class NumberNamer : ITopicNamer
    {
        public IReadOnlyList<TopicName> Name(IReadOnlyList<TopicTexts> groups, IReadOnlySet<string> nicknames, IReadOnlySet<string> taken)
            => [.. Enumerable.Range(0, int.MaxValue).Select(i => $"name {i}").Where(name => !taken.Contains(name)).Take(groups.Count).Select(name => new TopicName(name, ["word"]))];
    }
}
