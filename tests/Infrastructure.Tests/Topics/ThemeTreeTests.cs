using System.Numerics.Tensors;
using AIChat.Infrastructure.Topics.Ngrams;
using AIChat.Infrastructure.Topics.Themes;

namespace AIChat.Infrastructure.Tests.Topics;

public sealed class ThemeTreeTests
{
    private static readonly string[] Cooking =
    [
        "boil the pasta in salted water", "add garlic and tomato sauce to the pasta", "the oven needs to be hot for the pizza dough", "knead the pizza dough with olive oil",
        "simmer the tomato sauce with garlic", "grate cheese over the pasta before the oven", "roast garlic in olive oil", "the dough must rest before the oven",
    ];

    private static readonly string[] Kernels =
    [
        "the kernel panics when the nvidia driver loads", "compile the kernel module for the wifi driver", "blacklist the nouveau driver and reboot", "the wifi driver needs kernel headers",
        "modprobe fails, the kernel module is missing", "reboot into the older kernel from grub", "install kernel headers and the nvidia driver", "grub does not list the new kernel",
    ];

    private static readonly string[] Trips =
    [
        "제주도 여행 숙소를 예약했어요", "비행기 표가 제주도까지 너무 비싸요", "여행 일정은 숙소 근처로 잡아요", "렌터카를 제주도 공항에서 빌려요",
        "숙소 체크인은 오후 세 시예요", "공항에서 숙소까지 렌터카로 가요", "제주도 여행은 사흘 일정이에요", "비행기 표와 숙소를 같이 예약해요",
    ];

    [Fact]
    public void Conversations_about_the_same_things_share_a_broad_theme_and_others_do_not()
    {
        var themes = Grow(About(Cooking, Kernels, Trips)).Low;
        foreach (var group in themes.Select((theme, at) => (theme, about: at % 3)).GroupBy(pair => pair.about))
            Assert.True(group.GroupBy(pair => pair.theme).Max(theme => theme.Count()) >= 6, string.Join(' ', themes));
        Assert.All(themes.Select((theme, at) => (theme, about: at % 3)).GroupBy(pair => pair.theme), theme => Assert.Single(theme.Select(pair => pair.about).Distinct()));
    }

    [Fact]
    public void A_narrow_theme_lies_within_one_broad_one_and_the_same_room_has_the_same_tree()
    {
        var (mid, low) = Grow(About(Cooking, Kernels, Trips));
        Assert.All(mid.Zip(low).GroupBy(pair => pair.First), theme => Assert.Single(theme.Select(pair => pair.Second).Distinct()));
        var again = Grow(About(Cooking, Kernels, Trips));
        Assert.Equal(mid, again.Mid);
        Assert.Equal(low, again.Low);
    }

    [Fact]
    public void Two_conversations_about_different_things_stay_apart() => Assert.Equal(2, Grow([Told(0, Cooking), Told(5, Kernels)]).Low.Distinct().Count());

    [Fact]
    public void What_is_said_in_the_same_words_is_one_theme() => Assert.Single(Grow([.. Enumerable.Range(0, 6).Select(at => Told(at, ["lunch at noon?", "yes, at the usual place"]))]).Mid.Distinct());

    [Fact]
    public void None_and_one_have_their_trees()
    {
        Assert.Empty(Grow([]).Mid);
        Assert.Equal([0], Grow([Told(0, Cooking)]).Low);
    }

    [Fact]
    public void Lines_without_words_have_themes_too() => Assert.Equal(5, Grow([.. Enumerable.Range(0, 5).Select(at => Told(at, ["", "?!"]))]).Low.Count);

