namespace AIChat.Infrastructure.Topics.Linking;

/// <summary>The networks that come with the program; docs/topics-notebook.md says what they were trained on and how to train them again.</summary>
/// <param name="Links">Scores candidates.</param>
/// <param name="Conversations">Scores <see cref="ConversationFeatures"/>; null: the link scores are summed.</param>
/// <param name="Windows">Clusters whole windows; null: assignments stay as they were made line by line.</param>
/// <param name="EmbeddedWindows">The same for windows most of whose lines have embeddings.</param>
internal sealed record LinkWeights(LinkModel Links, ConversationScorer? Conversations, WindowClustering? Windows = null, WindowClustering? EmbeddedWindows = null)
{
    public const int Format = 2;

    private static readonly Lazy<LinkWeights> LazyShipped = new(() =>
    {
        using var stream = OpenShipped();
        return Read(stream);
    });

    public static LinkWeights Shipped => LazyShipped.Value;

    /// <summary>The embedded <c>weights.bin</c>: little-endian; a format number, then the networks of each scorer, weights as 16-bit floats.</summary>
    public static Stream OpenShipped() => typeof(LinkWeights).Assembly.GetManifestResourceStream("AIChat.Infrastructure.Topics.Linking.weights.bin")!;

    /// <exception cref="InvalidDataException">The weights have another format.</exception>
    public static LinkWeights Read(Stream stream)
    {
        using var reader = new BinaryReader(stream);
        if (reader.ReadInt32() != Format)
            throw new InvalidDataException("The link scorer's weights are of another version of the program.");
        return new LinkWeights(new LinkModel(reader), new ConversationScorer(reader), Windows(), Windows());

        WindowClustering Windows() => new(new PairScorer(reader), new PairScorer(reader));
    }

    /// <summary>Copies the networks of the linker, without those of <see cref="WindowClustering"/>.</summary>
    public static void CopyLinker(Stream source, Stream target)
    {
        using var copy = new MemoryStream();
        source.CopyTo(copy);
        copy.Position = sizeof(int);
        using var reader = new BinaryReader(copy);
        _ = new LinkModel(reader);
        _ = new ConversationScorer(reader);
        target.Write(BitConverter.GetBytes(Format));
        target.Write(copy.GetBuffer().AsSpan(sizeof(int), (int)copy.Position - sizeof(int)));
    }
}
