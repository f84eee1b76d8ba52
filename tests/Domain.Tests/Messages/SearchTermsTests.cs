using System.Text;
using AIChat.Domain.Messages;

namespace AIChat.Domain.Tests.Messages;

public sealed class SearchTermsTests
{
    [Theory]
    [InlineData("김치찌개가", "치찌")]
    [InlineData("Network", "two")]
    [InlineData("🎉🎊", "🎉🎊")]
    public void Every_part_of_a_word_can_be_looked_up(string text, string part)
    {
        var indexed = SearchTerms.ToIndex(text);
        Assert.All(SearchTerms.ToLookUp(SearchTerms.Fold(part)), term => Assert.Contains(term, indexed));
    }

    [Fact]
    public void Every_single_character_begins_some_term()
        => Assert.All("김치찌개", c => Assert.Contains(SearchTerms.ToIndex("김치찌개"), term => term.StartsWith(c)));

    [Fact]
    public void Composed_and_decomposed_text_and_either_case_are_the_same()
    {
        Assert.Equal(SearchTerms.Fold("김치"), SearchTerms.Fold("김치".Normalize(NormalizationForm.FormD)));
        Assert.Equal(SearchTerms.Fold("ΟΔΥΣΣΕΥΣ"), SearchTerms.Fold("οδυσσευς"));
    }

    [Fact]
    public void Pairs_do_not_reach_over_blanks() => Assert.DoesNotContain("bc", SearchTerms.ToIndex("ab cd"));

    [Fact]
    public void A_text_matches_when_it_holds_every_word()
    {
        Assert.True(SearchTerms.Matches("The wireless NETWORK is down", ["net", "wire"]));
        Assert.False(SearchTerms.Matches("The wireless network is down", ["net", "up"]));
    }
}
