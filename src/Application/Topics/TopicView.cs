using AIChat.Domain.Topics;

namespace AIChat.Application.Topics;

/// <summary>A topic as clients see it.</summary>
public sealed record TopicView(
    string TopicId,
    string ChannelId,
    TopicLevel Level,
    string? ParentId,
    string Name,
    NameSource NameSource,
    IReadOnlyList<string> Keywords,
    long MessageCount,
    IReadOnlyList<ParticipantView> Participants,
    long FirstSeq,
    long LastSeq,
    DateTimeOffset FirstAt,
    DateTimeOffset LastAt,
    DriftView? Drift,
    OutcomeView? Outcome)
{
    public static TopicView Of(Topic topic, IReadOnlyList<Participant> participants)
        => new(
            topic.Id.Value,
            topic.RoomId.Value,
            topic.Level,
            topic.ParentId?.Value,
            topic.Name,
            topic.NameSource == NameSource.User ? NameSource.User : NameSource.Auto,
            topic.Keywords,
            topic.MessageCount,
            [.. participants.Select(person => new ParticipantView(person.UserId?.Value, person.Nickname, person.MessageCount))],
            topic.FirstSeq,
            topic.LastSeq,
            topic.FirstAt,
            topic.LastAt,
            topic.DriftFrom is { } from ? new DriftView(from.Value) : null,
            topic.Outcome is { } outcome ? new OutcomeView(outcome.Text, [.. outcome.Citations.Select(message => message.Value)]) : null);

    /// <summary>Reads a topic as it is stored now.</summary>
    public static async Task<Result<TopicView>> OfAsync(RoomId room, TopicId id, ITopicRepository repository)
        => await repository.ListAsync(TopicsOfRoom.WithIds(room, [id]), CancellationToken.None) is { Count: 1 } found
            ? (await OfAsync(found, repository, CancellationToken.None))[0]
            : TopicErrors.NotFound;

    /// <summary>Adds the participants to topics, in the same order.</summary>
    public static async Task<IReadOnlyList<TopicView>> OfAsync(IReadOnlyList<Topic> topics, ITopicRepository repository, CancellationToken cancellation)
    {
        if (topics.Count == 0)
            return [];
        var participants = await repository.ParticipantsAsync(topics[0].RoomId, topics, cancellation);
        return [.. topics.Select(topic => Of(topic, participants.GetValueOrDefault(topic.Id) ?? []))];
    }
}

/// <summary>A participant's share of a topic; <paramref name="UserId"/> is null for authors of imported messages.</summary>
public sealed record ParticipantView(string? UserId, string Nickname, long MessageCount);

/// <summary>The message at which a conversation turned to another subject: an offer to split it there.</summary>
public sealed record DriftView(string FromMessageId);
