namespace AIChat.Infrastructure.Topics.Linking;

/// <summary>The networks that come with the program; docs/topics.md tells what they were trained on and how to make them again.</summary>
/// <param name="Links">Weighs candidates.</param>
/// <param name="Talks">Weighs conversations; null: the candidates' weights are summed.</param>
/// <param name="Second">Weighs conversations when all lines are filed; null: the first verdict stands.</param>
internal sealed record LinkWeights(LinkModel Links, ConversationScorer? Talks, ConversationScorer? Second = null)
{
    private const int Format = 1;

    private static readonly Lazy<LinkWeights> s_shipped = new(() =>
    {
        using var stream = typeof(LinkWeights).Assembly.GetManifestResourceStream("AIChat.Infrastructure.Topics.Linking.weights.bin")!;
        return Read(stream);
    });

    public static LinkWeights Shipped => s_shipped.Value;

    public static LinkWeights Read(Stream stream)
    {
        using var reader = new BinaryReader(stream);
        if (reader.ReadInt32() != Format)
            throw new InvalidDataException("The link scorer's weights are of another version of the program.");
        var links = new LinkModel(reader);
        var talks = stream.Position < stream.Length ? new ConversationScorer(reader) : null;
        return new LinkWeights(links, talks, stream.Position < stream.Length ? new ConversationScorer(reader) : null);
    }
}
