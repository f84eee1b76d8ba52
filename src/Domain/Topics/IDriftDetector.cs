namespace AIChat.Domain.Topics;

/// <summary>Notices when a conversation turned to something else.</summary>
public interface IDriftDetector
{
    /// <param name="conversation">The lines of one conversation, oldest first.</param>
    /// <returns>Index of the first line of what it turned to; null: it did not, or there is too little to say so.</returns>
    int? Find(IReadOnlyList<ChatLine> conversation);
}
