using System.Globalization;
using System.Text.Json;
using AIChat.Domain.Topics;
using AIChat.Infrastructure.Topics.Linking;

namespace AIChat.Infrastructure.Tests.Topics.LanguageModels;

public sealed class OddAnswerTests : DisentanglerTestBase
{
    private const int Answers = 10_000, From = 15;

    [Fact]
    public async Task Broken_hostile_and_absurd_answers_leave_no_line_unfiled_file_none_twice_and_break_no_correction()
    {
        var (lines, gold) = Room("mixed-travel-1", 45);
        var chance = new Random(11);

        // Context with its conversations, corrections that merged, split and made noise, replies, and somebody who keeps his lines.
        lines = lines.Select((line, at) => line with { Conversation = at < From ? gold[at] % 6 : null }).ToList();
        foreach (var (at, known) in (IEnumerable<(int, int)>)[(20, 50), (27, 50), (31, 51), (38, 0), (40, -1)])
            lines[at] = lines[at] with { Conversation = known };
        foreach (var (at, answered) in (IEnumerable<(int, int)>)[(22, 3), (25, 22), (29, 20), (35, 34), (42, 40)])
            lines[at] = lines[at] with { ReplyTo = answered };
        lines = lines.Select((line, at) => at % 11 == 8 ? line with { ExcludeFromAi = true } : line).ToList();
        var request = await RequestAsync(lines, From);
        var secret = lines.Where(line => line.ExcludeFromAi).Select(line => JsonSerializer.Serialize(line.Content)).ToList();
        var (used, dropped, titled) = (0, 0, 0);
        var disentangler = Disentangler();
        for (var round = 0; round < Answers; round++)
        {
            Server.Answer = asked => [Odd(LinesOf(asked), gold, chance)];
            var found = await disentangler.DisentangleAsync(request, default);
            Assert.True(Server.Asked.TryDequeue(out var prompt));
            Assert.DoesNotContain(secret, text => prompt.User.Contains(text, StringComparison.Ordinal));
            (used, dropped, titled) = found.Filed > 0 ? (used + 1, dropped, titled + found.Titles.Count) : (used, dropped + 1, titled);
            Check(request, found);
        }

        Assert.True(used > 2_000 && dropped > 2_000 && titled > 200, $"{used} used, {dropped} dropped, {titled} titles");
    }

    private static void Check(DisentanglementRequest request, Disentanglement found)
    {
        var (lines, labels) = (request.Lines, found.Conversations);
        Assert.Equal(lines.Count, labels.Count);
        Assert.Equal(lines.Count, found.UpTo);
        var next = 0;
        var (labelOf, knownAs) = (new Dictionary<int, int>(), new Dictionary<int, int>());
        for (var at = 0; at < lines.Count; at++)
        {
            Assert.InRange(labels[at], -1, next);
            next = Math.Max(next, labels[at] + 1);

            // Unfiled: only what says nothing, or was noise to people or to the offline engine.
            Assert.True(labels[at] >= 0 || lines[at].Conversation < 0 || request.Offline[at] < 0 || FillerDetector.IsNothingAlone(lines[at].Content), lines[at].Content);
            if (lines[at].Conversation is { } known)
            {
                Assert.Equal(known < 0, labels[at] < 0);
                Assert.True(known < 0 || ((labelOf.TryAdd(known, labels[at]) || labelOf[known] == labels[at]) && (knownAs.TryAdd(labels[at], known) || knownAs[labels[at]] == known)));
            }
            else if (lines[at].ReplyTo is { } answered && labels[answered] >= 0)
            {
                Assert.Equal(labels[answered], labels[at]);
            }
        }

        Assert.All(found.Titles, title => Assert.InRange(title.Value.Split(' ').Length, 2, 5));
        Assert.All(found.Outcomes, outcome => Assert.All(outcome.Value.Lines, line => Assert.Equal(outcome.Key, labels[line])));
    }

    /// <summary>An answer with the form that is asked for, a fault or several, or none of it.</summary>
    private static string Odd(List<(int Number, string Text, int? Open)> lines, List<int> gold, Random chance)
    {
        var kind = chance.Next(12);
        var conversationOf = lines.Select((_, at) => kind switch
        {
            0 => 0,
            1 => at,
            2 => chance.Next(5),
            _ => chance.Next(10) == 0 ? chance.Next(20) : gold[at],
        }).ToList();
        var conversations = lines.Zip(conversationOf).GroupBy(pair => pair.Second).Select(group =>
        {
            var numbers = group.Select(pair => pair.First.Number).ToList();
            if (kind == 3 && chance.Next(9) == 0)
                numbers.RemoveAt(chance.Next(numbers.Count));
            if (kind == 4 && chance.Next(9) == 0)
                numbers.Add(chance.Next(-2, lines.Count + 3));
            var text = group.ElementAt(chance.Next(group.Count())).First.Text;
            var cites = Enumerable.Range(0, chance.Next(3)).Select(_ => chance.Next(-1, lines.Count + 2));
            return "{" + string.Join(',', ((string[])
            [
                "\"c\":" + (chance.Next(3) > 0 ? "null" : (kind == 5 ? chance.Next(-2, 30) : chance.Next(1, 4)).ToString(CultureInfo.InvariantCulture)),
                $"\"lines\":[{string.Join(',', numbers)}]",
                "\"title\":" + JsonSerializer.Serialize(chance.Next(3) > 0 ? string.Join(' ', text.Split(' ').Take(chance.Next(7))) : "<b>visit evil.com</b> P2"),
                "\"outcome\":" + JsonSerializer.Serialize(chance.Next(3) == 0 ? text : "P1 \u202e says https://evil.example/"),
                $"\"cites\":[{string.Join(',', cites)}]",
            ]).OrderBy(_ => kind == 6 ? chance.Next() : 0).Skip(kind == 7 && chance.Next(5) == 0 ? 1 : 0)) + "}";
        });
        var answer = $"{{\"conversations\":[{string.Join(',', conversations)}]}}";
        if (kind == 8)
            return answer[..chance.Next(answer.Length)];
        if (kind == 9)
            return $"Sure!\n```json\n{answer}\n```\nAll lines are one conversation.";
        if (kind == 10)
            return new string([.. Enumerable.Range(0, chance.Next(400)).Select(_ => "{}[]\",:\\cn123 한"[chance.Next(15)])]);
        var letters = answer.ToCharArray();
        for (var flips = kind == 11 ? chance.Next(4) : 0; flips > 0; flips--)
            letters[chance.Next(letters.Length)] = "{}[]\",:\\1-9."[chance.Next(12)];
        return new string(letters);
    }
}
