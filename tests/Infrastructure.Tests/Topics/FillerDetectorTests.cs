using AIChat.Domain.Messages;
using AIChat.Infrastructure.Topics.Linking;

namespace AIChat.Infrastructure.Tests.Topics;

public sealed class FillerDetectorTests
{
    [Theory]
    [InlineData("")]
    [InlineData(" \u00A0\u200B\u3164")]
    [InlineData("ㅋㅋㅋㅋㅋ")]
    [InlineData("ㅎㅎ ㅋㅋ ㅠㅠ ㅜㅜ ㅡㅡ;; ㄷㄷ")]
    [InlineData("?!...~~")]
    [InlineData("👍🏽 ❤️ 👩‍👩‍👧 🇰🇷")]
    [InlineData(":joy::+1: <:own:123456>")]
    [InlineData(":) :D ;-) T_T ㅇㅅㅇ ^^")]
    [InlineData("hmmm")]
    [InlineData("Hahaha lol lololol")]
    [InlineData("아 ㅋㅋㅋ")]
    [InlineData("헐... 와우!")]
    [InlineData("푸하하하하")]
    public void Laughter_punctuation_emoji_and_interjections_say_nothing(string text) => Assert.True(FillerDetector.IsFiller(text));

    [Theory]
    [InlineData("강남")]
    [InlineData("불참")]
    [InlineData("집")]
    [InlineData("7시")]
    [InlineData("7")]
    [InlineData("3 ㅋㅋ")]
    [InlineData("5!")]
    [InlineData("v2")]
    [InlineData("no")]
    [InlineData("ok")]
    [InlineData("C")]
    [InlineData("明天")]
    [InlineData("はい")]
    [InlineData("네")]
    [InlineData("넵!")]
    [InlineData("ㅇㅇ")]
    [InlineData("ㄱㅅ")]
    [InlineData("hi")]
    [InlineData("of")]
    [InlineData("하키")]
    [InlineData("①")]
    [InlineData("헐 강남")]
    [InlineData("12:30:45")]
    public void Words_and_numbers_say_something_however_short_they_are(string text) => Assert.False(FillerDetector.IsFiller(text));

    [Theory]
    [InlineData("네", true)]
    [InlineData("ㅇㅇ ㅋㅋ", true)]
    [InlineData("OK!", true)]
    [InlineData("no no", true)]
    [InlineData("hmm", true)]
    [InlineData("강남", false)]
    [InlineData("7시", false)]
    [InlineData("네 강남이요", false)]
    public void A_bare_yes_or_no_is_nothing_alone(string text, bool isNothing) => Assert.Equal(isNothing, FillerDetector.IsNothingAlone(text));

    [Fact]
    public void Every_single_letter_of_a_language_says_something()
    {
        for (var c = '가'; c <= '힣'; c++)
            Assert.False(FillerDetector.IsFiller($"{c}{c}남"));
        Assert.All("0123456789bcdefgijklmnpqrtuvy", c => Assert.False(FillerDetector.IsFiller(c.ToString()), c.ToString()));
    }

    [Fact]
    public void Long_and_odd_texts_are_read()
    {
        const int longest = Message.MaxContentLength;
        Assert.True(FillerDetector.IsFiller(new string('ㅋ', longest)));
        Assert.True(FillerDetector.IsFiller(new string(':', longest)));
        Assert.False(FillerDetector.IsFiller(new string('하', longest)));
        Assert.False(FillerDetector.IsFiller(string.Concat(Enumerable.Repeat("ha", longest / 2))));
        Assert.False(FillerDetector.IsFiller(string.Concat(Enumerable.Repeat(":a", longest / 2))));
        Assert.True(FillerDetector.IsFiller("\ud800 \udc00"));
    }
}
