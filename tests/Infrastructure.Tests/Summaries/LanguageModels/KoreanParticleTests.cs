using AIChat.Domain.Topics;
using AIChat.Infrastructure.Summaries.LanguageModels;

namespace AIChat.Infrastructure.Tests.Summaries.LanguageModels;

public sealed class KoreanParticleTests
{
    private static readonly (string AfterConsonant, string AfterVowel)[] Pairs = [("은", "는"), ("이", "가"), ("을", "를"), ("과", "와"), ("으로", "로"), ("아", "야"), ("이랑", "랑"), ("이에요", "예요")];

    // By how people read them aloud.
    private const string AfterConsonant =
        """
        민준 서준 예준 도윤 시원 하준 지훈 준혁 성민 영진 하은 서연 지민 수현 채원 지원 다은 예은 소윤 유진 민석 태양 봄 달님 곰 감자탕 김 박 최강 운영진 방장 새벽반장 옆집사람 고양이집사님 은행원 콩 밥 책
        tom sam adam jim kim ann ben john martin justin jane june simone irene king ming jack nick rick bob rob jacob eric isaac mark99x6 philip chip scott elliot robot cat jerome
        user10 team3 agent6 p100 ABM N 하은🙂 sam! 민준_ 도윤( jin❤️ kevin~ 철수10 정훈❤️❤️ 지훈^^
        """;

    private const string AfterRieul = "한별 달 은결 하늘별 별 물 쌀 서울 나날 daniel paul carl bill michael rachel kyle dale nicole user1 team7 bot8 RL L 한별🙂 paul_ apple";

    private const string AfterVowel =
        """
        민지 현우 하나 지수 유나 수아 예지 은지 미소 철수 영수 보라 나래 재희 태희 도시 바다 고래 토끼 오리 여우 김치 두부 엄마 아빠 언니 누나 총무 사과 기사 주차
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

    private static string Named(string text, string nickname) => new SpeakerLabels([new ChatLine("a", nickname, "안녕", DateTimeOffset.UnixEpoch)]).Named(text, shown => shown);
}
