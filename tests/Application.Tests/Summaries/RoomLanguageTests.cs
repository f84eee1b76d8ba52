using System.Text;
using AIChat.Application.Summaries;
using AIChat.Domain.Messages;

namespace AIChat.Application.Tests.Summaries;

public sealed class RoomLanguageTests
{
    private static readonly string[] Korean = ["이거 봤어?", "헐 진짜 대박이다"], English = ["have you seen this?", "no way, that is great"];

    /// <summary>Texts that are written alike in every language.</summary>
    public static TheoryData<string> Neutral =>
    [
        "https://news.example/article/2024/03/02/some-long-slug-of-an-article-about-everything-and-nothing",
        "https://news.example/some-long-slug-of-an-article 이거 www.example.com/another-long-slug-of-another-article-with-many-words",
        "http://ko.wikipedia.org/wiki/서울특별시_강남구_역삼동_테헤란로_그리고_많은_다른_동네들",
        "github.com/someone/a-repository-with-a-long-name/blob/main/README.md",
        "someone.with.a.very.long.name@a-company-with-a-long-name.example.com",
        "@someone_with_a_long_name @AnotherPersonWithALongName @김민지와친구들의아주긴이름입니다정말로",
        "AbstractSingletonProxyFactoryBean가 SimpleBeanFactoryAwareAspectInstanceFactory라고",
        "conversation_classifier_property_tests.test_of_everything ConversationClassifier.ClassifyAsync std::unordered_multimap",
        "src/Infrastructure/Topics/Linking/FillerDetector.cs docs/operations.md C:\\Users\\Someone\\Documents\\thesis.docx",
        "`git rebase --interactive --autosquash origin main` 했어",
        "```\nfor (const each of list) { console.log(each, each, each); return something else entirely; }\n```",
        "``` not closed: return something else entirely, whatever it is that somebody pasted here",
        ":joy: :heavy_check_mark: :slightly_smiling_face: <:a_custom_emoji_of_a_server:123456789012345678> :thumbsup::thumbsup:",
        "3f786850e387550fdab836ed7e6dc881de23001b 550e8400-e29b-41d4-a716-446655440000",
    ];

    [Theory]
    [MemberData(nameof(Neutral))]
    public void What_is_written_alike_in_every_language_does_not_count(string text)
    {
        Assert.Equal("ko", RoomLanguage.Of([text, .. Korean]));
        Assert.Equal("ko", RoomLanguage.Of([text, .. Korean.Select(said => said.Normalize(NormalizationForm.FormD))]));
        Assert.Equal("en", RoomLanguage.Of([text, .. English]));
    }

    [Theory]
    [InlineData("ko", "안녕하세요 오늘 회의 있어요")]
    [InlineData("ko", "ㅇㅋ ㄱㄱ")]
    [InlineData("ko", "npm install 하고 docker 다시 띄워봐")]
    [InlineData("ko", "네, don't worry 할게요")]
    [InlineData("en", "I'll bring 김치 and the rest of the food")]
    [InlineData("en", "well...maybe we should and/or could e.g. go home")]
    [InlineData("en", "what time is it? ㅋㅋ")]
    [InlineData("en", "")]
    [InlineData("en", "https://example.com/a")]
    public void The_language_of_most_words_is_the_rooms(string language, string text)
    {
        Assert.Equal(language, RoomLanguage.Of([text]));
        Assert.Equal(language, RoomLanguage.Of([text.Normalize(NormalizationForm.FormD)]));
    }

    [Fact]
    public void Long_and_odd_texts_are_read()
    {
        const int longest = Message.MaxContentLength;
        foreach (var text in (string[])[new('`', longest), new('a', longest), string.Concat(Enumerable.Repeat("`a\n", longest / 3)), string.Concat(Enumerable.Repeat("```a", longest / 4)), "\ud800가\udc00 안녕", new(':', longest)])
            Assert.Contains(RoomLanguage.Of([text]), (string[])["ko", "en"]);
    }
}
