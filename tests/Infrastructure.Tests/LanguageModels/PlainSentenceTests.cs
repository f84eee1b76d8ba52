using AIChat.Infrastructure.LanguageModels;

namespace AIChat.Infrastructure.Tests.LanguageModels;

public sealed class PlainSentenceTests
{
    [Theory]
    [InlineData("회의는 3시~4시, 워크숍은 12월 10~11일", "회의는 3시~4시, 워크숍은 12월 10~11일")]
    [InlineData("~~no~~ ~yes~ a~~b", "no yes ab")]
    public void A_tilde_of_a_range_is_no_markup(string written, string plain) => Assert.Equal(plain, PlainSentence.Of(written, []));
}
