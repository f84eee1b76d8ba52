using AIChat.Infrastructure.Topics.Linking;

namespace AIChat.Evaluation.Training;

/// <summary>One choice among conversations to learn from.</summary>
/// <param name="Rows">See <see cref="ConversationFeatures.Rows"/>.</param>
/// <param name="Right">Which rows are right.</param>
internal sealed record ConversationSample(float[] Rows, bool[] Right)
{
    /// <summary>
    /// Follows a room as the linker would. Filed either as people say, with some lines astray, or by the linker's own choices, so that what is learned is to choose
    /// among conversations as they come out, not as people see them.
    /// </summary>
    /// <param name="room">Where.</param>
    /// <param name="weights">The linker's.</param>
    /// <param name="astray">Share of the lines that are filed by the linker's choice; 1: all.</param>
    /// <param name="seed">Of chance.</param>
    public static IEnumerable<ConversationSample> Of(LabelledRoom room, LinkWeights weights, double astray, int seed)
    {
        var chance = new Random(seed);
        var linker = new LearnedLinker(weights, isLearning: true);
        for (var i = 0; i < room.Lines.Count; i++)
        {
            var line = room.Lines[i];
            if (room.Answered[i] is not { } answered || line.IsSystem)
            {
                linker.Link(line);
                continue;
            }

            var heard = linker.Weigh(line);
            var right = RightRows(room, i, answered, linker);
            if (linker.Weighed.Conversations.Count > 0)
                yield return new ConversationSample(linker.Weighed.Rows.ToArray(), right);
            var chosen = Array.IndexOf(right, true);
            var number = chance.NextDouble() < astray ? linker.Number(heard) : chosen < linker.Weighed.Conversations.Count ? linker.Weighed.Conversations[chosen].Number : linker.Next;
            linker.Take(heard, number, number < linker.Next ? linker.LikeliestIn(number) : null);
        }
    }

    /// <summary>
    /// Where people linked, the conversations of the lines that were answered. Else the one where, among the nearest lines, most more belong with this one than
    /// do not: a conversation that is mixed up already is nobody's place.
    /// </summary>
    private static bool[] RightRows(LabelledRoom room, int line, int[] answered, LearnedLinker linker)
    {
        const int near = 40;
        var talks = linker.Weighed.Conversations;
        var right = new bool[talks.Count + 1];
        var gains = new double[talks.Count];
        var linked = false;
        for (var n = 0; n < linker.Scores.Count; n++)
        {
            var candidate = LinkFeatures.Candidate(linker.Room, n);
            var row = -1;
            for (var talk = 0; talk < talks.Count && row < 0; talk++)
                row = talks[talk].Number == candidate.Conversation ? talk : -1;
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
