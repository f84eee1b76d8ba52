using System.Globalization;
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

    /// <summary>Of each level, the topics of which nothing is shown; null: there are none.</summary>
    public LevelsOf<ClosingView?> Closing { get; init; } = LevelsOf<ClosingView?>.From(_ => null);

    public static SummaryView Of(Summary stored) => JsonSerializer.Deserialize<SummaryView>(stored.Body)!;

    public string ToBody() => JsonSerializer.Serialize(this);
}

/// <summary>The summary of one topic. Outcome and points are those that the whole summary has room for; where neither is shown, <see cref="SummaryView.Closing"/> counts the topic.</summary>
/// <param name="TopicId">The topic's id.</param>
/// <param name="Name">The topic's name.</param>
/// <param name="Keywords">The topic's keywords, the most telling first.</param>
/// <param name="Content">Outcome and points as one text, a line each.</param>
/// <param name="Points">The points in the order of their first citation.</param>
/// <param name="Engine"><c>extractive</c>, or <c>openai:</c> and the model's name.</param>
/// <param name="Unread">Number of its messages beyond what the model could read.</param>
public sealed record TopicSummaryView(string TopicId, string Name, IReadOnlyList<string> Keywords, string Content, IReadOnlyList<SummaryPointView> Points, string Engine = "extractive", int Unread = 0)
{
    /// <summary>What was decided, done or left open; null: nothing yet, or it is a theme of several conversations, whose points are what these came to.</summary>
    public OutcomeView? Outcome { get; init; }

    /// <summary><c>ko</c> or <c>en</c>: that of the summary, or, of quotes, their own; null: the summary was made before this was told.</summary>
    public string? Language { get; init; }
}

/// <summary>The topics of a level of which nothing is shown.</summary>
/// <param name="Count">Number of topics.</param>
/// <param name="MessageCount">Number of their messages.</param>
/// <param name="Text">The same in words: "and 14 smaller talks".</param>
public sealed record ClosingView(int Count, int MessageCount, string Text)
{
    internal static ClosingView Of(int count, int messages, string language)
    {
        var number = count.ToString(CultureInfo.InvariantCulture);
        return new ClosingView(count, messages, language == RoomLanguage.Korean ? $"그 밖에 작은 대화 {number}개" : $"and {number} smaller {(count == 1 ? "talk" : "talks")}");
    }
}

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
