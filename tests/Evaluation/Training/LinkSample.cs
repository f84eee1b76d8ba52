using AIChat.Infrastructure.Topics.Linking;

namespace AIChat.Evaluation.Training;

/// <summary>A labelled line: its features, and which of its candidates it answers and shares a conversation with.</summary>
/// <param name="Line">See <see cref="LinkFeatures.Line"/>.</param>
/// <param name="Pairs">See <see cref="LinkFeatures.Pairs"/>, as halves.</param>
/// <param name="Candidates">[candidates, <see cref="LinkFeatures.OfCandidate"/>], newest first.</param>
/// <param name="Answers">[candidates]: whether the line answers it.</param>
/// <param name="Same">[candidates]: 1: in the line's conversation, 0: not, −1: unknown.</param>
/// <param name="Opens">Whether the line opens a conversation.</param>
/// <param name="HasLinks">Whether people annotated links, not only conversations.</param>
internal sealed record LinkSample(float[] Line, Half[] Pairs, float[][] Candidates, bool[] Answers, sbyte[] Same, bool Opens, bool HasLinks)
{
    /// <summary>Shares of the earlier links that are left out, and of those that are wrong, as they will be in use.</summary>
    private const double Missed = 0.1, Mistaken = 0.33;

    /// <summary>One sample for each annotated line of a room whose antecedent is among its candidates.</summary>
    public static IEnumerable<LinkSample> Of(LabelledRoom room)
    {
        var chance = new Random(room.Lines.Count);
        var state = new LinkerState();
        var features = new LinkFeatures();
        var own = new Dictionary<int, float[]>();
        for (var i = 0; i < room.Lines.Count; i++)
        {
            var observed = state.Observe(room.Lines[i]);
            if (room.Answered[i] is { } answered && !room.Lines[i].IsSystem && state.Recent.Count > 0)
            {
                features.Fill(state, observed);
                if (Make(features, state, room, i, answered, own) is { } sample)
                    yield return sample;
            }

            if (room.Answered[i] is { } said && !room.Lines[i].IsSystem && state.Find(said.Max()) is { } answer && chance.NextDouble() > Missed)
                observed.LinkTo(chance.NextDouble() > Mistaken ? answer : state.Candidate(chance.Next(Math.Min(8, state.Recent.Count))));
            state.Add(observed);
            if (!room.Lines[i].IsSystem)
                own[i] = LinkFeatures.CandidateFeatures(observed);
        }
    }

    private static LinkSample? Make(LinkFeatures features, LinkerState state, LabelledRoom room, int line, int[] answered, Dictionary<int, float[]> own)
    {
        var count = features.Count;
        var (candidates, answers, same) = (new float[count][], new bool[count], new sbyte[count]);
        var found = false;
        for (var n = 0; n < count; n++)
        {
            var index = state.Candidate(n).Index;
            candidates[n] = own[index];
            answers[n] = answered.Contains(index);
            found |= answers[n];
            same[n] = room.Conversations[index] < 0 ? (sbyte)-1 : room.Conversations[index] == room.Conversations[line] ? (sbyte)1 : (sbyte)0;
        }

        var opens = answered.Contains(line);
        if (!found && !opens)
            return null;
        var pairs = new Half[count * LinkFeatures.OfPair];
        for (var k = 0; k < pairs.Length; k++)
            pairs[k] = (Half)features.Pairs[k];
        return new LinkSample([.. features.Line], pairs, candidates, answers, same, opens, room.HasLinks);
    }
}
