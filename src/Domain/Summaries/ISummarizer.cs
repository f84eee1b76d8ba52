using AIChat.Domain.Rooms;
using AIChat.Domain.Topics;
using AIChat.Domain.Users;

namespace AIChat.Domain.Summaries;

/// <summary>Summarizes groups of lines as points, each of which cites the lines that it rests on.</summary>
public interface ISummarizer
{
    /// <summary>The value of a summary's <c>engine</c>: <c>extractive</c>, or <c>openai:</c> and the model's name.</summary>
    string Engine { get; }

    /// <summary>Whether lines leave this machine; then none may be handed in whose author keeps them from language models.</summary>
    bool IsRemote { get; }

    /// <summary>
    /// Writes one digest for each group, in their order. Points may be told as they come; the whole that follows is what counts. Where a model cannot answer, an engine on this
    /// machine does, and the digest says so; nothing but an outage of the store is thrown.
    /// </summary>
    IAsyncEnumerable<SummaryUpdate> SummarizeAsync(GroupSummaryRequest request, CancellationToken cancellation);
}

/// <param name="Groups">Groups of lines, oldest first within each; each group has at least one line.</param>
/// <param name="Language">Language of the answer, <c>ko</c> or <c>en</c>; an extractive engine quotes the lines in their own.</param>
/// <param name="Account">At whose expense; null: a model that costs money is not asked.</param>
public sealed record GroupSummaryRequest(IReadOnlyList<IReadOnlyList<ChatLine>> Groups, string Language, SpendingAccount? Account);

/// <summary>The person and the room that a call to a paid model is charged to.</summary>
public sealed record SpendingAccount(UserId User, RoomId Room);

/// <param name="Group">Of which group, from 0.</param>
public abstract record SummaryUpdate(int Group);

/// <summary>A point, as soon as it is known.</summary>
public sealed record PointReady(int Group, SummaryPoint Point) : SummaryUpdate(Group);

/// <summary>The outcome of a group's conversation, as soon as it is known.</summary>
public sealed record OutcomeReady(int Group, SummaryPoint Outcome) : SummaryUpdate(Group);

/// <summary>All of a group.</summary>
public sealed record GroupReady(int Group, GroupSummary Summary) : SummaryUpdate(Group);

/// <summary>A group's points in the order of the talk, all that are worth reading; how many of them are shown is for whoever shows them, by <see cref="SummaryPoint.Importance"/>.</summary>
/// <param name="Engine">Who wrote it.</param>
/// <param name="Points">The points; none: it is chatter, or blank.</param>
public sealed record GroupSummary(string Engine, IReadOnlyList<SummaryPoint> Points)
{
    /// <summary>The points as one text, a line each.</summary>
    public string Content => string.Join('\n', Points.Select(point => point.Text));

    /// <summary>What was decided, done or left open, in short lines, the most telling first; none: nothing yet.</summary>
    public IReadOnlyList<SummaryPoint> Outcomes { get; init; } = [];

    /// <summary>
    /// A short name for what it is about, two to five words without markup, addresses or a nickname of the group's people; null: none was given. Whether another topic of the room has it already,
    /// or a person has named this one, is for whoever keeps it.
    /// </summary>
    public string? Name { get; init; }

    /// <summary>Why no model wrote it, where one was to; with when to come back, if that is known.</summary>
    public Error? InsteadOf { get; init; }

    /// <summary>Indices, within the group, of lines that were not read: there were too many. Newest are read first.</summary>
    public IReadOnlyList<int> Unread { get; init; } = [];
}

/// <param name="Text">What was said.</param>
/// <param name="Citations">Indices, within the group, of the lines that say so; at least one.</param>
public sealed record SummaryPoint(string Text, IReadOnlyList<int> Citations)
{
    public PointKind Kind { get; init; }

    /// <summary>How much it matters beside the points of all groups of the same engine; 0 and more.</summary>
    public double Importance { get; init; }

    /// <summary>The point shares too few words with what it cites to be trusted unread.</summary>
    public bool IsWeak { get; init; }
}

public enum PointKind
{
    Statement,
    Decision,
    ActionItem,
    Question,
}
