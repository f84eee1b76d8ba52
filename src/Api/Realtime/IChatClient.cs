using AIChat.Application.Messages;
using AIChat.Application.Rooms;
using AIChat.Application.Summaries;

namespace AIChat.Api.Realtime;

#pragma warning disable IDE1006 // the names are the event names on the wire

/// <summary>The events that the hub sends. They are methods so that a misspelt name does not compile.</summary>
public interface IChatClient
{
    Task chat(MessageView message);

    Task chatUpdated(MessageView message);

    Task chatDeleted(DeletedEvent deleted);

    Task topic(TopicEvent filed);

    Task topics(TopicsEvent changed);

    Task topicDrift(TopicDriftEvent drifted);

    Task summary(SummaryView summary);

    Task newRoom(RoomView room);

    Task read(ReadMarkView mark);
}

#pragma warning restore IDE1006

/// <summary>A message was deleted.</summary>
public sealed record DeletedEvent(string ChannelId, string Id);

/// <summary>A message was assigned to a topic; null: to none (noise).</summary>
public sealed record TopicEvent(string ChannelId, string MessageId, string? TopicId, string? PreviousTopicId);

/// <summary>A conversation changed its subject at this message; it may be split there.</summary>
public sealed record TopicDriftEvent(string ChannelId, string TopicId, string FromMessageId);

/// <summary>The set of topics changed; clients fetch it again.</summary>
public sealed record TopicsEvent(string ChannelId);
