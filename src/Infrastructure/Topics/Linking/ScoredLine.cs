namespace AIChat.Infrastructure.Topics.Linking;

/// <summary>A line of talk with what the scorers said of it when it was heard.</summary>
/// <param name="Line">The line.</param>
/// <param name="Links">ln P(it answers the n-th line of talk before it).</param>
/// <param name="Joins">ln of that one's share in P(it goes on with its conversation).</param>
/// <param name="Same">Log-odds that it shares a conversation with that one.</param>
/// <param name="Cosines">Their cosine similarity.</param>
/// <param name="Senses">How alike a sentence encoder finds them, see <see cref="EmbeddingNormalizer.Similarity"/>.</param>
/// <param name="Opens">ln P(it opens a conversation).</param>
/// <param name="Naming">Share of the room's lines that named somebody.</param>
/// <param name="Slowness">The room's <see cref="RoomTempo.Slowness"/>.</param>
internal sealed record ScoredLine(ObservedLine Line, float[] Links, float[] Joins, float[] Same, float[] Cosines, float[] Senses, float Opens, float Naming, float Slowness);
