namespace AIChat.Application.Messages;

/// <summary>Finds mentions of the room's authors. The longest matching nickname wins: "@민지야" mentions 민지, and "@Ann Lee" mentions Ann Lee.</summary>
internal static class MentionFinder
{
    private const int MaxMentions = 20;

    public static async Task<IReadOnlyList<Mention>> FindAsync(IMessageRepository messages, RoomId room, string content, CancellationToken cancellation)
    {
        content = Text.Composed(content);
        var starts = Enumerable.Range(0, content.Length).Where(i => content[i] == '@').Take(MaxMentions).ToList();
        if (starts.Count == 0)
            return [];
        var candidates = starts.SelectMany(start => NamesFrom(content, start + 1)).ToHashSet(StringComparer.OrdinalIgnoreCase);
        if (candidates.Count == 0)
            return [];
        var known = (await messages.WritersNamedAsync(room, candidates, cancellation)).ToLookup(mention => Text.Composed(mention.Nickname), StringComparer.OrdinalIgnoreCase);
        return [.. starts
            .Select(start => NamesFrom(content, start + 1).LastOrDefault(known.Contains))
            .Where(name => name is not null)
            .SelectMany(name => known[name!])
            .DistinctBy(mention => mention.UserId)];
    }

    private static IEnumerable<string> NamesFrom(string content, int from)
        => Enumerable.Range(1, Math.Min(Domain.Users.User.MaxNicknameLength, content.Length - from))
            .Select(length => content.Substring(from, length))
            .TakeWhile(name => !name.AsSpan().ContainsAny('\n', '\r', '@'))
            .Where(name => !char.IsHighSurrogate(name[^1]));
}
