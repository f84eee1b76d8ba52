using System.Text.Json;
using AIChat.Domain.Summaries;

namespace AIChat.Application.Summaries;

/// <summary>A summary as clients see it. In <paramref name="Topics"/> and <paramref name="TopicIds"/> each list has one entry for each of <paramref name="Messages"/>, in the same order.</summary>
/// <param name="SummaryId">Its id.</param>
/// <param name="ChannelId">The room.</param>
/// <param name="Howmany">What was asked for.</param>
/// <param name="RefChat">The oldest message that was read; null: there was none.</param>
/// <param name="Engine">Who wrote it: <c>extractive</c>.</param>
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
    public static SummaryView Of(Summary stored) => JsonSerializer.Deserialize<SummaryView>(stored.Body)!;

    public string ToBody() => JsonSerializer.Serialize(this);
}

/// <summary>What was said about one topic, each point with the ids of the messages that say so.</summary>
public sealed record TopicSummaryView(string TopicId, string Name, IReadOnlyList<string> Keywords, string Content, IReadOnlyList<PredictedPoint> Points);
