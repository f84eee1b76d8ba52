namespace AIChat.Api.Tests.Contract;

/// <param name="Topics">Of each message, the number of its topic; -1: of none.</param>
/// <param name="Summaries">By the topics' numbers.</param>
public sealed record Summary(
    string SummaryId,
    string ChannelId,
    int Howmany,
    string? RefChat,
    string Engine,
    string Language,
    int LeftOut,
    IReadOnlyList<string> Messages,
    Levels<IReadOnlyList<int>> Topics,
    Levels<IReadOnlyList<string?>> TopicIds,
    Levels<IReadOnlyDictionary<string, TopicSummary>> Summaries,
    InsteadOf? InsteadOf,
    IReadOnlyList<string> Unread,
    bool Stale,
    Levels<Closing?> Closing);

public sealed record TopicSummary(
    string TopicId, string Name, IReadOnlyList<string> Keywords, string Content, Outcome? Outcome, IReadOnlyList<Point> Points, string Engine, int Unread, string? Language);

/// <summary>What a summary does not tell of.</summary>
public sealed record Closing(int Count, int MessageCount, string Text);

public sealed record Point(string Text, IReadOnlyList<string> Citations, string Kind, bool Weak);

public sealed record InsteadOf(string Code, string Message, DateTimeOffset? ResetsAt);

/// <summary>An outcome, as it comes before the whole.</summary>
public sealed record OutcomeTold(string Level, int Topic, Outcome Outcome);

/// <summary>A point, as it comes before the whole.</summary>
public sealed record PointTold(string Level, int Topic, Point Point);

/// <param name="Links">Of each message, the place of the one that it answers.</param>
public sealed record Prediction(Levels<IReadOnlyList<int>> Topics, IReadOnlyList<int?> Links, Levels<IReadOnlyDictionary<string, PredictedTopic>> Summaries, IReadOnlyList<float?> Margins, string Engine);

public sealed record PredictedTopic(string Name, IReadOnlyList<string> Keywords, string Content, IReadOnlyList<PredictedPoint> Points);

public sealed record PredictedPoint(string Text, IReadOnlyList<string> Citations);

public sealed record Usage(string Month, decimal Spent, Budgets Budgets, IReadOnlyList<UsageItem> Items);

public sealed record Budgets(decimal? User, decimal? Room, decimal? Total);

public sealed record UsageItem(string UserId, string ChannelId, long Calls, decimal Spent);

/// <summary>OpenAI's shape of an answer to <c>/embeddings</c>.</summary>
public sealed record Embeddings(string Model, IReadOnlyList<Embedded> Data);

public sealed record Embedded(int Index, IReadOnlyList<float> Embedding);

/// <summary>A problem as OpenAI's clients read it.</summary>
public sealed record ProblemForOpenAI(string Code, string Detail, ErrorForOpenAI Error);

public sealed record ErrorForOpenAI(string Code, string Message);

/// <summary>A line of what <c>embed</c> writes.</summary>
public sealed record EmbeddedLine(int Index, IReadOnlyList<float> Vector);

/// <summary>What <c>classify --json</c> writes.</summary>
public sealed record ClassifiedFile(Levels<IReadOnlyList<int>> Topics);

/// <summary>A step of a summary's making, as the hub tells it.</summary>
/// <param name="Event">meta, topic, point, done or error.</param>
public sealed record SummaryStep(string Event, System.Text.Json.JsonElement Data)
{
    public T As<T>() => new Answer(Data.GetRawText()).As<T>();
}
