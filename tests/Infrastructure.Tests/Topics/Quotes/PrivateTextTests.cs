using AIChat.Domain.Topics;
using AIChat.Infrastructure.Topics.Quotes;

namespace AIChat.Infrastructure.Tests.Topics.Quotes;

public sealed class PrivateTextTests
{
    [Theory]
    [InlineData("제 번호 010-1234-5678이에요", "제 번호 •••이에요")]
    [InlineData("01012345678로 전화 주세요", "•••로 전화 주세요")]
    [InlineData("사무실은 02-345-6789", "사무실은 •••")]
    [InlineData("call me on +44 20 7946 0958 after six", "call me on ••• after six")]
    [InlineData("text (415) 555-0132", "text •••")]
    [InlineData("my mobile is 07700 900123", "my mobile is •••")]
    [InlineData("국민 123456-01-234567로 보내주세요", "국민 •••로 보내주세요")]
    [InlineData("카뱅 3333-01-1234567 김민지", "카뱅 ••• 김민지")]
    [InlineData("계좌는 11023456789 입니다", "계좌는 ••• 입니다")]
    [InlineData("account 40012345678, thanks", "account •••, thanks")]
    [InlineData("IBAN DE89 3704 0044 0532 0130 00", "IBAN •••")]
    [InlineData("주민번호 900101-1234567", "주민번호 •••")]
    [InlineData("카드는 4111 1111 1111 1111", "카드는 •••")]
    [InlineData("card 5500-0000-0000-0004", "card •••")]
    [InlineData("현관 비번 8804*", "현관 비번 •••")]
    [InlineData("비번은 abcd1234!", "비번은 •••")]
    [InlineData("비번 2580이에요", "비번 •••이에요")]
    [InlineData("도어락 1357 누르세요", "도어락 ••• 누르세요")]
    [InlineData("#1234 누르면 열려요", "••• 누르면 열려요")]
    [InlineData("인증번호 482913 입니다", "인증번호 ••• 입니다")]
    [InlineData("와이파이 비밀번호: sunny2024", "와이파이 비밀번호: •••")]
    [InlineData("the door code is 4471", "the door code is •••")]
    [InlineData("wifi password is bluewhale", "wifi password is •••")]
    [InlineData("pw: swordfish", "pw: •••")]
    [InlineData("password hunter2", "password •••")]
    [InlineData("the alarm code changed to 90210, don't tell", "the alarm code changed to •••, don't tell")]
    [InlineData("use sk-proj-abcdEFGH1234ijklMNOP5678", "use •••")]
    [InlineData("ghp_abcdefghijklmnopqrstuvwxyz0123456789", "•••")]
    [InlineData("AKIAIOSFODNN7EXAMPLE is in the env", "••• is in the env")]
    [InlineData("token: 9f8e7d6c5b4a3f2e1d0c", "token: •••")]
    [InlineData("postgres://app:s3cr3t@db/room", "postgres://app:•••@db/room")]
    [InlineData("Authorization: Bearer abcdefghijklmnop.qrstuv", "Authorization: Bearer •••")]
    public void What_looks_private_is_masked(string text, string masked) => Assert.Equal(masked, Masked(text)[0]);

    [Theory]
    [InlineData("i type the password, spinner, gone")]
    [InlineData("the password is wrong")]
    [InlineData("my password expired on monday")]
    [InlineData("password reset is broken again")]
    [InlineData("비번 4자리예요")]
    [InlineData("비번 바뀌었나요??")]
    [InlineData("VPN 비번 만료됐다는데 어디서 바꾸나요")]
    [InlineData("그럼 저희가 110! 할머니 계좌 주세요")]
    [InlineData("총무팀에 전화하면 임시번호 줘요 내선 204")]
    [InlineData("민석아 도착했다 열쇠는 현관 신발장")]
    [InlineData("제가 뺏어서 현관에 놨어요!")]
    [InlineData("현관에서 10:30에 봐요")]
    [InlineData("2026-11-30 14:00, room 1503")]
    [InlineData("1503호, 102동 15층")]
    [InlineData("12000원, 2만 3천원, $1200")]
    [InlineData("견적 16만 4천원, 1,200,000원 입금했어요")]
    [InlineData("version 4.2.0 build 1182, pixel 7")]
    [InlineData("about 4000 files, 5000 ms")]
    [InlineData("commit 9fceb02d0ae598e95dc970b74767f19372d61af8")]
    [InlineData("고객센터 1588-1234")]
    [InlineData("https://example.com/items/123456789")]
    [InlineData("error code 500, port 8080")]
    [InlineData("the meeting code review is at 1500")]
    [InlineData("2026-11-30-1200 is the backup's name")]
    [InlineData("tokens: about 8000 in, 1000 out")]
    public void Times_dates_prices_rooms_versions_and_counts_are_kept(string text) => Assert.Equal(text, Masked(text)[0]);

    [Fact]
    public void A_code_is_known_by_what_was_asked_before_it()
    {
        Assert.Equal("앗 예약문자에 있어요 •••", Masked("비번 4자리 반장님!!", "앗 예약문자에 있어요 8804")[1]);
        Assert.Equal("아 이번주부터 •••이에요", Masked("문이 잠겨있는데 혹시 비번 바뀌었나요??", "아 이번주부터 2580이에요")[1]);
        Assert.Equal("it is ••• today", Masked("what's the door code?", "hm", "it is 7315 today")[2]);
        Assert.Equal("••• here", Masked("what was the wifi password?", "tulip-2291x here")[1]);
        Assert.Equal("•••", Masked("계좌 불러주세요", "11023456789")[1]);
        Assert.Equal("•••요", Masked("도어락 번호가 뭐였죠", "2024요")[1]);
    }

    [Fact]
    public void Other_numbers_after_the_question_are_kept_and_so_is_everything_long_after_it()
    {
        string[] after = ["회의는 14:30", "1503호로 오세요", "12000원이래요", "2026년이에요", "내선 2041", "build 1182 is out", "4자리예요"];
        Assert.All(after, line => Assert.Equal(line, Masked("비번 뭐예요?", line)[1]));
        Assert.Equal("7315 steps", Masked("what's the door code?", "7315 steps")[1]);
        Assert.Equal("it was 7315", Masked("what's the door code?", "a", "b", "c", "d", "it was 7315")[5]);
        Assert.Equal("7315", PrivateText.Masked([Line("door code?", 0), Line("7315", 60)])[1].Content);
    }

    [Fact]
    public void Masking_twice_changes_nothing_more()
    {
        var once = PrivateText.Masked([Line("비번은 abcd1234! 계좌 110-234-567890", 0), Line("8804*", 1)]);
        Assert.Equal(once.Select(line => line.Content), PrivateText.Masked(once).Select(line => line.Content));
    }

    private static List<string> Masked(params string[] talk) => [.. PrivateText.Masked([.. talk.Select((text, minute) => Line(text, minute))]).Select(line => line.Content)];

    private static ChatLine Line(string text, int minute) => new("ann", "ann", text, DateTimeOffset.UnixEpoch.AddMinutes(minute));
}
