namespace AIChat.Domain.Topics;

public enum ClassificationMode
{
    /// <summary>Each line's assignment may use the whole window.</summary>
    Full,

    /// <summary>Each line's assignment uses nothing later than the line.</summary>
    Online,
}

/// <summary>Finds the conversations of a window of lines and their themes. Stateless.</summary>
public interface IConversationClassifier
{
    /// <param name="lines">The window, oldest first.</param>
    /// <param name="mode">Whether later lines may be used.</param>
    /// <param name="progress">Receives the number of classified lines, at least once a second.</param>
    /// <param name="cancellation">Stops the work.</param>
    Task<Classification> ClassifyAsync(IReadOnlyList<ChatLine> lines, ClassificationMode mode, IProgress<int>? progress, CancellationToken cancellation);
}

/// <summary>A window's conversations and themes; every list has one entry for each line. Labels count from 0 in order of first appearance; −1: noise.</summary>
/// <param name="Links">Index of the earlier line that each line answers within its conversation; null: it opens one.</param>
/// <param name="High">Conversation of each line.</param>
/// <param name="Mid">Narrow theme of each line; all lines of a conversation share it.</param>
/// <param name="Low">Broad theme of each line; all lines of a narrow theme share it.</param>
public sealed record Classification(IReadOnlyList<int?> Links, IReadOnlyList<int> High, IReadOnlyList<int> Mid, IReadOnlyList<int> Low)
{
    /// <summary>P(conversation) − P(next best) of each line; null: there was only one candidate.</summary>
    public IReadOnlyList<float?> Margins { get; init; } = new float?[Links.Count];

    /// <summary>Names that a language model gave to conversations, by label.</summary>
    public IReadOnlyDictionary<int, string> Titles { get; init; } = new Dictionary<int, string>();

    /// <summary>Outcomes that a language model gave to conversations, by label.</summary>
    public IReadOnlyDictionary<int, FoundOutcome> Outcomes { get; init; } = new Dictionary<int, FoundOutcome>();

    /// <summary>What a classifier elsewhere compared the lines by; null: this process found the conversations, or the other did not say.</summary>
    public string? Engine { get; init; }
}
