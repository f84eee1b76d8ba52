using AIChat.Domain.Topics;
using AIChat.Evaluation.Scoring;
using AIChat.Evaluation.Training;
using AIChat.Infrastructure.Topics.Turns;

namespace AIChat.Infrastructure.Tests.Topics;

public sealed class DriftDetectorTests
{
    private static readonly string[] Kernels =
    [
        "the kernel panics when the nvidia driver loads", "which kernel and which driver version?", "kernel 6.8 and the nvidia driver 550", "blacklist the nouveau driver and reboot the kernel",
        "the nvidia driver needs the kernel headers", "installed the kernel headers, the driver builds now", "reboot then, and look whether the driver loads", "the driver loads, no kernel panic any more",
    ];

    private static readonly string[] Pizza =
    [
        "anybody for pizza at lunch?", "pizza yes, the oven at the corner is good", "their pizza dough is too thick for lunch", "lunch with thin dough then, at the other oven",
        "mushrooms on the pizza for me", "mushrooms and cheese, the oven does both", "lunch at noon, I order the pizza", "pizza ordered, mushrooms and cheese, at noon",
    ];

    private static readonly string[] Flights =
    [
        "제주도 여행 숙소를 예약했어요", "제주도 비행기 표는 예약했어요?", "비행기 표는 아직이고 숙소만 예약했어요", "제주도 숙소는 공항 근처인가요",
        "숙소에서 공항까지 비행기 시간에 맞춰 가요", "여행 일정에 맞는 비행기 표를 찾았어요", "그 비행기 표로 제주도 여행을 예약해요", "제주도 여행 숙소와 비행기 표 모두 예약 끝",
    ];

    private static readonly string[] Exams =
    [
        "수학 시험 범위가 어디까지예요", "시험 범위는 미분이랑 적분 단원이요", "적분 문제는 수학 책 뒤에 있어요", "미분 문제도 시험에 나온다고 했어요",
        "수학 선생님이 적분 문제를 찍어 주셨어요", "그 적분 문제 풀이를 보여 주세요", "미분 풀이는 책에 있고 적분 풀이는 없어요", "수학 시험 전에 문제 풀이를 같이 봐요",
    ];

    private static readonly string[] SmallTalk =
    [
        "hi, how are you doing today?", "i am great, just got back from a long run", "nice! how far did you run?", "about ten miles, i am training for a marathon",
        "wow, a marathon! i could never run that far", "by the way, do you have any pets?", "yes, two cats and a dog. they sleep all day", "what kind of dog is it?",
        "a beagle, he is very loud", "ha, beagles are the best. so what do you do for a living?", "i am a nurse at a children's hospital", "that must be hard work",
    ];

    private static readonly string[] KoreanSmallTalk =
    [
        "어제 본 영화 진짜 재밌더라", "그 영화 주인공 연기가 좋았지", "맞아 마지막 장면에서 울었어", "나도 그 장면에서 눈물 났어 ㅠㅠ",
        "그나저나 너 요즘 무슨 운동 해?", "나는 수영 다녀 아침마다", "수영 힘들지 않아?", "처음엔 힘든데 수영하면 하루가 개운해",
        "아 맞다 이번 주말에 계획 있어?", "주말에는 부모님 댁에 가려고", "부모님 댁이 어디야?", "부산이야 기차로 세 시간 걸려",
    ];

    private readonly DriftDetector _detector = new();

    [Fact]
    public void Where_the_talk_turns_to_something_else_it_says_so()
    {
        Assert.InRange(Assert.NotNull(Find([.. Kernels, .. Pizza])), 7, 9);
        Assert.InRange(Assert.NotNull(Find([.. Flights, .. Exams])), 7, 9);
    }

    [Fact]
    public void What_keeps_to_its_subject_is_left_alone()
    {
        Assert.Null(Find([.. Kernels, .. Kernels.Reverse()]));
        Assert.Null(Find([.. Flights, .. Flights.Reverse()]));
    }

    [Fact]
    public void Two_subjects_all_mixed_up_are_no_turn() => Assert.Null(Find([.. Kernels.Zip(Pizza, (one, other) => new[] { one, other }).SelectMany(pair => pair)]));

    [Fact]
    public void Too_little_says_nothing()
    {
        Assert.Null(Find([]));
        Assert.Null(Find(["hello"]));
        Assert.Null(Find([.. Kernels[..5], .. Pizza[..6]]));
    }

    [Fact]
    public void Lines_without_words_and_the_same_line_for_ever_are_no_turn()
    {
        Assert.Null(Find([.. Enumerable.Repeat("", 40)]));
        Assert.Null(Find([.. Enumerable.Repeat("lunch at noon?", 40)]));
    }

    [Fact]
    public void Of_a_long_talk_only_the_newest_lines_count()
    {
        string[] old = [.. Enumerable.Repeat(Pizza, 3).SelectMany(lines => lines)];
        string[] now = [.. Enumerable.Repeat(Kernels, 60).SelectMany(lines => lines)];
        Assert.Null(Find([.. old, .. now]));
        Assert.InRange(Assert.NotNull(Find([.. now, .. Flights, .. Flights])), now.Length - 1, now.Length + 1);
    }

    [Fact]
    public void The_same_talk_gets_the_same_answer() => Assert.Equal(Find([.. Kernels, .. Pizza]), Find([.. Kernels, .. Pizza]));

    [Fact]
    public void Every_turn_of_small_talk_is_found()
    {
        var found = _detector.Turns(Talk(SmallTalk));
        Assert.Contains(5, found);
        Assert.Contains(9, found);
        Assert.InRange(found.Count, 2, 4);
    }

    [Fact]
    public void Korean_cues_tell_a_turn()
    {
        var found = _detector.Turns(Talk(KoreanSmallTalk));
        Assert.Contains(4, found);
        Assert.Contains(8, found);
        Assert.InRange(found.Count, 2, 4);
    }

    [Fact]
    public void No_line_and_one_line_have_no_turn()
    {
        Assert.Empty(_detector.Turns([]));
        Assert.Empty(_detector.Turns(Talk(["hello"])));
    }

    [DataFact("tiage/anno_dev.json")]
    public void Half_of_the_turns_that_people_mark_are_found_without_an_encoder()
    {
        var score = TurnScore.Of(TurnTalk.OfTiage(Path.Combine(TestData.Folder!, "tiage/anno_dev.json")), _detector);
        Assert.True(score.F1 >= 0.5, score.ToString());
    }

    private static IReadOnlyList<ChatLine> Talk(string[] lines) => [.. lines.Select((line, at) => (at % 2 == 0 ? "ann" : "bob").Says(at * 20, line))];

    private int? Find(string[] lines) => _detector.Find([.. lines.Select((line, at) => (at % 3 == 0 ? "ann" : "bob").Says(at * 20, line))]);
}
