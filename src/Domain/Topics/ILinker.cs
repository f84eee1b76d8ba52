namespace AIChat.Domain.Topics;

/// <summary>Starts linkers, one for each room that is followed.</summary>
public interface ILinkerFactory
{
    /// <summary>The number of lines before the first new one that a linker has to observe.</summary>
    int Context { get; }

    ILinker Start();
}

/// <summary>
/// Follows one room line by line and says what each new line answers, from nothing but the lines before it. Lines are counted from 0 in the order in which
/// they were observed or linked. Not thread-safe.
/// </summary>
public interface ILinker
{
    /// <summary>Takes in a line whose conversation is known already.</summary>
    /// <param name="line">The line.</param>
    /// <param name="conversation">Its conversation's number, −1 for noise.</param>
    void Observe(ChatLine line, int conversation);

    /// <summary>Links a new line and takes it in. Conversations that it opens get numbers above every number seen so far.</summary>
    LinkDecision Link(ChatLine line);
}

/// <summary>The decision of a linker about a line.</summary>
/// <param name="Antecedent">Number of the earlier line that it answers; null where it opens a conversation or is noise.</param>
/// <param name="Conversation">Number of its conversation; −1 for noise (empty chatter).</param>
/// <param name="SimilarConversation">For a line that opens a conversation: an earlier conversation about something similar, whose themes it may share until reclassification.</param>
public readonly record struct LinkDecision(int? Antecedent, int Conversation, int? SimilarConversation)
{
    /// <summary>P(its conversation) − P(the next best); null where there was no choice.</summary>
    public float? Margin { get; init; }
}
