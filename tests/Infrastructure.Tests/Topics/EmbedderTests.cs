using AIChat.Infrastructure.Topics.Ngrams;

namespace AIChat.Infrastructure.Tests.Topics;

public sealed class EmbedderTests
{
    [Fact]
    public async Task The_same_text_gives_the_same_bytes()
    {
        var texts = new[] { "고양이 여섯 마리 키워요", "how do I mount this?", "" };
        var first = await new NgramEmbedder().EmbedAsync(texts, default);
        var second = await new NgramEmbedder().EmbedAsync(texts, default);
        Assert.Equal(first, second);
        Assert.Equal(3, first.Count);
    }

    [Theory]
    [InlineData("Kernel PANIC", "kernel panic")]
    [InlineData("고양이", "고양이")]
    [InlineData("ﾊﾝｸﾞﾙ", "ハングル")]
    [InlineData("ㅋㅋㅋㅋㅋㅋㅋㅋ", "ㅋㅋㅋㅋ")]
    public void Writings_of_one_text_have_one_vector(string one, string other) => Assert.Equal(NgramEmbedder.Embed(one), NgramEmbedder.Embed(other));

    [Fact]
    public void Korean_sentences_with_the_same_words_are_closer_than_others()
    {
        var space = new NgramSpace();
        var (cats, cat, lunch) = (NgramEmbedder.Embed("고양이를 여섯 마리 키워요"), NgramEmbedder.Embed("고양이 키우기 힘들지 않아?"), NgramEmbedder.Embed("점심에 김치찌개 먹을 사람"));
        foreach (var packed in new[] { cats, cat, lunch })
            space.Add(packed);
        Assert.True(space.Weigh(cats).Cosine(space.Weigh(cat)) > space.Weigh(cats).Cosine(space.Weigh(lunch)) + 0.1);
        Assert.Equal(1, space.Weigh(cats).Cosine(space.Weigh(cats)), 0.0001);
    }

    [Fact]
    public void What_every_line_of_a_room_holds_tells_little_there()
    {
        var (ask, answer) = (NgramEmbedder.Embed("please look at my wifi"), NgramEmbedder.Embed("please look at your grub"));
        var (empty, room) = (new NgramSpace(), new NgramSpace());
        for (var i = 0; i < 50; i++)
            room.Add(NgramEmbedder.Embed($"please look at this {i}"));
        Assert.True(room.Weigh(ask).Cosine(room.Weigh(answer)) < empty.Weigh(ask).Cosine(empty.Weigh(answer)) - 0.1);
    }

    [Theory]
    [InlineData("")]
    [InlineData("   ")]
    [InlineData("\ud83d")]
    [InlineData("🙂")]
    public void Text_of_hardly_anything_is_embedded_too(string text)
    {
        var vector = new NgramSpace().Weigh(NgramEmbedder.Embed(text));
        Assert.All(vector.Weights, weight => Assert.True(float.IsFinite(weight)));
        Assert.True(float.IsFinite(vector.Cosine(vector)));
    }

    [Fact]
    public void Bytes_of_an_unknown_format_hold_nothing() => Assert.Empty(new NgramSpace().Weigh([9, 1, 2, 3, 255]).Buckets);

    [Fact]
    public void A_pasted_log_is_cut_short() => Assert.InRange(NgramEmbedder.Embed(string.Concat(Enumerable.Range(0, 4000))).Length, 1000, 8000);

    [DataFact("korsts/sts-dev.tsv")]
    public void Follows_peoples_judgement_of_Korean_sentences()
    {
        var rows = File.ReadLines(Path.Combine(TestData.Folder!, "korsts/sts-dev.tsv")).Skip(1).Select(line => line.Split('\t')).Where(cells => cells.Length >= 7).ToList();
        var packed = rows.SelectMany(cells => new[] { cells[5], cells[6] }).Select(NgramEmbedder.Embed).ToList();
        var space = new NgramSpace();
        packed.ForEach(vector => space.Add(vector));
        var gold = rows.ConvertAll(cells => double.Parse(cells[4], System.Globalization.CultureInfo.InvariantCulture));
        var found = gold.Select((_, at) => (double)space.Weigh(packed[2 * at]).Cosine(space.Weigh(packed[(2 * at) + 1]))).ToList();
        Assert.True(Evaluation.Scoring.Spearman.Of(gold, found) >= 0.736);
    }
}
