using System.Text;
using AIChat.Application;
using AIChat.Application.Reads;
using AIChat.Domain.Topics;
using AIChat.Infrastructure.Topics.Naming;
using AIChat.Infrastructure.Topics.Ngrams;
using MediatR;
using Microsoft.Extensions.DependencyInjection;

namespace AIChat.Infrastructure.Tests.Topics;

/// <summary>Korean typed on macOS comes decomposed (NFD), and is read like any other.</summary>
public sealed class ComposedTextTests
{
    private static readonly string[] People = ["민지", "서준", "하은", "도윤", "José"];

    private static readonly string[] Said =
    [
        "이번 금요일 회식 장소는 어디가 좋을까요?", "강남", "7시", "민지야 그거 어디서 샀어?", "@서준 사진 보냈어", "ㅋㅋㅋ", "제주도 여행 숙소를 예약했어요", "그리고 비행기 표가 너무 비싸요", "하은님 감사합니다",
        "네", "고양이가 사진을 망쳤어", "내일 회의 몇 시에 하는지 아는 사람 있나요", "café 옆에 있는 집", "https://example.com/길 봐", "여행 일정은 숙소 근처로 잡아요", "안녕하세요", "헐",
    ];

    [Fact]
    public async Task A_decomposed_room_has_the_same_conversations_names_and_summaries()
    {
        await using var services = new ServiceCollection().AddLogging().AddApplication().AddClassifier().BuildServiceProvider();
        var mediator = services.GetRequiredService<IMediator>();
        var chance = new Random(8);
        for (var round = 0; round < 25; round++)
        {
            List<PredictedChat> chats = [];
            var clock = Talk.Start;
            for (var i = 0; i < 40; i++)
            {
                clock += TimeSpan.FromSeconds(chance.Next(5, 200));
                chats.Add(new PredictedChat($"{i}", chance.GetItems(People, 1)[0], string.Join(' ', chance.GetItems(Said, chance.Next(1, 3))), clock, null, null, null));
            }

            var mode = round % 2 == 0 ? "full" : "online";
            var composed = (await mediator.Send(new PredictTopics([.. chats], null, mode, Summarize: true))).Value!;
            foreach (var typed in (List<PredictedChat>[])[chats.ConvertAll(Decomposed), [.. chats.Select(chat => chance.Next(2) == 0 ? Decomposed(chat) : chat)]])
            {
                var found = (await mediator.Send(new PredictTopics([.. typed], null, mode, Summarize: true))).Value!;
                Assert.Equal(composed.Topics.High, found.Topics.High);
                Assert.Equal(composed.Topics.Mid, found.Topics.Mid);
                Assert.Equal(composed.Topics.Low, found.Topics.Low);
                Assert.Equal(composed.Links, found.Links);
                Assert.Equal(composed.Margins, found.Margins);
                foreach (var level in Enum.GetValues<TopicLevel>())
                {
                    Assert.Equal(composed.Summaries.At(level).Select(each => (each.Key, each.Value.Name, each.Value.Content)), found.Summaries.At(level).Select(each => (each.Key, each.Value.Name, each.Value.Content)));
                    Assert.All(found.Summaries.At(level).Values, topic => Assert.True(topic.Name.IsNormalized(NormalizationForm.FormC)));
                }
            }
        }

        static PredictedChat Decomposed(PredictedChat chat) => chat with { Nickname = chat.Nickname!.Normalize(NormalizationForm.FormD), Content = chat.Content!.Normalize(NormalizationForm.FormD) };
    }

    [Fact]
    public void A_long_text_is_cut_at_the_same_place()
    {
        var text = string.Join(' ', Enumerable.Range(0, 2_000).Select(i => Said[i % Said.Length]));
        Assert.Equal(NgramEmbedder.Embed(text), NgramEmbedder.Embed(text.Normalize(NormalizationForm.FormD)));
    }

    [Fact]
    public void Names_that_are_taken_and_nicknames_are_known_in_either_form()
    {
        IReadOnlyList<string> group = ["민지가 제주도 여행 숙소를 예약했어요", "여행 숙소가 비싸요", "제주도 여행 숙소는 어디예요?"];
        var name = Name(group, [], []);
        Assert.Equal(name, Name([.. group.Select(Decomposed)], [], []));
        Assert.NotEqual(name, Name(group, [], [Decomposed(name)]));
        Assert.Equal(Name(["민지짱^^ 왔어"], ["민지짱^^"], []), Name(["민지짱^^ 왔어"], [Decomposed("민지짱^^")], []));
        Assert.Equal("잡담", Name([Decomposed("네")], [Decomposed("네")], []));

        static string Decomposed(string text) => text.Normalize(NormalizationForm.FormD);

        static string Name(IReadOnlyList<string> group, HashSet<string> nicknames, HashSet<string> taken) => new KeywordNamer().Name([new TopicTexts(group)], nicknames, taken)[0].Name;
    }
}
