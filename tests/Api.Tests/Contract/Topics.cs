namespace AIChat.Api.Tests.Contract;

/// <param name="NameSource">auto or user.</param>
public sealed record Topic(
    string TopicId,
    string ChannelId,
    string Level,
    string? ParentId,
    string Name,
    string NameSource,
    IReadOnlyList<string> Keywords,
    long MessageCount,
    IReadOnlyList<Participant> Participants,
    long FirstSeq,
    long LastSeq,
    DateTimeOffset FirstAt,
    DateTimeOffset LastAt,
    Drift? Drift,
    Outcome? Outcome);

public sealed record Participant(string? UserId, string Nickname, long MessageCount);

public sealed record Drift(string FromMessageId);

public sealed record Outcome(string Text, IReadOnlyList<string> Citations);

public sealed record Correction(
    string CorrectionId,
    string Kind,
    Corrector By,
    DateTimeOffset CreatedAt,
    string TopicId,
    IReadOnlyList<string> TopicIds,
    string? Name,
    string? FormerName,
    int MovedCount,
    DateTimeOffset? UndoneAt,
    string? UndoneBy);

public sealed record Corrector(string UserId, string Nickname);

public sealed record Quality(LevelCounts Topics, Sizes Sizes, int Singletons, CorrectionRate Corrections, Doubts Links, IReadOnlyList<EngineRate> Summaries, ModelCost? Model);

public sealed record ModelCost(string Engine, decimal Per200Messages, long Waiting, decimal WholeRoom);

public sealed record LevelCounts(int Low, int Mid, int High);

public sealed record Sizes(long Smallest, long Median, long P90, long Largest);

public sealed record CorrectionRate(int InForce, int Undone, int MovedMessages, double MovedPerThousand);

public sealed record Doubts(long Newest, long Unclassified, long Noise, long Judged, long LowMargin, double Threshold, IReadOnlyList<DoubtfulMessage> LeastSure);

public sealed record DoubtfulMessage(string MessageId, long Seq, string? TopicId, double Margin);

public sealed record EngineRate(string Engine, long Up, long Down, double UpRate);
