namespace AIChat.Application.Topics;

/// <summary>What a conversation came to: one short line, and the ids of the messages that say so.</summary>
public sealed record OutcomeView(string Text, IReadOnlyList<string> Citations);
