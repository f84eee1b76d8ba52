using AIChat.Domain.Topics;
using AIChat.Infrastructure.Topics.Naming;

namespace AIChat.Infrastructure.Tests.Topics;

public sealed class KeywordNamerTests
{
    private static readonly string[] Lunch = ["오늘 점심 뭐 먹지?", "김치찌개 먹자 김치찌개가 최고야", "김치찌개는 어제 먹었어요", "그럼 점심은 돈까스로 할까"];
    private static readonly string[] Movie = ["주말에 영화 예매 할 사람?", "영화 예매 내가 할게", "그 영화가 재밌대", "영화를 두 번 봤어요 ㅋㅋ"];
    private static readonly string[] Network = ["my network card is not detected", "which network card is it?", "lspci says the network card is a realtek", "then load the realtek driver"];

    public static TheoryData<string, string> Words => new()
    {
        { "고양이가 털을 고양이는 고양이를", "고양이" },
        { "휴가를 어디로 갈까", "휴가" },
        { "지난번 마을에서 축제 했어", "마을" },
        { "회의실에서 회의실까지", "회의실" },
        { "콘서트랑 콘서트보다", "콘서트" },
        { "예매했어요?", "예매" },
        { "SNS에서 봤어", "SNS" },
        { "노트북이랑 노트북만", "노트북" },
    };

    [Theory]
    [MemberData(nameof(Words))]
    public void A_korean_noun_is_named_without_its_particle(string text, string noun) => Assert.Contains(noun, NameOf(text).Keywords);

    [Theory]
    [InlineData("먹었어요")]
    [InlineData("먹자 먹자")]
    [InlineData("재밌는데 어려운데")]
    [InlineData("갈까 볼래 할게")]
    [InlineData("나는 너를 우리가")]
    [InlineData("ㅋㅋㅋ ㅇㅇ ㄱㄱ")]
    [InlineData("lol yeah ok thanks")]
    public void Verbs_and_chatter_are_no_keywords_beside_a_noun(string chatter)
    {
        var name = NameOf($"{chatter} 자전거를", "자전거가");
        Assert.Equal("자전거", name.Name);
    }

    [Fact]
    public void A_word_that_recurs_beside_another_is_named_with_it()
    {
        var names = Name([Lunch, Movie, Network]);
        Assert.Contains("김치찌개", names[0].Name, StringComparison.Ordinal);
        Assert.StartsWith("영화 예매", names[1].Name, StringComparison.Ordinal);
        Assert.StartsWith("network card", names[2].Name, StringComparison.Ordinal);
    }

    [Fact]
    public void A_phrase_is_taken_as_it_was_said() => Assert.Equal("wireless card", NameOf("my wireless card is dead", "try installing the wireless card driver").Name);

    [Theory]
    [InlineData("job interview", "Tell me about your last job", "I have a degree in accounting", "What are your qualifications for this position?", "Five years of experience")]
    [InlineData("sweater shopping", "How much is that sweater?", "Forty dollars", "I'll take it", "do you have it in a medium size?")]
    [InlineData("방 구하기", "보증금이랑 월세가 얼마예요?", "관리비는 따로고 전세는 없어요", "원룸 계약은 언제 가능해요")]
    public void A_scene_is_named_though_nobody_says_its_name(string name, params string[] texts) => Assert.Equal(name, NameOf(texts).Name);

    [Fact]
    public void A_first_name_is_no_subject() => Assert.DoesNotContain("Jenny", NameOf("Jenny bought a bicycle", "Jenny likes it", "Jenny's bicycle is red").Name, StringComparison.OrdinalIgnoreCase);

    [Fact]
    public void What_everybody_in_the_room_speaks_of_names_nobody()
    {
        string[][] groups = [.. new[] { "bicycle", "piano", "volcano", "passport", "helmet" }.Select(word => new[] { $"ubuntu {word}", $"ubuntu or {word}" })];
        Assert.All(Name(groups), name => Assert.NotEqual("ubuntu", name.Keywords[0]));
    }

    [Fact]
    public void A_name_has_two_to_four_words_where_there_are_enough() =>
        Assert.All(Name([Lunch, Movie, Network]), name => Assert.InRange(name.Name.Split(' ').Length, 2, 4));

    [Fact]
    public void A_single_word_names_a_group_that_has_no_other() => Assert.Equal("kubernetes", NameOf("kubernetes?").Name);

