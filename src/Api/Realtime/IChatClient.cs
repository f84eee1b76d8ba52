using AIChat.Application.Messages;
using AIChat.Application.Rooms;
using AIChat.Application.Summaries;

namespace AIChat.Api.Realtime;

#pragma warning disable IDE1006 // the names are the events on the wire, letter for letter

/// <summary>What the hub tells its clients. A misspelt event would be on the wire for good, so they are methods.</summary>
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

/// <summary>A message's words are gone.</summary>
public sealed record DeletedEvent(string ChannelId, string Id);

/// <summary>A message belongs to a topic, or to another one than before; null = noise.</summary>
public sealed record TopicEvent(string ChannelId, string MessageId, string? TopicId, string? PreviousTopicId);

/// <summary>A conversation turned to something else from this message on: somebody may want to split it there.</summary>
public sealed record TopicDriftEvent(string ChannelId, string TopicId, string FromMessageId);

/// <summary>The set of topics changed: ask for it again.</summary>
public sealed record TopicsEvent(string ChannelId);
