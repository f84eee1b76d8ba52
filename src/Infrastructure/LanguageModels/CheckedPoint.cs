using AIChat.Domain.Summaries;

namespace AIChat.Infrastructure.LanguageModels;

/// <summary>A point that passed <see cref="CitationCheck"/>.</summary>
/// <param name="Point">With nicknames.</param>
/// <param name="Labelled">Its text with labels: what a prompt may show of it.</param>
internal sealed record CheckedPoint(SummaryPoint Point, string Labelled);
