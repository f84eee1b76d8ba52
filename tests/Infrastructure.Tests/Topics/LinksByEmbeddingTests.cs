using System.Numerics.Tensors;
using AIChat.Domain.Topics;
using AIChat.Infrastructure.Topics.Classifiers;
using AIChat.Infrastructure.Topics.Linking;

namespace AIChat.Infrastructure.Tests.Topics;

/// <summary>Rooms in which no two lines share a word, so that only embeddings can tell which lines belong together.</summary>
public sealed class LinksByEmbeddingTests
{
    private const int Sides = 64;

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void A_line_more_likely_answers_what_means_the_same(int subject)
    {
        var (same, other) = (Enumerable.Range(1, 8).Average(seed => LikelihoodOf(subject, subject, seed)), Enumerable.Range(1, 8).Average(seed => LikelihoodOf(subject, 1 - subject, seed)));
        Assert.True(same > 1.2 * other, $"{same:F3} where it means the same, {other:F3} where it does not");
    }

    [Fact]
    public async Task Conversations_are_found_by_what_lines_mean()
    {
        var room = TwoSubjects(seed: 2);
        var (with, without) = (await AgreementAsync(room), await AgreementAsync([.. room.Select(line => line with { Embedding = null })]));
        Assert.True(with > without + 0.1, $"{with:F2} with vectors, {without:F2} without");
    }

    [Fact]
    public async Task Lines_without_a_vector_do_not_harm_the_others()
    {
        var room = TwoSubjects(seed: 3);
        List<ChatLine> some = [.. room.Select((line, i) => i % 4 == 3 ? line with { Embedding = null } : line)];
        List<ChatLine> none = [.. room.Select(line => line with { Embedding = null })];
        Assert.True(await AgreementAsync(some) >= await AgreementAsync(none));
    }

    [Fact]
    public void Vectors_of_another_model_are_not_compared()
    {
        var room = TwoSubjects(seed: 4);
        var changed = room.Select((line, i) => i < 20 ? line with { Embedding = line.Embedding![..(Sides / 2)] } : line).ToList();
        var (first, second) = (new LearnedLinkerFactory().Start(), new LearnedLinkerFactory().Start());
        for (var i = 0; i < room.Count; i++)
        {
            first.Observe(i < 20 ? room[i] with { Embedding = null } : room[i], i % 2);
            second.Observe(changed[i], i % 2);
        }

        Assert.Equal(first.Link(Asked(room, 1)), second.Link(Asked(room, 1)));
    }

    /// <summary>P(a line whose embedding is of the subject <paramref name="meant"/> answers a line of <paramref name="subject"/>).</summary>
    private static float LikelihoodOf(int subject, int meant, int seed)
    {
        var room = TwoSubjects(seed);
        var linker = new LearnedLinker(LinkWeights.Shipped);
        for (var i = 0; i < room.Count; i++)
            linker.Observe(room[i], i % 2);
        linker.Link(Asked(room, meant));
        return Enumerable.Range(0, linker.Scores.Count).Where(newest => (room.Count - 1 - newest) % 2 == subject).Sum(newest => MathF.Exp(linker.Scores.Links[newest]));
    }

    /// <summary>Share of pairs of nearby lines that are rightly in the same conversation or rightly in different ones.</summary>
    private static async Task<double> AgreementAsync(IReadOnlyList<ChatLine> room)
    {
        var found = (await new ConversationClassifier().ClassifyAsync(room, ClassificationMode.Full, null, CancellationToken.None)).High;
        var pairs = Enumerable.Range(0, room.Count).SelectMany(i => Enumerable.Range(i + 1, Math.Min(8, room.Count - i - 1)).Select(j => (i, j))).ToList();
        return pairs.Average(pair => found[pair.i] == found[pair.j] == (pair.i % 2 == pair.j % 2) ? 1.0 : 0);
    }

    /// <summary>Two people speak on one subject and two on another, by turns; a fifth speaks on both. No word occurs twice.</summary>
    private static List<ChatLine> TwoSubjects(int seed)
    {
        var chance = new Random(seed);
        return [.. Enumerable.Range(0, 120).Select(i =>
        {
            var speaker = chance.Next(3) == 0 ? "both" : $"p{i % 2}{chance.Next(2)}";
            return speaker.Says(i * 12, Words(chance)) with { Embedding = EmbeddingOf(chance, i % 2) };
        })];
    }

    private static ChatLine Asked(List<ChatLine> room, int subject)
    {
        var chance = new Random(99);
        return "both".Says((room.Count * 12) + 5, Words(chance)) with { Embedding = EmbeddingOf(chance, subject) };
    }

    /// <summary>An embedding with a large component that all have in common, as with real encoders.</summary>
    private static float[] EmbeddingOf(Random chance, int subject)
    {
        var embedding = new float[Sides];
        for (var side = 0; side < Sides; side++)
            embedding[side] = (float)(chance.NextDouble() - 0.5);
        embedding[0] += 8;
        embedding[1 + subject] += 3;
        TensorPrimitives.Divide(embedding, TensorPrimitives.Norm<float>(embedding), embedding);
        return embedding;
    }

    private static string Words(Random chance) => string.Join(' ', Enumerable.Range(0, 4).Select(_ => new string([.. Enumerable.Range(0, 6).Select(_ => (char)('a' + chance.Next(26)))])));
}
