using AIChat.Domain.Topics;
using AIChat.Infrastructure.LanguageModels;

namespace AIChat.Infrastructure.Tests.LanguageModels;

public sealed class KoreanParticleTests
{
    private static readonly (string AfterConsonant, string AfterVowel)[] Pairs = [("은", "는"), ("이", "가"), ("을", "를"), ("과", "와"), ("으로", "로"), ("아", "야"), ("이랑", "랑"), ("이에요", "예요")];

    // By how people read them aloud.
    private const string AfterConsonant =
        """
        민준 서준 예준 도윤 시원 하준 지훈 준혁 성민 영진 하은 서연 지민 수현 채원 지원 다은 예은 소윤 유진 민석 태양 봄 달님 곰 감자탕 김 박 최강 운영진 방장 새벽반장 옆집사람 고양이집사님 은행원 콩 밥 책
        tom sam adam jim kim ann ben john martin justin jane june simone irene king ming jack nick rick bob rob jacob eric isaac mark99x6 philip chip scott elliot robot cat jerome
        지은 태민 재현 승준 현준 도현 우진 승민 동현 상훈 경민 나은 가은 수빈 채은 이든 라온 다온 새봄 구름 바람 햇님 밤 딸기잼 빵 수박 낙엽 연못 꽃 숲 부엌 팥
        brian ethan logan megan susan simon jason aaron carmen helen madison jasmine caroline christine pauline wayne dwayne eugene yvonne graham abraham william miriam malcolm tim joseph lamb thumb
        frederick patrick dominic cedric zodiac derek mac seok hyuk wook taek book juliet harriet elliott brett matt bot net kang young jung group
        user10 team3 agent6 p100 ABM N 하은🙂 sam! 민준_ 도윤( jin❤️ kevin~ 철수10 정훈❤️❤️ 지훈^^
        """;

    private const string AfterRieul = "한별 달 은결 하늘별 별 물 쌀 서울 나날 기철 하늘 이슬 구슬 가을 겨울 노을 한결 예슬 민설 다솔 윤슬 감귤 abel joel noel nigel russell annabelle michelle gabrielle lucille carole hazel pearl neil gail april virgil daniel paul carl bill michael rachel kyle dale nicole user1 team7 bot8 RL L 한별🙂 paul_ apple";

    private const string AfterVowel =
        """
        민지 현우 하나 지수 유나 수아 예지 은지 미소 철수 영수 보라 나래 재희 태희 도시 바다 고래 토끼 오리 여우 김치 두부 엄마 아빠 언니 누나 총무 사과 기사 주차
        하루 소리 마루 나무 구두 모모 코코 루루 초코 두유 우유 고구마 마리 세아 시아 아라 은우 선우 태호 민호 준서 민서 지아
        olivia emma ava lucas james thomas charles dennis iris marcus jess ross ruth keith beth trish rich mitch blanche george roger oliver heather victor arthur kurt ernest walt grant
        boat street soup scout root fruit soap week oak clark zeke blake jake duke roy troy leo theo mario otto hermione daphne rene salome dave clive eve maeve ralph rudolph cliff liz hans craig greg doug ned todd fred gerald richard
        mina anna sue andrea mike luke steve grace pete kate hope claire zoe chloe sophie david brad ted peter alex max jeff josh chris amy henry joe mary mark robert bart frank sharp joy
        user2 team4 a5 zed9 KBS H 민지🙂 하나! mike_ 유나( alex~ 지수22 보라❤️
        """;

    [Fact]
    public void A_particle_takes_the_form_that_the_last_sound_asks_for()
    {
        foreach (var (names, sound) in ((string, char)[])[(AfterConsonant, 'C'), (AfterRieul, 'R'), (AfterVowel, 'V')])
        {
            foreach (var name in names.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries))
            {
                foreach (var (afterConsonant, afterVowel) in Pairs)
                {
                    var right = sound == 'C' || (sound == 'R' && afterVowel != "로") ? afterConsonant : afterVowel;
                    Assert.Equal(name + right, name + KoreanParticle.After(name, afterConsonant));
                    Assert.Equal(name + right, name + KoreanParticle.After(name, afterVowel));
                    Assert.Equal($"어제 {name}{right} 봤다", Named($"어제 P1{afterVowel} 봤다", name));
                }
            }
        }
    }

    [Theory]
    [InlineData("P1은(는) 간다", "mina", "mina는 간다")]
    [InlineData("(P1이) 온다", "mina", "(mina가) 온다")]
    [InlineData("P1으로부터", "민지", "민지로부터")]
    [InlineData("P1로서는", "민준", "민준으로서는")]
    [InlineData("P1로서의 일", "민준", "민준으로서의 일")]
    [InlineData("P1와의 약속", "tom", "tom과의 약속")]
    [InlineData("P1과는 다르다", "mina", "mina와는 다르다")]
    [InlineData("P1이었다", "민지", "민지였다")]
    [InlineData("P1라고 했다", "tom", "tom이라고 했다")]
    [InlineData("P1랑은 다르다", "tom", "tom이랑은 다르다")]
    [InlineData("P1에요", "tom", "tom이에요")]
    [InlineData("P1에요.", "mina", "mina예요.")]
    [InlineData("P1라도 가자", "tom", "tom이라도 가자")]
    [InlineData("P1이라도 가자", "mina", "mina라도 가자")]
    [InlineData("P1란 이름", "tom", "tom이란 이름")]
    [InlineData("P1든 아니든", "tom", "tom이든 아니든")]
    [InlineData("P1이든지", "mina", "mina든지")]
    [InlineData("범인은 P1지만", "민준", "범인은 민준이지만")]
    [InlineData("담당은 P1고", "민준", "담당은 민준이고")]
    [InlineData("담당은 P1이고", "보라", "담당은 보라이고")]
    [InlineData("담당은 P1이야", "소라", "담당은 소라야")]
    [InlineData("\"P1\"은 이름이다", "mina", "\"mina\"는 이름이다")]
    [InlineData("(P1)이 온다", "mina", "(mina)가 온다")]
    [InlineData("P1 은 간다", "mina", "mina 는 간다")]
    [InlineData("P1 와 간다", "tom", "tom 과 간다")]
    [InlineData("P1 가 봤다", "tom", "tom 가 봤다")]
    [InlineData("P1에게 물었다", "tom", "tom에게 물었다")]
    [InlineData("P1님은 간다", "mina", "mina님은 간다")]
    [InlineData("P1 이번 주", "mina", "mina 이번 주")]
    [InlineData("P1이번", "mina", "mina이번")]
    [InlineData("P1가방", "tom", "tom가방")]
    [InlineData("P1 goes", "tom", "tom goes")]
    [InlineData("P1은 P1을 본다", "유나", "유나는 유나를 본다")]
    public void Only_a_particle_right_after_the_name_changes(string text, string name, string wanted) => Assert.Equal(wanted, Named(text, name));

    [Fact]
    public void A_name_that_cannot_be_read_leaves_the_particle_as_it_is() => Assert.Equal("🙂은", Named("P1은", "🙂"));

    private static string Named(string text, string nickname)
    {
        var labels = new SpeakerLabels([new ChatLine("a", nickname, "안녕", DateTimeOffset.UnixEpoch)]);
        return labels.Named(text.Replace("P1", labels.Example, StringComparison.Ordinal), shown => shown);
    }
}
