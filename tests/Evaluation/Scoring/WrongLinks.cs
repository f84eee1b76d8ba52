
namespace AIChat.Evaluation.Scoring;

/// <summary>Counts of the links that are not annotated, by kind of error.</summary>
/// <param name="SameTalk">The antecedent is another line of the right conversation.</param>
/// <param name="OtherTalk">The antecedent is in another conversation.</param>
/// <param name="Opens">No antecedent, although the line continues a conversation.</param>
/// <param name="GoesOn">An antecedent, although the line opens a conversation.</param>
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
