using AIChat.Infrastructure.Topics.Linking;

namespace AIChat.Evaluation.Training;

/// <summary>A labelled choice among conversations.</summary>
/// <param name="Rows">See <see cref="ConversationFeatures.Rows"/>.</param>
/// <param name="Right">[rows]: whether the row is right.</param>
internal sealed record ConversationSample(float[] Rows, bool[] Right)
{
    /// <summary>
    /// Samples of a room. Lines are assigned as people annotated them, with a share by the linker's choice instead, so that the scorer learns to choose among
    /// conversations as the linker makes them.
    /// </summary>
    /// <param name="room">An annotated room.</param>
    /// <param name="weights">The linker's.</param>
    /// <param name="ownShare">Share of the lines that are assigned by the linker's choice; 1: all.</param>
    /// <param name="seed">Of the random choices.</param>
    public static IEnumerable<ConversationSample> Of(LabelledRoom room, LinkWeights weights, double ownShare, int seed)
    {
        var chance = new Random(seed);
        var linker = new LearnedLinker(weights);
        for (var i = 0; i < room.Lines.Count; i++)
        {
            var line = room.Lines[i];
            if (room.Answered[i] is not { } answered || line.IsSystem)
            {
                linker.Link(line);
                continue;
            }

            var observed = linker.Score(line);
            var right = RightRows(room, i, answered, linker);
            if (linker.ConversationFeatures.Conversations.Count > 0)
                yield return new ConversationSample(linker.ConversationFeatures.Rows.ToArray(), right);
            var chosen = Array.IndexOf(right, true);
            var number = chance.NextDouble() < ownShare ? linker.ChooseConversation(observed) : chosen < linker.ConversationFeatures.Conversations.Count ? linker.ConversationFeatures.Conversations[chosen].Number : linker.NextConversation;
            linker.Assign(observed, number, number < linker.NextConversation ? linker.MostLikelyAntecedent(number) : null);
        }
    }

    /// <summary>
    /// With annotated links: the conversations of the antecedents. Otherwise the conversation in which, among the nearest lines, those of the line's own annotated
    /// conversation most outnumber the others.
    /// </summary>
    private static bool[] RightRows(LabelledRoom room, int line, int[] answered, LearnedLinker linker)
    {
        const int near = 40;
        var conversations = linker.ConversationFeatures.Conversations;
        var right = new bool[conversations.Count + 1];
        var gains = new double[conversations.Count];
        var linked = false;
        for (var n = 0; n < linker.Scores.Count; n++)
        {
            var candidate = linker.State.Candidate(n);
            var row = -1;
            for (var at = 0; at < conversations.Count && row < 0; at++)
                row = conversations[at].Number == candidate.Conversation ? at : -1;
            if (row < 0)
                continue;
            if (room.HasLinks && answered.Contains(candidate.Index))
                linked = right[row] = true;
            if (n < near && room.Conversations[candidate.Index] >= 0)
                gains[row] += room.Conversations[candidate.Index] == room.Conversations[line] ? 1 : -0.7;
        }

        if (linked)
            return right;
        if (!(room.HasLinks && answered.Contains(line)) && gains.Length > 0 && gains.Max() > 0)
            right[Array.IndexOf(gains, gains.Max())] = true;
        else
            right[^1] = true;
        return right;
    }
}
