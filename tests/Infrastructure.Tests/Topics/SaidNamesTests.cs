using AIChat.Evaluation.Naming;
using AIChat.Evaluation.Summaries;
using AIChat.Infrastructure.Topics.Naming;

namespace AIChat.Infrastructure.Tests.Topics;

public sealed class SaidNamesTests
{
    [Fact]
    public void A_name_is_a_phrase_of_the_opening() => Assert.Equal("sweet potato", NameOf("who has eaten the sweet potato?", "no idea", "the cellar is full of cats", "cats again", "cats everywhere"));

    [Fact]
    public void A_korean_name_ends_without_its_particle() => Assert.Equal("청첩장 오타", NameOf("청첩장 오타를 봤어", "어디에 있어?", "우리 주소가 틀렸어"));

    [Fact]
    public void Most_names_of_the_written_rooms_come_near_to_the_titles()
    {
        var rooms = TitledRoom.Read("choose");
        var score = RougeScore.Mean([.. rooms.SelectMany(room => Names(room).Zip(room.Titles, RougeScore.Of))]);
        Assert.InRange(score.One, 0.32, 1);
        Assert.InRange(score.Two, 0.11, 1);
    }

    [Theory]
    [InlineData("learn")]
    [InlineData("choose")]
    public void No_two_names_of_a_room_are_alike_and_none_ends_in_a_verb_or_a_function_word(string set)
    {
        foreach (var names in TitledRoom.Read(set).ConvertAll(Names))
        {
            Assert.Equal(names.Count, names.Distinct(StringComparer.OrdinalIgnoreCase).Count());
            Assert.All(names, name =>
            {
                var last = name.Split(' ')[^1];
                Assert.False(WordLists.EnglishStop.Contains(last) || WordLists.KoreanStop.Contains(last) || Predicates.IsPlainly(last), name);
            });
        }
    }

    private static string NameOf(params string[] texts) => new KeywordNamer().Name([texts], new HashSet<string>(), new HashSet<string>())[0].Name;

    private static List<string> Names(TitledRoom room) => [.. new KeywordNamer().Name(room.Groups(), room.Nicknames, new HashSet<string>()).Select(name => name.Name)];
}
