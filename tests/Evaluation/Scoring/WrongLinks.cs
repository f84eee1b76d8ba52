
namespace AIChat.Evaluation.Scoring;

/// <summary>What is wrong with the links that people did not make.</summary>
/// <param name="SameTalk">To another line of the right conversation.</param>
/// <param name="OtherTalk">Into another conversation.</param>
/// <param name="Opens">None, where the line goes on with a conversation.</param>
/// <param name="GoesOn">Some, where the line opens a conversation.</param>
internal sealed record WrongLinks(int SameTalk, int OtherTalk, int Opens, int GoesOn)
{
    public static WrongLinks Of(Links found, Links gold)
    {
        var (same, other, opens, goesOn) = (0, 0, 0, 0);
        foreach (var (name, right) in gold)
        {
            var talks = new DisjointSets<int>();
            foreach (var (later, earlier) in right)
                talks.Join(later, earlier);
            var talkOf = talks.Groups().SelectMany((lines, talk) => lines.Select(line => (line, talk))).ToDictionary(of => of.line, of => of.talk);
            var answered = right.ToLookup(pair => pair.Later, pair => pair.Earlier);
            foreach (var (line, antecedent) in found[name].Where(pair => answered.Contains(pair.Later) && !right.Contains(pair)))
            {
                if (antecedent == line)
                    opens++;
                else if (answered[line].All(earlier => earlier == line))
                    goesOn++;
                else if (talkOf.TryGetValue(antecedent, out var talk) && talk == talkOf[line])
                    same++;
                else
                    other++;
            }
        }

        return new WrongLinks(same, other, opens, goesOn);
    }

    public override string ToString()
        => $"{SameTalk + OtherTalk + Opens + GoesOn} wrong links: {SameTalk} to another line of the right conversation, {OtherTalk} into another one, {Opens} open one and should not, {GoesOn} should and do not";
}
