namespace AIChat.Domain.Topics;

/// <summary>Finds what a conversation came to: what was decided, done or left open.</summary>
public interface IOutcomeFinder
{
    /// <param name="lines">The conversation, oldest first.</param>
    /// <returns>Null: nothing came of it yet, or it is chatter.</returns>
    FoundOutcome? Find(IReadOnlyList<ChatLine> lines);
}

/// <param name="Text">One short line.</param>
/// <param name="Lines">Indices of the lines that say so, ascending; at least one.</param>
public sealed record FoundOutcome(string Text, IReadOnlyList<int> Lines);
