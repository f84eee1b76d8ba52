using AIChat.Domain.Topics;

namespace AIChat.Application.Summaries;

/// <summary>A step in the making of a summary. The last one is <see cref="SummaryDone"/> or <see cref="SummaryRefused"/>.</summary>
public abstract record SummaryEvent;

/// <summary>What will be in it; nothing is said yet.</summary>
public sealed record SummaryBegun(SummaryView Summary) : SummaryEvent;

/// <summary>A topic is spoken of from now on.</summary>
public sealed record SummaryTopicStarted(TopicLevel Level, int Number, string TopicId, string Name, IReadOnlyList<string> Keywords) : SummaryEvent;

/// <summary>A point, as soon as it is known. The whole has the last word: points may be put together there.</summary>
public sealed record SummaryPointReady(TopicLevel Level, int Number, SummaryPointView Point) : SummaryEvent;

/// <summary>The whole.</summary>
public sealed record SummaryDone(SummaryView Summary) : SummaryEvent;

/// <summary>There is none, and why.</summary>
public sealed record SummaryRefused(Error Why) : SummaryEvent;
