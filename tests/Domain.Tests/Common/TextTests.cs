using System.Text;

namespace AIChat.Domain.Tests.Common;

public sealed class TextTests
{
    [Fact]
    public void Composed_texts_are_the_same_however_they_were_typed()
    {
        var random = new Random(1);
        for (var round = 0; round < 2_000; round++)
        {
            var text = new StringBuilder();
            for (var i = 0; i < random.Next(12); i++)
                text.Append(random.Next(6) switch { 0 => "é", 1 => "👍🏽", 2 => "ㅋ", 3 => "ǭ", 4 => "x", _ => ((char)random.Next('가', '힣' + 1)).ToString() });
            var typed = text.ToString();
            Assert.Equal(typed, Domain.Common.Text.Composed(typed.Normalize(NormalizationForm.FormD)));
            Assert.Equal(typed, Domain.Common.Text.Composed(typed));
        }
    }

    [Theory]
    [InlineData("\ud800")]
    [InlineData("a\udc00b")]
    [InlineData("\ud800\ud800가\udc00")]
    public void Lone_surrogates_stay_and_the_rest_is_composed(string odd)
    {
        Assert.Equal(odd, Domain.Common.Text.Composed(odd));
        Assert.Equal("한" + odd + "글👍", Domain.Common.Text.Composed("한".Normalize(NormalizationForm.FormD) + odd + "글".Normalize(NormalizationForm.FormD) + "👍"));
    }
}
