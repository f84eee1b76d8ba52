using System.Runtime.CompilerServices;
using AIChat.Domain.Summaries;
using AIChat.Infrastructure.Summaries.Extractive;
using AIChat.Infrastructure.Topics.Naming;
using Microsoft.Extensions.Logging;

namespace AIChat.Infrastructure.Summaries.LanguageModels;

/// <summary>
/// Summarizes with a language model. Small groups share a call; a group that exceeds a prompt is read in parts, the newest first, whose points are then merged (map and
/// reduce). The highest possible cost of a call is reserved before it and settled after it. If the model does not answer, or no point passes <see cref="CitationCheck"/>,
/// the extractive engine stands in.
/// </summary>
internal sealed class ModelSummarizer(LanguageModel model, ISpending spending, ILogger<ModelSummarizer> log) : ISummarizer
{
    /// <summary>Output tokens of a call: for each group, and for a reasoning model's thoughts.</summary>
    private const int OutputOfGroup = 500, Thinking = 1_500;

    /// <summary>Characters per token; a longer answer is not read to its end.</summary>
    private const int LettersOfToken = 16;

    /// <summary>Failed calls after which the rest of a request does without the model.</summary>
    private const int Failures = 2;

    /// <summary>Groups of one call; more would delay its answer.</summary>
    private const int GroupsOfCall = 8;

    private const int LongestName = 60;

    public string Engine => "openai:" + model.Name;

    public bool IsRemote => true;

    public async IAsyncEnumerable<SummaryUpdate> SummarizeAsync(GroupSummaryRequest request, [EnumeratorCancellation] CancellationToken cancellation)
    {
        if (request.Account is not { } account)
        {
            for (var group = 0; group < request.Groups.Count; group++)
                yield return new GroupReady(group, ExtractiveSummarizer.Summarize(request.Groups[group]));
            yield break;
        }

        var labels = new SpeakerLabels(request.Groups.SelectMany(lines => lines));
        var system = SummaryPrompt.System(request.Language, labels.Example);
        var groups = request.Groups.Select((lines, number) => new PromptGroup(number, lines, labels, model, request.Language)).ToList();
        var budget = model.PromptTokens - model.Count(system);
        var failed = 0;
        for (var next = 0; next < groups.Count;)
        {
            if (failed >= Failures)
            {
                yield return new GroupReady(next, SummaryOf(groups[next++], [], null, SummaryErrors.ModelAway, []));
                continue;
            }

            var away = false;
            var parts = groups[next].Tokens > budget ? InPartsAsync(groups[next], system, account, budget, cancellation) : TogetherAsync(groups, next, system, account, budget, cancellation);
            await foreach (var part in parts)
            {
                if (part is GroupReady ready)
                {
                    next++;
                    away |= ready.Summary.InsteadOf == SummaryErrors.ModelAway;
                }

                yield return part;
            }

            failed += away ? 1 : 0;
        }
    }

    /// <summary>Summarizes as many whole groups as fit into one prompt.</summary>
    private async IAsyncEnumerable<SummaryUpdate> TogetherAsync(List<PromptGroup> groups, int from, string system, SpendingAccount account, int budget, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var (to, tokens) = (from, 0);
        while (to < groups.Count && to - from < GroupsOfCall && tokens + groups[to].Tokens <= budget)
            tokens += groups[to++].Tokens;
        var asked = groups[from..to];
        var call = new PromptBatch();
        for (var topic = 0; topic < asked.Count; topic++)
            call.Add(topic + 1, asked[topic], Enumerable.Range(0, asked[topic].Lines.Count));
        await foreach (var (topic, point) in AskAsync(call, system, account, cancellation))
            yield return new PointReady(asked[topic - 1].Number, point);
        for (var topic = 1; topic <= asked.Count; topic++)
            yield return new GroupReady(asked[topic - 1].Number, SummaryOf(asked[topic - 1], [.. call.PointsOf(topic).Select(each => each.Point)], call.NameOf(topic), call.Refusal, []));
    }

    /// <summary>Summarizes one group with several prompts.</summary>
    private async IAsyncEnumerable<SummaryUpdate> InPartsAsync(PromptGroup group, string system, SpendingAccount account, int budget, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var points = new List<CheckedPoint>();
        var unread = new List<int>();
        string? name = null;
        Error? refusal = null;
        foreach (var part in group.Parts(budget))
        {
            var call = new PromptBatch();
            call.Add(1, group, part);
            if (refusal is null)
            {
                await foreach (var (_, point) in AskAsync(call, system, account, cancellation))
                    yield return new PointReady(group.Number, point);
            }

            if (call.PointsOf(1).Count == 0)
                unread.AddRange(part);
            points.AddRange(call.PointsOf(1));
            name ??= call.NameOf(1);
            refusal ??= call.Refusal;
        }

        points = [.. points.OrderBy(point => point.Point.Citations[0])];
        while (points.Count > PromptBatch.MostPoints && refusal is null)
        {
            var fewer = new List<CheckedPoint>();
            foreach (var some in Chunks(points, budget))
            {
                var call = new PromptBatch();
                call.AddPoints(group, some);
                await foreach (var _ in AskAsync(call, system, account, cancellation))
                {
                    // Merged points are not streamed: the final summary replaces the points that were.
                }

                fewer.AddRange(call.PointsOf(1));
                name = call.NameOf(1) ?? name;
                refusal ??= call.Refusal;
            }

            // Points that could not be merged stay as they are.
            if (fewer.Count == 0 || fewer.Count >= points.Count || refusal is not null)
                break;
            points = fewer;
        }

        yield return new GroupReady(group.Number, SummaryOf(group, [.. points.Select(each => each.Point)], name, refusal, [.. unread.Order()]));
    }

