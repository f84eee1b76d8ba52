namespace AIChat.Infrastructure.Topics.Themes;

/// <summary>A conversation as input of the theme tree.</summary>
/// <param name="Lines">At least one.</param>
/// <param name="From">Time of its earliest line.</param>
/// <param name="To">Time of its latest line.</param>
internal sealed record ThemeConversation(IReadOnlyList<ThemeLine> Lines, DateTimeOffset From, DateTimeOffset To);
