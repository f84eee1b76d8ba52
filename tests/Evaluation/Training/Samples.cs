using AIChat.Infrastructure.Topics.Linking;

namespace AIChat.Evaluation.Training;

/// <summary>One line to learn from: its numbers, and which of its candidates it answers and shares a conversation with.</summary>
/// <param name="Line">See <see cref="LinkFeatures.Line"/>.</param>
/// <param name="Pairs">See <see cref="LinkFeatures.Pairs"/>, as halves.</param>
/// <param name="Candidates">Each candidate's own features, newest first.</param>
/// <param name="Answers">Whether the line answers it.</param>
/// <param name="Same">1: shares the line's conversation, 0: does not, −1: not known.</param>
/// <param name="Opens">Whether the line opens a conversation.</param>
/// <param name="HasLinks">Whether people said who answers whom, not only who belongs together.</param>
internal sealed record Sample(float[] Line, Half[] Pairs, float[][] Candidates, bool[] Answers, sbyte[] Same, bool Opens, bool HasLinks)
{
    /// <summary>Shares of the earlier links that the linker will not have found, or found wrong, when it uses what is learned.</summary>
    private const double Missed = 0.1, Mistaken = 0.33;

    /// <summary>Follows a room and makes a sample of every judged line whose answer is among its candidates.</summary>
    public static IEnumerable<Sample> Of(LabelledRoom room)
    {
        var chance = new Random(room.Lines.Count);
        var memory = new LinkerState();
        var features = new LinkFeatures();
        var own = new Dictionary<int, float[]>();
        for (var i = 0; i < room.Lines.Count; i++)
        {
            var heard = memory.Hear(room.Lines[i]);
            if (room.Answered[i] is { } answered && !room.Lines[i].IsSystem && memory.Recent.Count > 0)
            {
                features.Fill(memory, heard);
                if (Make(features, memory, room, i, answered, own) is { } sample)
                    yield return sample;
            }

            if (room.Answered[i] is { } said && !room.Lines[i].IsSystem && memory.Find(said.Max()) is { } answer && chance.NextDouble() > Missed)
                heard.Answer(chance.NextDouble() > Mistaken ? answer : LinkFeatures.Candidate(memory, chance.Next(Math.Min(8, memory.Recent.Count))));
            memory.Take(heard);
            if (!room.Lines[i].IsSystem)
                own[i] = LinkFeatures.CandidateFeatures(heard);
        }
    }

    private static Sample? Make(LinkFeatures features, LinkerState memory, LabelledRoom room, int line, int[] answered, Dictionary<int, float[]> own)
    {
        var count = features.Count;
        var (candidates, answers, same) = (new float[count][], new bool[count], new sbyte[count]);
        var found = false;
        for (var n = 0; n < count; n++)
        {
            var index = LinkFeatures.Candidate(memory, n).Index;
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
        return new Sample([.. features.Line], pairs, candidates, answers, same, opens, room.HasLinks);
    }
}
