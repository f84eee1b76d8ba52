using AIChat.Domain.Topics;
using AIChat.Infrastructure.Topics.Classifiers;

namespace AIChat.Infrastructure.Tests.Topics;

/// <summary>Large and random windows: a class of their own, because they take long and run beside the others.</summary>
public sealed class ConversationClassifierPropertyTests
{
    public static TheoryData<ClassificationMode> Modes => [ClassificationMode.Full, ClassificationMode.Online];

    [Theory]
    [MemberData(nameof(Modes))]
    public async Task An_explicit_answer_is_always_where_its_question_is(ClassificationMode mode)
    {
        var chance = new Random(5);
        for (var seed = 0; seed < 60; seed++)
        {
            var lines = Talk.Babble(50, seed);
            for (var i = 1; i < lines.Count; i++)
            {
                if (chance.Next(8) == 0)
                    lines[i] = lines[i] with { Content = "ㅋㅋ" };
                if (chance.Next(4) == 0)
                    lines[i] = lines[i] with { ReplyTo = chance.Next(Math.Max(0, i - 12), i) };
            }

            var found = await ClassifyAsync(lines, mode);
            foreach (var ofOne in Enumerable.Range(0, lines.Count).Where(i => lines[i].ReplyTo is not null).GroupBy(i => lines[i].ReplyTo!.Value))
            {
                var number = Assert.Single(ofOne.Select(i => found.High[i]).Distinct());
                Assert.True(number >= 0 && (found.High[ofOne.Key] == number || (mode == ClassificationMode.Online && found.High[ofOne.Key] == -1)), $"seed {seed}, answers to {ofOne.Key}");
            }
        }
    }

    /// <summary>Longer than the blocks in which full mode clusters a window; answers and known conversations reach over several of them.</summary>
    [Fact]
    public async Task In_a_long_window_answers_and_known_conversations_hold()
    {
        for (var seed = 0; seed < 3; seed++)
        {
            var chance = new Random(seed);
            var lines = Talk.Babble(3_000, seed, people: 6);
            var questions = Enumerable.Range(0, 60).Select(_ => chance.Next(lines.Count)).ToHashSet();
            foreach (var known in questions.Order().Take(8).Select((line, number) => (line, number)))
                lines[known.line] = lines[known.line] with { Conversation = known.number };
            for (var i = 1; i < lines.Count; i++)
            {
                if (chance.Next(6) == 0 && questions.Where(question => question < i).ToList() is { Count: > 0 } asked && !questions.Contains(i))
                    lines[i] = lines[i] with { ReplyTo = asked[chance.Next(asked.Count)] };
            }

            var found = await ClassifyAsync(lines, ClassificationMode.Full);
            Assert.All(Enumerable.Range(0, lines.Count).Where(i => lines[i].ReplyTo is not null), i => Assert.Equal(found.High[lines[i].ReplyTo!.Value], found.High[i]));
            Assert.Equal(8, Enumerable.Range(0, lines.Count).Where(i => lines[i].Conversation is not null).Select(i => found.High[i]).Distinct().Count());
        }
    }

    [Theory]
    [MemberData(nameof(Modes))]
    public async Task Odd_windows_are_classified(ClassificationMode mode)
    {
        Assert.Empty((await ClassifyAsync([], mode)).High);
        Assert.Equal([0], (await ClassifyAsync(["alice".Says(0, "hello there")], mode)).Low);
        Assert.Equal([-1], (await ClassifyAsync(["alice".Says(0, "🙂")], mode)).High);
        Assert.All((await ClassifyAsync([.. Enumerable.Range(0, 2_000).Select(i => $"p{i % 40}".Says(i, "  "))], mode)).High, label => Assert.Equal(-1, label));

        // Long in the mode whose last steps look at the whole window.
        Assert.All((await ClassifyAsync([.. Enumerable.Range(0, mode == ClassificationMode.Full ? 4_000 : 2_000).Select(i => "alice".Says(i, "the same line again"))], mode)).High, label => Assert.Equal(0, label));
        var identical = await ClassifyAsync([.. Enumerable.Range(0, 2_000).Select(i => $"p{i}".Says(i, "the same line again"))], mode);
        Assert.Single(identical.Low.Distinct());
        var log = string.Join(' ', Enumerable.Range(0, 800).Select(i => $"{i:x4}"));
        Assert.Equal(300, (await ClassifyAsync([.. Enumerable.Range(0, 300).Select(i => $"p{i % 9}".Says(i * 20, i + log))], mode)).High.Count);
    }

    [Theory]
    [MemberData(nameof(Modes))]
    public async Task Whatever_the_dates_are_a_window_is_classified(ClassificationMode mode)
    {
        var chance = new Random(6);
        for (var seed = 0; seed < 60; seed++)
        {
            var date = Rooms.OddDates(chance);
            var found = await ClassifyAsync([.. Talk.Babble(60, seed).Select((line, i) => line with { CreatedAt = date(i) })], mode);
            Assert.All(found.Mid.Zip(found.Low).GroupBy(pair => pair.First), theme => Assert.Single(theme.Select(pair => pair.Second).Distinct()));
            Assert.All(found.High.Zip(found.Mid).GroupBy(pair => pair.First), conversation => Assert.Single(conversation.Select(pair => pair.Second).Distinct()));
            Assert.All(found.Margins, margin => Assert.True(margin is null || float.IsFinite(margin.Value)));
        }
    }

    private static Task<Classification> ClassifyAsync(IReadOnlyList<ChatLine> lines, ClassificationMode mode) =>
        new ConversationClassifier().ClassifyAsync(lines, mode, null, default);
}
