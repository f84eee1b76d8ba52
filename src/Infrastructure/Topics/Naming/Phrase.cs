namespace AIChat.Infrastructure.Topics.Naming;

/// <summary>Words that may name a group, and what speaks for and against them.</summary>
/// <param name="Text">The words, joined by spaces; the last one is a noun without its particle.</param>
/// <param name="Features">By <see cref="PhraseFeature"/>.</param>
internal sealed record Phrase(string Text, double[] Features);
