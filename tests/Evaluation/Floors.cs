using AIChat.Domain.Topics;

namespace AIChat.Evaluation;

/// <summary>Simple rules as floors for the scores.</summary>
internal static class Floors
{
    public static int?[] EveryLineAlone(IReadOnlyList<ChatLine> lines) => new int?[lines.Count];

    public static int?[] PreviousMessage(IReadOnlyList<ChatLine> lines)
    {
        var links = new int?[lines.Count];
        int? last = null;
        for (var i = 0; i < links.Length; i++)
        {
            if (lines[i].IsSystem)
                continue;
            links[i] = last;
            last = i;
        }

        return links;
    }

    /// <summary>A line answers the last message of the person it names; else the speaker's last message, or the last one that names the speaker, within the window; else it opens a conversation.</summary>
    public static int?[] Rules(IReadOnlyList<ChatLine> lines, TimeSpan window)
    {
        var links = new int?[lines.Count];
        var own = new Dictionary<string, int>(StringComparer.OrdinalIgnoreCase);
        var naming = new Dictionary<string, int>(StringComparer.OrdinalIgnoreCase);
        var nicknames = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        for (var i = 0; i < links.Length; i++)
        {
            if (lines[i].IsSystem)
                continue;
            var speaker = lines[i].Nickname;
            var named = Names.Spoken(lines[i].Content, nicknames);
            if (named is not null && !named.Equals(speaker, StringComparison.OrdinalIgnoreCase))
            {
                links[i] = own[named];
                naming[named] = i;
            }
            else
            {
                var last = Math.Max(own.GetValueOrDefault(speaker, -1), naming.GetValueOrDefault(speaker, -1));
                if (last >= 0 && lines[i].CreatedAt - lines[last].CreatedAt <= window)
                    links[i] = last;
            }

            own[speaker] = i;
            nicknames.Add(speaker);
        }

        return links;
    }

    /// <summary>A new conversation after every silence longer than <paramref name="pause"/>.</summary>
    public static int[] CutAtPauses(IReadOnlyList<ChatLine> lines, TimeSpan pause)
    {
        var labels = new int[lines.Count];
        for (var i = 1; i < labels.Length; i++)
            labels[i] = labels[i - 1] + (lines[i].CreatedAt - lines[i - 1].CreatedAt > pause ? 1 : 0);
        return labels;
    }

    /// <summary>The conversations that links make.</summary>
    public static int[] Conversations(int?[] links)
    {
        var labels = new int[links.Length];
        for (var i = 0; i < labels.Length; i++)
            labels[i] = links[i] is { } earlier ? labels[earlier] : i;
        return labels;
    }
}
