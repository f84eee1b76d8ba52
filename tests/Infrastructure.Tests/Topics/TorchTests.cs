using AIChat.Infrastructure.Topics.Tensors;
using AIChat.Infrastructure.Topics.Themes;

namespace AIChat.Infrastructure.Tests.Topics;

public sealed class TorchTests
{
    [Fact]
    public void Torch_loads_and_multiplies_in_blocks()
    {
        const int width = 4, count = 1300;
        var rows = Enumerable.Range(0, count * width).Select(i => (float)(i % 7)).ToArray();
        var others = Enumerable.Range(0, 3 * width).Select(i => (float)(i % 5)).ToArray();
        var found = new float[count * 3];
        Torch.Products(rows, others, width, (from, block) => block.CopyTo(found.AsSpan(from * 3)), default);
        for (var i = 0; i < count; i++)
        {
            for (var j = 0; j < 3; j++)
                Assert.Equal(Enumerable.Range(0, width).Sum(side => rows[(i * width) + side] * others[(j * width) + side]), found[(i * 3) + j]);
        }

        Assert.Equal(1, TorchSharp.torch.get_num_threads());
    }

    [Fact]
    public void Average_linkage_joins_the_likest_first()
    {
        // 0 and 1 belong together, 2 and 3 too, and the pairs are only a little similar.
        float[] similarities = [1, .9f, .3f, .2f, .9f, 1, .1f, .2f, .3f, .1f, 1, .8f, .2f, .2f, .8f, 1];
        var merges = AverageLinkage.Merge(similarities, 4, default);
        var narrow = AverageLinkage.Cut(merges, 4, 0.5);
        Assert.Equal(narrow[0], narrow[1]);
        Assert.Equal(narrow[2], narrow[3]);
        Assert.NotEqual(narrow[0], narrow[2]);
        Assert.Equal(0.2, merges.Min(merge => merge.Similarity), 0.0001);
        Assert.Single(AverageLinkage.Cut(merges, 4, 0.19).Distinct());
    }
}
