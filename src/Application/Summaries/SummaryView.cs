using System.Text.Json;
using AIChat.Application.Reads;
using AIChat.Domain.Summaries;

namespace AIChat.Application.Summaries;

/// <summary>A summary as clients see it. In <paramref name="Topics"/> and <paramref name="TopicIds"/> each list has one entry for each of <paramref name="Messages"/>, in the same order.</summary>
/// <param name="SummaryId">Its id.</param>
/// <param name="ChannelId">The room.</param>
/// <param name="Howmany">What was asked for.</param>
/// <param name="RefChat">The oldest message that was read; null: there was none.</param>
/// <param name="Engine">Who wrote it: <c>extractive</c>, or <c>openai:</c> and the model's name.</param>
/// <param name="Language"><c>ko</c> or <c>en</c>.</param>
/// <param name="LeftOut">Messages that were not read because their authors keep them from language models.</param>
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
    /// <summary>Why no language model wrote it, or not all of it; null: none was to, or one did.</summary>
    public InsteadOfModel? InsteadOf { get; init; }

    /// <summary>Ids of messages that were too many to be read, and so are in none of the lists; the newest were read first.</summary>
    public IReadOnlyList<string> Unread { get; init; } = [];

    /// <summary>Messages that it covers are filed otherwise by now, or topics are called otherwise: ask for a new one.</summary>
    public bool Stale { get; init; }

    public static SummaryView Of(Summary stored) => JsonSerializer.Deserialize<SummaryView>(stored.Body)!;

    public string ToBody() => JsonSerializer.Serialize(this);
}

/// <summary>What was said about one topic, each point with the ids of the messages that say so.</summary>
/// <param name="TopicId">The topic.</param>
/// <param name="Name">Its name.</param>
/// <param name="Keywords">Its words.</param>
/// <param name="Content">The points as one text.</param>
/// <param name="Points">The points.</param>
/// <param name="Engine">Who wrote it.</param>
/// <param name="Unread">How many of its messages were too many to be read; the newest were read first.</param>
public sealed record TopicSummaryView(string TopicId, string Name, IReadOnlyList<string> Keywords, string Content, IReadOnlyList<SummaryPointView> Points, string Engine = "extractive", int Unread = 0);

/// <param name="Text">What was said.</param>
/// <param name="Citations">Ids of the messages that say so.</param>
/// <param name="Kind">What it is.</param>
/// <param name="Weak">It shares too little with what it cites to be trusted unread.</param>
public sealed record SummaryPointView(string Text, IReadOnlyList<string> Citations, PointKind Kind = PointKind.Statement, bool Weak = false);

/// <summary>Why a language model did not write it, though one was to.</summary>
/// <param name="Code">A stable code.</param>
/// <param name="Message">For people.</param>
/// <param name="ResetsAt">When to ask again, if that is known.</param>
public sealed record InsteadOfModel(string Code, string Message, DateTimeOffset? ResetsAt);
