namespace AIChat.Infrastructure.Topics.Linking;

/// <summary>The networks that come with the program; docs/topics-notebook.md says what they were trained on and how to train them again.</summary>
/// <param name="Links">Scores candidates.</param>
/// <param name="Conversations">Scores <see cref="ConversationFeatures"/>; null: the link scores are summed.</param>
/// <param name="Refinement">Scores <see cref="RefinementFeatures"/>; null: assignments are not refined.</param>
internal sealed record LinkWeights(LinkModel Links, ConversationScorer? Conversations, ConversationScorer? Refinement = null)
{
    private const int Format = 1;

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
        var links = new LinkModel(reader);
        var conversations = stream.Position < stream.Length ? new ConversationScorer(reader) : null;
        return new LinkWeights(links, conversations, stream.Position < stream.Length ? new ConversationScorer(reader) : null);
    }
}
