using AIChat.Domain.Topics;
using AIChat.Infrastructure.Topics.Classifiers;

namespace AIChat.Infrastructure.Tests.Topics;

public sealed class ShortAnswerTests
{
    private static readonly (string Who, string Text)[] Dinner =
    [
        ("민지", "이번 금요일 회식 장소는 어디가 좋을까요?"), ("서준", "강남"), ("하은", "몇 시에 만나요?"), ("민지", "7시"), ("도윤", "회식 참석 가능하세요 하은님?"), ("하은", "불참"),
        ("서준", "예약은 제가 할게요"),
    ];

    public static TheoryData<ClassificationMode> Modes => [ClassificationMode.Full, ClassificationMode.Online];

    private static readonly string[] Questions = ["이번 회식은 어디서 할까요?", "몇 시에 만나요?", "내일 참석 가능하세요?", "which version do you run?", "does it work now?"];

    private static readonly string[] Answers = ["강남", "7시", "불참", "네", "넵", "ㅇㅇ", "ㄴㄴ", "no", "ok", "5", "v2", "明天", "강남역 2번", "아직"];

    [Theory]
    [MemberData(nameof(Modes))]
    public async Task A_short_answer_is_linked_to_the_question_before_it(ClassificationMode mode)
    {
        var found = await ClassifyAsync([.. Dinner.Select((line, i) => line.Who.Says(60 * i, line.Text))], mode);
        foreach (var answer in (int[])[1, 3, 5])
        {
            Assert.Equal(found.High[answer - 1], found.High[answer]);
            Assert.Equal(answer - 1, found.Links[answer]);
        }
    }

    [Theory]
    [MemberData(nameof(Modes))]
    public async Task Between_two_people_it_is_in_the_questions_conversation(ClassificationMode mode)
    {
        foreach (var (question, answer) in Questions.SelectMany(question => Answers.Select(answer => (question, answer))))
        {
            var found = await ClassifyAsync(["민지".Says(0, question), "서준".Says(40, answer)], mode);
            Assert.True(found.High is [0, 0] && found.Links is [null, 0], $"{question} {answer}");
        }
    }

    [Theory]
    [MemberData(nameof(Modes))]
    public async Task After_a_long_silence_it_answers_nothing(ClassificationMode mode)
    {
        Assert.Equal([0, 1], (await ClassifyAsync(["민지".Says(0, "회식은 어디서 할까요?"), "서준".Says(90_000, "강남")], mode)).High);
        Assert.Equal([0, -1], (await ClassifyAsync(["민지".Says(0, "회식은 어디서 할까요?"), "서준".Says(90_000, "네")], mode)).High);
    }

    private static Task<Classification> ClassifyAsync(IReadOnlyList<ChatLine> lines, ClassificationMode mode) => new ConversationClassifier().ClassifyAsync(lines, mode, null, default);
}
