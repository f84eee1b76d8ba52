using System.Text;
using System.Text.Json;
using AIChat.Domain.Summaries;
using AIChat.Domain.Topics;
using AIChat.Infrastructure.LanguageModels;
using AIChat.Infrastructure.Topics.Quotes;
using Microsoft.Extensions.Logging;

namespace AIChat.Infrastructure.Topics.LanguageModels;

/// <summary>
/// Asks a language model for the conversations of lines, window by window. A window whose answer is broken, late or unlike any room stays as the offline engine filed it; a model that is
/// away, or a spent budget, ends the asking.
/// </summary>
internal sealed class ModelDisentangler(LanguageModel model, ISpending spending, ILogger<ModelDisentangler> log) : IDisentangler
{
    /// <summary>Output tokens: for a reasoning model's thoughts, for titles and outcomes, and for each line.</summary>
    private const int Thinking = 1_500, Conversations = 1_500, OutputOfLine = 6;

    /// <summary>Tokens of 200 lines, about: a prompt's, and an answer's.</summary>
    private const long InputOf200 = 9_000, OutputOf200 = 1_500;

    private const int LongestOutcome = 200;

    public string Engine => "openai:" + model.Name;

    public decimal Estimate(long lines) => model.Price(InputOf200 * lines / 200, OutputOf200 * lines / 200).Micros / 1_000_000m;

    public async Task<Disentanglement> DisentangleAsync(DisentanglementRequest request, CancellationToken cancellation)
    {
        request = Masked(request);
        var (filed, titles, outcomes) = (new FiledLines(request), new Dictionary<int, string>(), new Dictionary<int, FoundOutcome>());
        var (at, count) = (request.From, 0);
        while (at < request.Lines.Count)
        {
            var window = new DisentanglementWindow(request, filed, at, model);
            if (window.Free.Count > 0)
            {
                var call = new PaidCall();
                var answer = await AskAsync(window, new SpendingAccount(request.Payer, request.Room), call, cancellation);

                // Away or too expensive: it may answer later. An answer that broke off was paid for, and is as useless as a broken one.
                if (call.Refusal is not null && answer.Length == 0)
                    break;
                if (call.Refusal is null && DisentanglementAnswer.Read(answer, window) is { } found)
                {
                    count += window.Free.Count;
                    var conversations = filed.Take(
                        [.. found.Select(each => ((IReadOnlyList<int>)[.. each.Lines.Select(line => window.Lines[line])], each.Open is { } open ? window.Open[open - 1] : (int?)null))]);
                    var repeated = found.GroupBy(each => each.Title, StringComparer.OrdinalIgnoreCase).Where(group => group.Skip(1).Any()).Select(group => group.Key).ToHashSet(StringComparer.OrdinalIgnoreCase);
                    for (var row = 0; row < found.Count; row++)
                        Tell(found[row], conversations[row], window, isNamed: !repeated.Contains(found[row].Title));
                }
                else
                {
                    log.LogWarning("The language model's conversations of {Lines} lines cannot be used; the offline ones stand", window.Free.Count);
                }
            }

            at = window.To;
        }

        return Numbered(filed.Complete(), at, count, titles, outcomes);

        void Tell(AnsweredConversation found, int conversation, DisentanglementWindow window, bool isNamed)
        {
            var lines = found.Lines.Select(line => request.Lines[window.Lines[line]]).ToList();
            var check = new CitationCheck(lines, window.Labels, 2 * lines.Count(line => Hangul.Contains(line.Content)) > lines.Count ? "ko" : "en");
            if (isNamed && check.NameOf(found.Title) is { } title)
                titles[conversation] = title;
            if (OutcomeOf(found, check) is { } outcome)
                outcomes[conversation] = outcome with { Lines = [.. outcome.Lines.Select(line => window.Lines[found.Lines[line]])] };
        }
    }

    /// <summary>Without what looks private: a code may stand shortly after the words that announce it, in the room or in its conversation.</summary>
    private static DisentanglementRequest Masked(DisentanglementRequest request)
    {
        ChatLine[] lines = [.. PrivateText.Masked(request.Lines)];
        foreach (var conversation in Enumerable.Range(0, lines.Length).GroupBy(line => request.Offline[line]))
        {
            var indices = conversation.ToList();
            foreach (var (index, masked) in indices.Zip(PrivateText.Masked(indices.ConvertAll(line => lines[line]))))
                lines[index] = masked;
        }

        return request with { Lines = lines };
    }

    private async Task<string> AskAsync(DisentanglementWindow window, SpendingAccount account, PaidCall call, CancellationToken cancellation)
    {
        var ask = new ModelAsk(DisentanglementPrompt.System(window.Labels.Example), window.Prompt, DisentanglementPrompt.Schema, Thinking + Conversations + (OutputOfLine * window.Lines.Count));
        var answer = new StringBuilder();
        await foreach (var piece in new PaidModel(model, spending, log).AskAsync(ask, account, call, cancellation))
            answer.Append(piece);
        return answer.ToString();
    }

    /// <summary>An outcome that its own lines say; its lines are indices of the conversation's.</summary>
    private static FoundOutcome? OutcomeOf(AnsweredConversation found, CitationCheck check)
    {
        if (!found.Written.TryGetProperty("outcome", out var text) || !found.Written.TryGetProperty("cites", out var cites))
            return null;
        var point = JsonSerializer.SerializeToElement(new { text, cites });
        var said = check.Of(point, number => found.Lines.Select((line, index) => (line, index)).Where(pair => pair.line == number - 1).Select(pair => (int[])[pair.index]).FirstOrDefault());
        return said is { Point: { IsWeak: false, Text.Length: <= LongestOutcome } outcome } ? new FoundOutcome(outcome.Text, outcome.Citations) : null;
    }

    /// <summary>Numbers the conversations in order of first appearance.</summary>
    private static Disentanglement Numbered(int[] conversations, int upTo, int count, Dictionary<int, string> titles, Dictionary<int, FoundOutcome> outcomes)
    {
        var numbers = new Dictionary<int, int>();
        int[] numbered = [.. conversations.Select(conversation => conversation < 0 ? -1 : numbers.TryGetValue(conversation, out var number) ? number : numbers[conversation] = numbers.Count)];
        return new Disentanglement(numbered, upTo, count)
        {
            Titles = titles.Where(pair => numbers.ContainsKey(pair.Key)).ToDictionary(pair => numbers[pair.Key], pair => pair.Value),
            Outcomes = outcomes
                .Where(pair => numbers.TryGetValue(pair.Key, out var number) && pair.Value.Lines.All(line => numbered[line] == number))
                .ToDictionary(pair => numbers[pair.Key], pair => pair.Value),
        };
    }
}
