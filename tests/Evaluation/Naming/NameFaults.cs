using System.Runtime.CompilerServices;
using AIChat.Domain.Common;
using AIChat.Domain.Topics;
using AIChat.Evaluation.Commands;
using AIChat.Infrastructure.Topics.Classifiers;
using AIChat.Infrastructure.Topics.Naming;

namespace AIChat.Evaluation.Naming;

/// <summary>Counts what no name should be, over the demo room and the written rooms: ending in a verb, a particle or a stop word; the same as another name of its room.</summary>
internal static class NameFaults
{
    public static async Task ShowAsync(CancellationToken cancellation)
    {
        Console.WriteLine("Names; of them bad endings; duplicates in a room");
        await foreach (var set in NamesAsync(cancellation).GroupBy(room => room.What).WithCancellation(cancellation))
        {
            var rooms = set.Select(room => room.Names).ToList();
            var bad = rooms.SelectMany(names => names).Where(EndsBadly).ToList();
            var duplicates = rooms.Sum(names => names.Count - names.Distinct(StringComparer.OrdinalIgnoreCase).Count());
            Console.WriteLine($"  {set.Key,-32}{rooms.Sum(names => names.Count),6}{bad.Count,6}{duplicates,6}   {string.Join(", ", bad)}");
        }
    }

    /// <summary>The names of each room's gold conversations, of those that the classifier finds, and of its themes.</summary>
    public static async IAsyncEnumerable<(string What, List<string> Names)> NamesAsync([EnumeratorCancellation] CancellationToken cancellation)
    {
        foreach (var set in GoldRooms.Own())
        {
            foreach (var (lines, gold) in set.Rooms)
            {
                var found = await new ConversationClassifier().ClassifyAsync(lines, ClassificationMode.Full, null, cancellation);
                yield return ($"{set.Name}, gold", Names(lines, gold, gold));
                yield return ($"{set.Name}, found", Names(lines, found.High, found.High));
                yield return ($"{set.Name}, narrow themes", Names(lines, found.Mid, found.High));
                yield return ($"{set.Name}, broad themes", Names(lines, found.Low, found.High));
            }
        }
    }

    /// <summary>Whether a name ends in a verb, a particle or a stop word, as far as the form tells.</summary>
    public static bool EndsBadly(string name)
    {
        var last = name.Split(' ')[^1].ToLowerInvariant();
        // "Small talk" and "casual talk" are names of ours.
        if (last == "talk") return false;
        if (!Hangul.Contains(last))
            return WordLists.EnglishStop.Contains(last) || WordLists.EnglishWeak.Contains(last) || (name.Contains(' ', StringComparison.Ordinal) && EnglishWords.LooksLikeVerb(last));
        return WordLists.KoreanStop.Contains(last) || Predicates.IsPlainly(last) || Predicates.IsStem(last) || EndsInParticle(last);
    }

    /// <summary>The particles that are seldom the end of a noun; 이, 가, 도, 만, 로 and 의 often are.</summary>
    private static bool EndsInParticle(string word)
    {
        if (word.Length < 3 || WordLists.KoreanNouns.Contains(word)) return false;
        return word[^1] is '를' or '는' || (word[^1] is '을' or '은' && Hangul.Final(word[^2]) != Hangul.None)
            || Array.Exists(["에서", "에게", "한테", "까지", "부터"], particle => word.EndsWith(particle, StringComparison.Ordinal));
    }

    private static List<string> Names(IReadOnlyList<ChatLine> lines, IReadOnlyList<int> labels, IReadOnlyList<int> conversations)
    {
        var groups = Enumerable.Range(0, lines.Count).Where(line => labels[line] >= 0).GroupBy(line => labels[line])
            .Select(group => new TopicTexts([.. group.Select(line => lines[line].Content)]) { Conversations = [.. group.Select(line => conversations[line])] });
        return [.. new KeywordNamer().Name([.. groups], lines.Select(line => line.Nickname).ToHashSet(StringComparer.OrdinalIgnoreCase), new HashSet<string>()).Select(name => name.Name)];
    }
}
