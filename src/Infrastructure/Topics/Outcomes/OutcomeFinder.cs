using AIChat.Domain.Topics;

namespace AIChat.Infrastructure.Topics.Outcomes;

internal sealed class OutcomeFinder : IOutcomeFinder
{
    public FoundOutcome? Find(IReadOnlyList<ChatLine> lines)
    {
        var last = Enumerable.Range(0, lines.Count).LastOrDefault(i => !lines[i].IsSystem && lines[i].Content.Contains('?', StringComparison.Ordinal), -1);
        return last < 0 ? null : new FoundOutcome(lines[last].Content, [last]);
    }
}