    /// <summary>Divides points into parts that fit into a prompt each.</summary>
    private IEnumerable<IReadOnlyList<CheckedPoint>> Chunks(IEnumerable<CheckedPoint> points, int budget)
    {
        const int around = 40;
        var (chunk, sum) = (new List<CheckedPoint>(), 0);
        foreach (var point in points)
        {
            var tokens = model.Count(point.Labelled) + around;
            if (chunk.Count > 0 && sum + tokens > budget)
            {
                yield return chunk;
                (chunk, sum) = ([], 0);
            }

            chunk.Add(point);
            sum += tokens;
        }

        yield return chunk;
    }

    private GroupSummary SummaryOf(PromptGroup group, IReadOnlyList<SummaryPoint> points, string? name, Error? refusal, IReadOnlyList<int> unread)
    {
        if (points.Count == 0)
            return ExtractiveSummarizer.Summarize(group.Lines) with { InsteadOf = refusal ?? SummaryErrors.ModelUnusable };
        var ordered = points.OrderBy(point => point.Citations[0]).ToList();
        return new GroupSummary(Engine, string.Join('\n', ordered.Select(point => point.Text)), ordered) { Name = name is null ? null : NameOf(name, group), InsteadOf = unread.Count > 0 ? refusal : null, Unread = unread };
    }

    /// <summary>A valid topic name: two to five words without a nickname of the group; null: it is not valid.</summary>
    private static string? NameOf(string written, PromptGroup group)
    {
        var people = new Nicknames(group.Lines.Select(line => line.Nickname).ToHashSet(StringComparer.Ordinal));
        var words = WordScanner.Scan(PlainSentence.Of(written, [])).Where(word => !people.Has(word.Key)).Select(word => word.Surface).ToList();
        var name = string.Join(' ', words);
        return words.Count is >= 2 and <= 5 && name.Length <= LongestName && !people.IsSpelledOutIn(name) ? name : null;
    }

    /// <summary>Makes one call; returns each accepted point as it arrives, and keeps it in the batch.</summary>
    private async IAsyncEnumerable<(int Topic, SummaryPoint Point)> AskAsync(PromptBatch call, string system, SpendingAccount account, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var ask = new ModelAsk(system, call.Prompt, SummaryPrompt.Schema, Thinking + (OutputOfGroup * call.Topics));
        var input = model.Count(ask.System) + model.Count(ask.User);
        if (!(await spending.ReserveAsync(account, model.Price(input, ask.MostOutput), cancellation)).Succeeded(out var reservation, out var refusal))
        {
            call.Refusal = refusal;
            yield break;
        }

        var (cost, answered, letters) = (new ModelCost(), 0, 0);
        var pieces = new StreamingJsonReader();
        await using var answer = model.AskAsync(ask, cost, cancellation).GetAsyncEnumerator(cancellation);
        try
        {
            while (letters < LettersOfToken * ask.MostOutput && await NextAsync(answer, call))
            {
                letters += answer.Current.Length;
                answered += model.Count(answer.Current);
                foreach (var (topic, name, point) in pieces.Take(answer.Current))
                {
                    if (name is not null)
                        call.Name(topic, name);
                    else if (point is { } found && call.Take(topic, found) is { } kept)
                        yield return (topic ?? 1, kept.Point);
                }
            }
        }
        finally
        {
            // Also after the caller left. Tokens that the server did not report are counted here.
            var spent = cost.IsKnown ? model.Price(cost.Input, cost.Output) : cost.Began ? model.Price(input, Math.Min(ask.MostOutput, answered)) : new Money(0);
            await spending.SettleAsync(reservation, spent, CancellationToken.None);
        }
    }

    private async Task<bool> NextAsync(IAsyncEnumerator<string> answer, PromptBatch call)
    {
        try
        {
            return await answer.MoveNextAsync();
        }
        catch (ModelCallException failure)
        {
            log.LogWarning("The language model {Model} did not answer: {Why}", model.Name, failure.InnerException is System.ClientModel.ClientResultException refused ? $"status {refused.Status}" : failure.InnerException!.GetType().Name);
            call.Refusal = SummaryErrors.ModelAway;
            return false;
        }
    }
}
