using AIChat.Domain.Topics;
using AIChat.Infrastructure.LanguageModels;

namespace AIChat.Infrastructure.Tests.LanguageModels;

public sealed class SpeakerLabelsTests
{
    [Fact]
    public void Labels_collide_with_nothing_however_many_are_written()
    {
        var letters = Enumerable.Range('A', 26).Select(letter => (char)letter).ToList();
        var said = string.Join(' ', letters.Select(one => $"{one}1").Concat(letters.SelectMany(one => letters.Select(other => $"{one}{other}2"))));
        var labels = new SpeakerLabels(Lines([("ann", said), ("bob", "ok")]));
        Assert.Equal(4, labels.Example.Length);
        Assert.Equal($"ann {said}", labels.Named($"{labels.Example} {said}", nickname => nickname));
    }

    [Theory]
    [InlineData("@sora 이거 봐줘", "P2 이거 봐줘")]
    [InlineData("sora야, Sora한테 물어봐", "P2야, P2한테 물어봐")]
    [InlineData("서준님은 오늘 와요? 서준이가 그랬는데", "P3님은 오늘 와요? 서준이가 그랬는데")]
    [InlineData("서준이 말했다", "P3이 말했다")]
    [InlineData("서준호텔 예약했어 soras", "서준호텔 예약했어 soras")]
    [InlineData("it will be fine, @will", "it will be fine, P4")]
    [InlineData("보리가 또 토했어", "보리가 또 토했어")]
    [InlineData("서준이형 마라탕!", "P3이형 마라탕!")]
    [InlineData("민 @민 (민)", "민 P5 (민)")]
    public void People_who_are_named_in_a_line_have_their_labels_there(string said, string shown)
    {
        var lines = Lines([("mina", said), ("sora", "hi"), ("서준", "네"), ("will", "ok"), ("민", "ㅇㅇ")]);
        Assert.Equal(shown, new SpeakerLabels(lines).Labelled(lines[0]).Content);
    }

    [Theory]
    [InlineData("ann", "see P\u200B1 and Q*2*")]
    [InlineData("P1", "Q2 is free")]
    public void No_label_is_a_word_that_a_line_or_nickname_shows_once_it_is_plain(string nickname, string said)
        => Assert.Equal("X1", new SpeakerLabels(Lines([(nickname, said)])).Example);

    private static List<ChatLine> Lines(IEnumerable<(string Who, string Text)> said) => [.. said.Select(each => new ChatLine(each.Who, each.Who, each.Text, DateTimeOffset.UnixEpoch))];
}
