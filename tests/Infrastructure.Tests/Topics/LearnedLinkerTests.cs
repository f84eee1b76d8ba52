using AIChat.Domain.Topics;
using AIChat.Infrastructure.Topics.Linking;
using AIChat.Infrastructure.Topics.Ngrams;

namespace AIChat.Infrastructure.Tests.Topics;

public sealed class LearnedLinkerTests
{
    private readonly ILinker _linker = new LearnedLinkerFactory().Start();

    [Theory]
    [InlineData("alice: try it with sudo")]
    [InlineData("ALICE, try it with sudo")]
    [InlineData("@alice try it with sudo")]
    [InlineData("what alice said is right")]
    public void A_line_answers_the_last_message_of_whom_it_names(string text)
    {
        _linker.Link("alice".Says(0, "my sound is gone since the update"));
        _linker.Link("bob".Says(10, "does anybody know a good editor for large files"));
        Assert.Equal(0, _linker.Link("carol".Says(900, text)).Antecedent);
    }

    [Theory]
    [InlineData("민지야 그거 어디서 샀어?")]
    [InlineData("@민지 그거 어디서 샀어?")]
    [InlineData("그거 어디서 샀어요 민지님?")]
    [InlineData("민지씨, 그거 어디서 샀어요")]
    [InlineData("@민지야 어디서 샀어")]
    public void A_Korean_name_is_found_with_its_ending(string text)
    {
        _linker.Link("민지".Says(0, "오늘 새 가방 샀다"));
        _linker.Link("서준".Says(300, "내일 회의 몇 시에 하는지 아는 사람 있나요"));
        Assert.Equal(0, _linker.Link("하은".Says(900, text)).Antecedent);
    }

    [Fact]
    public void A_nickname_that_is_a_common_word_calls_only_where_it_is_marked()
    {
        for (var i = 0; i < 8; i++)
            _linker.Link($"asker{i}".Says(i * 1000, $"can somebody help me with question number {i} on disks"));
        _linker.Link("help".Says(9000, "good evening all"));
        Assert.NotEqual(8, _linker.Link("dora".Says(20000, "i need help with a printer")).Antecedent);
        Assert.Equal(8, _linker.Link("eve".Says(30000, "help: good evening to you")).Antecedent);
    }

    [Fact]
    public void Without_a_name_a_line_goes_on_with_what_its_speaker_said_last()
    {
        _linker.Link("alice".Says(0, "my sound is gone since the update"));
        _linker.Link("bob".Says(20, "does anybody know a good editor for large files"));
        var decision = _linker.Link("alice".Says(40, "rebooted twice already"));
        Assert.Equal(0, decision.Antecedent);
        Assert.Equal(0, decision.Conversation);
    }

    [Fact]
    public void Whoever_was_named_answers_the_line_that_named_them()
    {
        _linker.Link("alice".Says(0, "my sound is gone since the update"));
        _linker.Link("bob".Says(30, "alice: which card is it"));
        Assert.Equal(1, _linker.Link("alice".Says(60, "some old creative thing")).Antecedent);
    }

    [Fact]
    public void After_a_long_silence_a_line_opens_a_conversation()
    {
        _linker.Link("alice".Says(0, "my sound is gone since the update"));
        var decision = _linker.Link("alice".Says(3600, "anyone up for lunch"));
        Assert.Null(decision.Antecedent);
        Assert.Equal(1, decision.Conversation);
    }

    [Fact]
    public void In_a_slow_room_people_may_take_longer()
    {
        for (var i = 0; i < 60; i++)
            _linker.Observe($"p{i % 12}".Says(i * 1800, $"line number {i} about something"), i);
        _linker.Link("alice".Says(120000, "my sound is gone since the update"));
        Assert.Equal(60, _linker.Link("alice".Says(120900, "rebooted twice already")).Antecedent);
    }

    [Fact]
    public void An_explicit_reply_is_obeyed_however_old_it_is()
    {
        for (var i = 0; i < 3000; i++)
            _linker.Observe($"p{i % 12}".Says(i * 10, $"line number {i}"), i / 3);
        var decision = _linker.Link("p5".Says(40000, "p7: yes") with { ReplyTo = 4 });
        Assert.Equal(4, decision.Antecedent);
        Assert.Equal(1, decision.Conversation);
    }

    [Fact]
    public void Conversations_that_open_get_numbers_above_those_observed()
    {
        _linker.Observe("alice".Says(0, "my sound is gone"), 41);
        Assert.Equal(42, _linker.Link("bob".Says(3000, "does anybody know a good editor")).Conversation);
    }

    [Theory]
    [InlineData("")]
    [InlineData("  ")]
    [InlineData("ㅋㅋㅋㅋㅋ")]
    [InlineData("ㅠㅠ...")]
    [InlineData("👍👍🏽")]
    [InlineData("ok")]
    [InlineData("네")]
    [InlineData("hmm")]
    [InlineData("!!!")]
    public void Chatter_that_nothing_ties_is_noise(string text)
    {
        _linker.Link("alice".Says(0, "my sound is gone since the update"));
        Assert.Equal(new LinkDecision(null, -1, null), _linker.Link("bob".Says(5000, text)));
    }

    [Theory]
    [InlineData("강남")]
    [InlineData("7시")]
    [InlineData("vim")]
    public void A_short_line_that_says_something_is_no_noise(string text)
    {
        _linker.Link("alice".Says(0, "my sound is gone since the update"));
        Assert.Equal(1, _linker.Link("bob".Says(5000, text)).Conversation);
    }

    [Fact]
    public void Chatter_that_something_ties_is_part_of_its_conversation()
    {
        _linker.Link("민지".Says(0, "오늘 새 가방 샀다"));
        Assert.Equal(0, _linker.Link("서준".Says(5, "민지야 ㅋㅋ")).Conversation);
    }

    [Fact]
    public void A_line_of_the_system_is_noise_and_answers_nothing()
    {
        _linker.Link("alice".Says(0, "my sound is gone since the update"));
        Assert.Equal(new LinkDecision(null, -1, null), _linker.Link(Talk.System(1, "alice left the room")));
    }

    [Fact]
    public void A_conversation_on_the_same_subject_is_similar()
    {
        _linker.Link("alice".Says(0, "제주도 여행 숙소 추천해 주세요"));
        _linker.Link("bob".Says(3600, "kernel panic after grub update"));
        var decision = _linker.Link("carol".Says(7200, "제주도 여행 숙소 어디가 좋아요?"));
        Assert.Null(decision.Antecedent);
        Assert.Equal(0, decision.SimilarConversation);
    }

    [Fact]
    public void Decisions_do_not_depend_on_later_lines()
    {
        var (room, other) = (Talk.Babble(400, seed: 1), Talk.Babble(400, seed: 2));
        var changed = room.Take(250).Concat(other.Skip(250)).ToList();
        var (first, second) = (new LearnedLinkerFactory().Start(), new LearnedLinkerFactory().Start());
        Assert.Equal(room.Select(first.Link).Take(250), changed.Select(second.Link).Take(250));
    }

    [Fact]
    public void Embeddings_that_come_with_the_lines_change_nothing()
    {
        var room = Talk.Babble(300, seed: 3);
        var (first, second) = (new LearnedLinkerFactory().Start(), new LearnedLinkerFactory().Start());
        Assert.Equal(room.Select(first.Link).ToList(), room.Select(line => second.Link(line with { NgramProfile = NgramEmbedder.Embed(line.Content) })).ToList());
    }
}
