using AIChat.Domain.Topics;

namespace AIChat.Domain.Summaries;

/// <summary>Says what was said in a group of lines, each point citing the lines that it rests on.</summary>
public interface ISummarizer
{
    /// <summary>What answers to go by in a summary's <c>engine</c>, such as <c>extractive</c>.</summary>
    string Engine { get; }

    /// <param name="groups">Groups of lines, oldest first within each; each group has at least one line.</param>
    /// <param name="language">Language of the answer, <c>ko</c> or <c>en</c>; an extractive engine quotes the lines in their own.</param>
    /// <param name="cancellation">Stops the work.</param>
    /// <returns>One digest for each group, in the same order.</returns>
    Task<IReadOnlyList<Digest>> SummarizeAsync(IReadOnlyList<IReadOnlyList<ChatLine>> groups, string language, CancellationToken cancellation);
}

/// <summary>A group's points in the order of the talk, and the same as one text.</summary>
public sealed record Digest(string Content, IReadOnlyList<DigestPoint> Points);

/// <param name="Text">What was said.</param>
/// <param name="Citations">Indices, within the group, of the lines that say so; at least one.</param>
public sealed record DigestPoint(string Text, IReadOnlyList<int> Citations);
