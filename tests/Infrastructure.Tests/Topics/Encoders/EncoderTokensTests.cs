using System.Runtime.CompilerServices;
using System.Text;
using AIChat.Infrastructure.Topics.Encoders;

namespace AIChat.Infrastructure.Tests.Topics.Encoders;

/// <summary>Any text becomes tokens of the vocabulary.</summary>
public sealed class EncoderTokensTests
{
    private const int Texts = 25_000;

    [Theory]
    [InlineData("bert-korean-bf16")]
    [InlineData("roberta-korean-wordpiece")]
    [InlineData("xlm-roberta-sharded")]
    [InlineData("xlm-roberta-tokenizer-json")]
    public void A_hundred_thousand_odd_texts_become_tokens_of_the_vocabularies(string model)
    {
        var (tokens, most) = (EncoderTokens.Read(Folder(model)), EncoderSettings.Read(Folder(model)).Vocabulary - 1);
        var (random, count) = (new Random(model.Length), 0);
        for (var i = 0; i < Texts; i++)
        {
            var text = Odd(random, random.Next(100) == 0 ? 2000 : random.Next(50));
            var ids = tokens.Encode(text).ToList();
            Assert.All(ids, id => Assert.InRange(id, 0, most));
            count += ids.Count;
        }

        Assert.InRange(count, 5 * Texts, 1000 * Texts);
    }

    [Theory]
    [InlineData("bert-korean-bf16")]
    [InlineData("roberta-korean-wordpiece")]
    [InlineData("xlm-roberta-sharded")]
    [InlineData("xlm-roberta-tokenizer-json")]
    public void The_same_text_gives_the_same_tokens_whatever_blanks_lie_around_it(string model)
    {
        var tokens = EncoderTokens.Read(Folder(model));
        Assert.Equal(tokens.Encode("점심 뭐 먹지?"), tokens.Encode("  점심 \t 뭐 먹지?\n"));
        Assert.Empty(tokens.Encode(" \t\n"));
    }

    /// <summary>Halves of surrogate pairs, control and private characters, combining marks, all planes, Korean in letters and syllables, joined emoji, what looks like special tokens.</summary>
    private static string Odd(Random random, int length)
    {
        var text = new StringBuilder();
        while (text.Length < length)
        {
            switch (random.Next(8))
            {
                case 0:
                    text.Append((char)random.Next(char.MaxValue + 1));
                    break;
                case 1:
                    text.Append(Rune.IsValid(random.Next(0x110000)) ? new Rune(random.Next(0x10000, 0x110000)).ToString() : "\ud800");
                    break;
                case 2:
                    text.Append((char)random.Next(0xAC00, 0xD7A4));
                    break;
                case 3:
                    text.Append((char)random.Next(0x1100, 0x1200)).Append((char)random.Next(0x300, 0x370));
                    break;
                case 4:
                    text.Append("👩🏽‍🚀👍").Append((char)random.Next(0xFE00, 0xFE10));
                    break;
                case 5:
                    text.Append((char)random.Next(0x20));
                    break;
                case 6:
                    text.Append(((string[])["[SEP]", "<s>", "</s>", "▁", "##", "\u200b", "\ufeff", "ﷺ", "ﬃ"])[random.Next(9)]);
                    break;
                default:
                    text.Append((char)random.Next(' ', 0x7f));
                    break;
            }
        }

        return text.ToString();
    }

    private static string Folder(string model, [CallerFilePath] string here = "") => Path.Combine(Path.GetDirectoryName(here)!, "models", model);
}
