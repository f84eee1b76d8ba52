namespace AIChat.Domain.Topics;

/// <summary>Detects where a conversation turned to another subject.</summary>
public interface IDriftDetector
{
    /// <param name="conversation">The lines of one conversation, oldest first.</param>
    /// <returns>Index of the first line of the new subject; null: no turn, or too few lines to tell.</returns>
    int? Find(IReadOnlyList<ChatLine> conversation);
}
