namespace AIChat.Infrastructure.Topics.Themes;

/// <summary>A line as input of the theme tree.</summary>
/// <param name="NgramProfile">Its packed n-grams.</param>
/// <param name="Embedding">Its sentence embedding, at unit length; null: it has none.</param>
internal readonly record struct ThemeLine(byte[] NgramProfile, float[]? Embedding);
