using AIChat.Application.Topics;
using AIChat.Domain.Topics;

namespace AIChat.Application.Summaries;

/// <summary>One step of writing a summary. The last event is <see cref="SummaryDone"/> or <see cref="SummaryRefused"/>.</summary>
public abstract record SummaryEvent;

/// <summary>The summary's outline, without any topic summary.</summary>
public sealed record SummaryBegun(SummaryView Summary) : SummaryEvent;

/// <summary>The outcome and the points of this topic follow.</summary>
public sealed record SummaryTopicStarted(TopicLevel Level, int Number, string TopicId, string Name, IReadOnlyList<string> Keywords) : SummaryEvent;

/// <summary>What came of a topic, as soon as it is known.</summary>
public sealed record SummaryOutcomeReady(TopicLevel Level, int Number, OutcomeView Outcome) : SummaryEvent;

/// <summary>A point as soon as it is known. <see cref="SummaryDone"/> decides: it may have merged points, and shows none of those that matter least.</summary>
public sealed record SummaryPointReady(TopicLevel Level, int Number, SummaryPointView Point) : SummaryEvent;

/// <summary>The whole summary.</summary>
public sealed record SummaryDone(SummaryView Summary) : SummaryEvent;

/// <summary>There is no summary, and why.</summary>
public sealed record SummaryRefused(Error Why) : SummaryEvent;
