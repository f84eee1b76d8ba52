namespace AIChat.Infrastructure.Topics.Linking;

/// <summary>A speaker whom a line mentions by name.</summary>
/// <param name="Speaker">The speaker mentioned.</param>
/// <param name="Marked">Whether the name is marked as one: nick:, @nick, 민지야.</param>
/// <param name="Guessed">Whether the name is only nearly theirs: shortened, or mistyped by a letter.</param>
internal readonly record struct Mention(string Speaker, bool Marked, bool Guessed);
