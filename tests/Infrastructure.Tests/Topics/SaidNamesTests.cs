using AIChat.Domain.Topics;
using AIChat.Evaluation.Naming;
using AIChat.Infrastructure.Topics.Naming;

namespace AIChat.Infrastructure.Tests.Topics;

public sealed class SaidNamesTests
{
    private static readonly HashSet<string> None = [];

    [Fact]
    public void A_name_is_a_phrase_of_the_opening() => Assert.Equal("sweet potato", NameOf("who has eaten the sweet potato?", "no idea", "the cellar is full of cats", "cats again", "cats everywhere"));

    [Fact]
    public void A_korean_name_ends_without_its_particle() => Assert.Equal("청첩장 오타", NameOf("청첩장 오타를 봤어", "어디에 있어?", "우리 주소가 틀렸어"));

    [Theory]
    [InlineData("온수 나오시는 분 있나요")]
    [InlineData("하천 뛰실 분")]
    [InlineData("드론 날리는 사람")]
    [InlineData("뒷문 고치셔야 해요")]
    public void A_korean_verb_is_no_keyword_in_polite_speech_or_before_a_noun(string text)
    {
        var keywords = Naming(new TopicTexts([text])).Keywords;
        Assert.Single(keywords);
        Assert.StartsWith(keywords[0], text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("뒤풀이 어디로 갈까", "뒤풀이")]
    [InlineData("옷걸이가 부러졌어", "옷걸이")]
    public void A_noun_made_of_a_verb_keeps_its_last_syllable(string text, string noun) => Assert.Contains(noun, Naming(new TopicTexts([text])).Keywords);

    [Theory]
    [InlineData("rent a small car", "I'd like to rent a small car", "a car for three days", "which cars do you have?")]
    [InlineData("install gcc", "how do I install gcc?", "gcc is in build-essential")]
    public void What_is_done_with_a_thing_is_named_with_its_article(string name, params string[] texts) => Assert.Equal(name, NameOf(texts));

    [Fact]
    public void Most_names_of_the_written_rooms_come_near_to_the_titles()
    {
        var rooms = TitledRoom.Read("choose");
        var score = TitleScores.Score(rooms, rooms.ConvertAll(TitleScores.Names));
        Assert.InRange(score.One, 0.32, 1);
        Assert.InRange(score.Two, 0.10, 1);
    }

    [Fact]
    public async Task No_two_names_of_a_room_are_alike_and_none_ends_in_a_verb_a_particle_or_a_stop_word()
    {
        await foreach (var (what, names) in NameFaults.NamesAsync(CancellationToken.None))
        {
            Assert.True(names.Count == names.Distinct(StringComparer.OrdinalIgnoreCase).Count(), what);
            Assert.All(names, name => Assert.False(NameFaults.EndsBadly(name), $"{what}: {name}"));
        }
    }

    [Fact]
    public void A_name_stays_when_one_line_is_moved_away()
    {
        string[] texts = ["anyone else with double pins on the fridge map?", "yes, two pins per fridge", "the map reloads twice", "the fridge list is fine", "found it, the map loads the pins again"];
        var name = NameOf(texts);
        for (var moved = 1; moved < texts.Length; moved++)
            Assert.Equal(name, Naming(new TopicTexts([.. texts.Where((_, line) => line != moved)]) { Current = name }).Name);
    }

    [Fact]
    public void A_name_goes_when_its_words_are_gone()
    {
        var name = NameOf("청첩장 오타를 봤어", "주소가 틀렸어", "주소를 고치자");
        Assert.DoesNotContain("청첩장", Naming(new TopicTexts(["주소가 틀렸어", "주소를 고치자"]) { Current = name }).Name, StringComparison.Ordinal);
    }

    [Fact]
    public void A_kept_name_is_given_to_nobody_else()
    {
        string[] texts = ["network card is dead", "the network card again"];
        var names = new KeywordNamer().Name([new TopicTexts(texts), new TopicTexts(texts) { Current = "network card" }], None, None);
        Assert.Equal("network card", names[1].Name);
        Assert.NotEqual("network card", names[0].Name);
    }

    [Fact]
    public void A_name_that_follows_a_conversation_from_its_first_line_comes_as_near_to_the_title_as_one_of_all_its_lines()
    {
        var rooms = TitledRoom.Read("choose");
        var (live, later) = (NameSteadiness.Score(rooms, NameSteadiness.Grown), NameSteadiness.Score(rooms, NameSteadiness.Name));
        Assert.True(live.One > later.One - 0.005 && live.Two > later.Two - 0.005, $"{live} {later}");
    }

    [Fact]
    public void A_theme_is_named_by_what_its_conversations_share()
    {
        string[] texts = ["the washing machine ate my sock", "washing machine, sock, sock, sock", "hana's bicycle is in the washing machine room", "the bicycle, the bicycle", "who broke the washing machine drum", "the drum, the drum"];
        Assert.Equal("washing machine", Naming(new TopicTexts(texts) { Conversations = [0, 0, 1, 1, 2, 2] }).Name);
    }

    private static string NameOf(params string[] texts) => Naming(new TopicTexts(texts)).Name;

    private static TopicName Naming(TopicTexts group) => new KeywordNamer().Name([group], None, None)[0];
}