    [Fact]
    public void The_further_apart_in_time_the_less_is_joined()
    {
        var chance = new Random(3);
        string[] words = [.. Cooking.SelectMany(line => line.Split(' ')).Distinct()];
        var texts = Enumerable.Range(0, 60).Select(_ => Enumerable.Range(0, 3).Select(_ => string.Join(' ', chance.GetItems(words, 6))).ToArray()).ToList();

        // The same conversations: at once, or in two days with a month between them.
        var together = Grow([.. texts.Select((lines, at) => Told(at, lines))]).Low;
        var apart = Grow([.. texts.Select((lines, at) => Told(at % 2 == 0 ? at : 43_200 + at, lines))]).Low;
        Assert.True(Across(apart) < Across(together), $"{Across(apart)} of {Across(together)} pairs");

        static int Across(IReadOnlyList<int> themes) => (from even in Enumerable.Range(0, 30) from odd in Enumerable.Range(0, 30) where themes[2 * even] == themes[(2 * odd) + 1] select 1).Count();
    }

    [Fact]
    public void Whatever_the_dates_are_the_themes_are_a_tree()
    {
        var chance = new Random(11);
        for (var round = 0; round < 100; round++)
        {
            var room = Rooms.Odd(chance, chance.Next(2, 25));
            var (mid, low) = Grow(room);
            Assert.Equal(room.Length, mid.Count);
            Assert.All(mid.Zip(low).GroupBy(pair => pair.First), theme => Assert.Single(theme.Select(pair => pair.Second).Distinct()));
        }
    }

    [Fact]
    public void Without_a_common_word_themes_are_what_is_meant()
    {
        var themes = Grow(Meaning(_ => true)).Low;
        Assert.All(themes.Select((theme, at) => (theme, about: at % 3)).GroupBy(pair => pair.theme), theme => Assert.Single(theme.Select(pair => pair.about).Distinct()));
        Assert.True(themes.Distinct().Count() < Grow(Meaning(_ => false)).Low.Distinct().Count());
    }

    [Fact]
    public void Conversations_without_vectors_have_not_that_in_common()
    {
        var themes = Grow(Meaning(at => at % 4 != 0)).Mid;
        Assert.Equal(6, themes.Where((_, at) => at % 4 == 0).Distinct().Count());
    }

    /// <summary>24 conversations on three subjects; every word occurs once.</summary>
    /// <param name="isMeant">Whether a conversation has embeddings.</param>
    private static ThemeConversation[] Meaning(Func<int, bool> isMeant)
    {
        var chance = new Random(5);
        return [.. Enumerable.Range(0, 24).Select(at => new ThemeConversation(
            [.. Enumerable.Range(0, 4).Select(_ => new ThemeLine(NgramEmbedder.Embed(Word() + " " + Word()), isMeant(at) ? Meant(at % 3) : null))], Talk.Start.AddMinutes(at), Talk.Start.AddMinutes(at + 1)))];

        string Word() => new([.. Enumerable.Range(0, 7).Select(_ => (char)('a' + chance.Next(26)))]);

        float[] Meant(int about)
        {
            float[] meant = [8, .. Enumerable.Range(0, 15).Select(side => (float)chance.NextDouble() + (side == about ? 3 : 0))];
            TensorPrimitives.Divide(meant, TensorPrimitives.Norm<float>(meant), meant);
            return meant;
        }
    }

    private static ThemeConversation[] About(params string[][] themes)
        => [.. Enumerable.Range(0, 24).Select(at => Told(at, Enumerable.Range(0, 4).Select(line => themes[at % 3][((at / 3) + (line * 3)) % 8])))];

    private static ThemeConversation Told(double minute, IEnumerable<string> lines)
        => new([.. lines.Select(line => new ThemeLine(NgramEmbedder.Embed(line), null))], Talk.Start.AddMinutes(minute), Talk.Start.AddMinutes(minute + 1));

    private static (IReadOnlyList<int> Mid, IReadOnlyList<int> Low) Grow(IReadOnlyList<ThemeConversation> conversations)
    {
        var space = new NgramSpace();
        foreach (var line in conversations.SelectMany(conversation => conversation.Lines))
            space.Add(line.NgramProfile);
        return ThemeTree.Build(space, conversations, CancellationToken.None);
    }
}
