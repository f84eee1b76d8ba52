namespace AIChat.Infrastructure.Topics.Naming;

/// <summary>A phrase that was said and may name its group, and what speaks for and against it.</summary>
/// <param name="Text">The words, joined by spaces; the last one is a noun without its particle.</param>
/// <param name="Terms">Its content words.</param>
/// <param name="Traits">In the order of <see cref="PhraseRanker.Weights"/>.</param>
internal sealed record Phrase(string Text, IReadOnlyList<Term> Terms, double[] Traits);