    [Theory]
    [InlineData("민지", "민지가 자전거 샀대 민지야 민지는 민지한테 김민지")]
    [InlineData("Bob", "Bob bought a bicycle, bob's bicycle, @Bob")]
    [InlineData("자전거왕", "자전거왕이 자전거왕님 김치")]
    [InlineData("Blue Whale", "blue whale blue whale blue whale")]
    public void Nicknames_are_in_no_name(string nickname, string text)
    {
        var name = new KeywordNamer().Name([new TopicTexts([text])], new HashSet<string> { nickname }, new HashSet<string>())[0];
        Assert.DoesNotContain(nickname, name.Name, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain(nickname, name.Keywords, StringComparer.OrdinalIgnoreCase);
    }

    [Fact]
    public void No_two_names_are_alike_nor_like_one_that_is_taken()
    {
        var taken = new HashSet<string> { "NETWORK CARD", "network card realtek" };
        var names = new KeywordNamer().Name([.. Enumerable.Repeat(new TopicTexts(Network), 20)], new HashSet<string>(), taken).Select(name => name.Name).ToArray();
        Assert.Equal(names.Length, names.Concat(taken).Distinct(StringComparer.OrdinalIgnoreCase).Count() - taken.Count);
    }

    [Fact]
    public void Alike_groups_of_one_word_are_numbered() =>
        Assert.Equal(["자전거", "자전거 2", "자전거 3"], Name([["자전거"], ["자전거"], ["자전거"]]).Select(name => name.Name));

    [Theory]
    [InlineData("😀😀👍🏽")]
    [InlineData("ㅋㅋㅋㅋ")]
    [InlineData("12345 678")]
    [InlineData("")]
    [InlineData("   \t\n")]
    [InlineData("https://example.com/a/b?c=d")]
    [InlineData("\ud800")]
    [InlineData("네 네")]
    [InlineData("hello, how are you?")]
    public void A_name_is_never_blank(string text)
    {
        var name = NameOf(text).Name;
        Assert.False(string.IsNullOrWhiteSpace(name));
        Assert.All(name, IsAllowed);
    }

    [Theory]
    [InlineData("<script>alert('bicycle')</script> <img src=x onerror=alert(1)>")]
    [InlineData("bicycle\u202Egnp.exe \u200Bwheel\u0007")]
    [InlineData("=HYPERLINK(\"x\") [bicycle](javascript:alert) `wheel` {{wheel}}")]
    [InlineData("자전거<b>바퀴</b>\u2066자물쇠\u2069")]
    public void Markup_and_control_characters_never_reach_a_name(string text)
    {
        var name = NameOf(text);
        Assert.All(name.Name.Concat(name.Keywords.SelectMany(word => word)), IsAllowed);
    }

    [Fact]
    public void Huge_and_endless_texts_are_named_in_sixty_characters()
    {
        var name = NameOf(new string('a', 1_000_000), string.Join(' ', Enumerable.Repeat("extraordinarilylongword", 50_000)), string.Concat(Enumerable.Repeat("가나다라", 100_000)));
        Assert.InRange(name.Name.Length, 1, 60);
    }

    [Fact]
    public void A_korean_group_is_named_in_korean_first()
    {
        var name = NameOf("노트북 SSD 교체 했어", "SSD 교체 어렵던데", "노트북 SSD 가격이 올랐어요");
        Assert.True(name.Name.Any(c => c is >= '가' and <= '힣'), name.Name);
    }

    [Fact]
    public void Plurals_count_with_their_singular()
    {
        var name = NameOf("bicycles everywhere", "a bicycle costs more", "bicycles and a helmet");
        Assert.Equal("bicycles helmet", name.Name);
    }

    [Fact]
    public void At_most_eight_keywords_are_kept() => Assert.InRange(NameOf(string.Join(' ', Network), "alpha beta gamma delta epsilon zeta eta theta iota").Keywords.Count, 1, 8);

    [Fact]
    public void The_same_groups_get_the_same_names() =>
        Assert.Equal(Name([Lunch, Movie, Network]).Select(name => name.Name), Name([Lunch, Movie, Network]).Select(name => name.Name));

    [Fact]
    public void Two_thousand_groups_get_two_thousand_names()
    {
        var groups = Enumerable.Range(0, 2_000)
            .Select(i => Enumerable.Range(0, 10).Select(j => $"{Lunch[j % 4]} 주제{i}번을 word{i % 97} {Network[(i + j) % 4]}").ToArray())
            .ToArray();
        var names = Name(groups);
        Assert.Equal(groups.Length, names.Select(name => name.Name).Distinct(StringComparer.OrdinalIgnoreCase).Count());
    }

    private static void IsAllowed(char c) => Assert.True(char.IsLetterOrDigit(c) || " +#.-_'&/".Contains(c, StringComparison.Ordinal), $"U+{(int)c:X4}");

    private static TopicName NameOf(params string[] texts) => Name([texts])[0];

    private static IReadOnlyList<TopicName> Name(IReadOnlyList<IReadOnlyList<string>> groups) => new KeywordNamer().Name([.. groups.Select(texts => new TopicTexts(texts))], new HashSet<string>(), new HashSet<string>());
}
