using System.Text.Json;
using AIChat.Application.Topics;
using AIChat.Domain.Summaries;

namespace AIChat.Application.Summaries;

/// <summary>A summary as clients see it. Each list in <paramref name="Topics"/> and <paramref name="TopicIds"/> has one entry for each of <paramref name="Messages"/>, in the same order.</summary>
/// <param name="SummaryId">The summary's id.</param>
/// <param name="ChannelId">The room's id.</param>
/// <param name="Howmany">The requested number of messages.</param>
/// <param name="RefChat">Id of the oldest message that was read; null: there was none.</param>
/// <param name="Engine"><c>extractive</c>, or <c>openai:</c> and the model's name.</param>
/// <param name="Language"><c>ko</c> or <c>en</c>.</param>
/// <param name="LeftOut">Number of messages withheld because their authors exclude them from language models.</param>
/// <param name="Messages">Ids of exactly the messages that were read, oldest first.</param>
/// <param name="Topics">Topic numbers, from 0; −1 = noise.</param>
/// <param name="TopicIds">Topic ids; null = noise.</param>
/// <param name="Summaries">By level and topic number.</param>
public sealed record SummaryView(
    string SummaryId,
    string ChannelId,
    int Howmany,
    string? RefChat,
    string Engine,
    string Language,
    int LeftOut,
    IReadOnlyList<string> Messages,
    LevelsOf<IReadOnlyList<int>> Topics,
    LevelsOf<IReadOnlyList<string?>> TopicIds,
    LevelsOf<IReadOnlyDictionary<string, TopicSummaryView>> Summaries)
{
    /// <summary>Why the extractive engine wrote some or all of it in place of a language model; null: it did not.</summary>
    public InsteadOfModel? InsteadOf { get; init; }

    /// <summary>Ids of messages beyond what the model could read, and therefore in none of the lists; the newest are read first.</summary>
    public IReadOnlyList<string> Unread { get; init; } = [];

    /// <summary>Its messages' topics have changed, or their names: a new summary would differ.</summary>
    public bool Stale { get; init; }

    public static SummaryView Of(Summary stored) => JsonSerializer.Deserialize<SummaryView>(stored.Body)!;

    public string ToBody() => JsonSerializer.Serialize(this);
}

/// <summary>The summary of one topic.</summary>
/// <param name="TopicId">The topic's id.</param>
/// <param name="Name">The topic's name.</param>
/// <param name="Keywords">The topic's keywords, the most telling first.</param>
/// <param name="Content">The points as one text, a line each.</param>
/// <param name="Points">The points in the order of their first citation.</param>
/// <param name="Engine"><c>extractive</c>, or <c>openai:</c> and the model's name.</param>
/// <param name="Unread">Number of its messages beyond what the model could read.</param>
public sealed record TopicSummaryView(string TopicId, string Name, IReadOnlyList<string> Keywords, string Content, IReadOnlyList<SummaryPointView> Points, string Engine = "extractive", int Unread = 0);

/// <param name="Text">One sentence.</param>
/// <param name="Citations">Ids of the messages that support it.</param>
/// <param name="Kind">Statement, decision, action item or question.</param>
/// <param name="Weak">Its words overlap little with the cited messages; check them before trusting it.</param>
public sealed record SummaryPointView(string Text, IReadOnlyList<string> Citations, PointKind Kind = PointKind.Statement, bool Weak = false);

/// <summary>Why the extractive engine stood in for a language model.</summary>
/// <param name="Code">A stable error code.</param>
/// <param name="Message">For people.</param>
/// <param name="ResetsAt">When to ask again; null: unknown.</param>
public sealed record InsteadOfModel(string Code, string Message, DateTimeOffset? ResetsAt);
