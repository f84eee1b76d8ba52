using System.Runtime.CompilerServices;
using AIChat.Domain.Summaries;
using AIChat.Infrastructure.LanguageModels;
using AIChat.Infrastructure.Summaries.Extractive;
using Microsoft.Extensions.Logging;

namespace AIChat.Infrastructure.Summaries.LanguageModels;

/// <summary>
/// Summarizes with a language model. Small groups share a call; a group that exceeds a prompt is read in parts, the newest first, whose points are then merged (map and
/// reduce). The highest possible cost of a call is reserved before it and settled after it. If the model does not answer, or no point passes <see cref="CitationCheck"/>,
/// the extractive engine stands in.
/// </summary>
internal sealed class ModelSummarizer(LanguageModel model, ISpending spending, ExtractiveSummarizer quotes, ILogger<ModelSummarizer> log) : ISummarizer
{
    /// <summary>How much the points of a group matter: the first as half of an outcome, each next one less.</summary>
    private const double FirstPoint = 0.5, NextPoint = 0.7;

    /// <summary>Output tokens of a call: for each group, and for a reasoning model's thoughts.</summary>
    private const int OutputOfGroup = 500, Thinking = 1_500;

    /// <summary>Failed calls after which the rest of a request does without the model.</summary>
    private const int Failures = 2;

    /// <summary>Groups of one call; more would delay its answer.</summary>
    private const int GroupsOfCall = 8;

    /// <summary>Lines of a conversation that is more than chatter.</summary>
    private const int Longer = 12;

    public string Engine => "openai:" + model.Name;

    public bool IsRemote => true;

    public async IAsyncEnumerable<SummaryUpdate> SummarizeAsync(GroupSummaryRequest request, [EnumeratorCancellation] CancellationToken cancellation)
    {
        if (request.Account is not { } account)
        {
            for (var group = 0; group < request.Groups.Count; group++)
                yield return new GroupReady(group, quotes.Summarize(request.Groups[group]));
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
                yield return new GroupReady(next, SummaryOf(groups[next++], new Answered([], [], null, SummaryErrors.ModelAway)));
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
        await foreach (var (topic, isOutcome, point) in AskAsync(call, system, account, cancellation))
            yield return isOutcome ? new OutcomeReady(asked[topic - 1].Number, point) : new PointReady(asked[topic - 1].Number, point);
        for (var topic = 1; topic <= asked.Count; topic++)
        {
            yield return new GroupReady(
                asked[topic - 1].Number, SummaryOf(asked[topic - 1], new Answered(call.OutcomesOf(topic), call.PointsOf(topic), call.NameOf(topic), call.Refusal) { IsChatter = call.IsChatter(topic) }));
        }
    }

    /// <summary>Summarizes one group with several prompts.</summary>
    private async IAsyncEnumerable<SummaryUpdate> InPartsAsync(PromptGroup group, string system, SpendingAccount account, int budget, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var points = new List<CheckedPoint>();
        var unread = new List<int>();
        var outcomes = new List<CheckedPoint>();
        string? name = null;
        Error? refusal = null;
        foreach (var part in group.Parts(budget))
        {
            var call = new PromptBatch();
            call.Add(1, group, part);
            if (refusal is null)
            {
                await foreach (var (_, _, point) in AskAsync(call, system, account, cancellation))
                    yield return new PointReady(group.Number, point);
            }

            if (call.PointsOf(1).Count == 0 && call.OutcomesOf(1).Count == 0 && !call.IsChatter(1))
                unread.AddRange(part);
            points.AddRange(call.PointsOf(1));
            outcomes.AddRange(call.OutcomesOf(1));
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
                outcomes.AddRange(call.OutcomesOf(1));
                name = call.NameOf(1) ?? name;
                refusal ??= call.Refusal;
            }

            // Points that could not be merged stay as they are.
            if (fewer.Count == 0 || fewer.Count >= points.Count || refusal is not null)
                break;
            points = fewer;
        }

        yield return new GroupReady(group.Number, SummaryOf(group, new Answered(outcomes, points, name, refusal) { Unread = [.. unread.Order()] }));
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

    private GroupSummary SummaryOf(PromptGroup group, Answered answer)
    {
        // A short talk may be chatter; a longer one of which nothing is said is quoted.
        if (answer.Outcomes.Count == 0 && answer.Points.Count == 0 && !(answer.IsChatter && group.Lines.Count < Longer))
            return quotes.Summarize(group.Lines) with { InsteadOf = answer.IsChatter ? null : answer.Refusal ?? SummaryErrors.ModelUnusable };

        // What long conversations came to matters more.
        var weight = 1 + Math.Log(group.Lines.Count);
        return new GroupSummary(Engine, [.. answer.Points.Select((each, rank) => each.Point with { Importance = weight * FirstPoint * Math.Pow(NextPoint, rank) }).OrderBy(point => point.Citations[0])])
        {
            Outcomes = [.. answer.Outcomes.Select((each, rank) => each.Point with { Importance = weight * Math.Pow(NextPoint, rank) })],
            Name = answer.Name is { } name ? PlainName.Of(name, group.Lines.Select(line => line.Nickname)) : null,
            InsteadOf = answer.Unread.Count > 0 ? answer.Refusal : null,
            Unread = answer.Unread,
        };
    }

    /// <summary>Makes one call; returns each accepted point as it arrives, and keeps it in the batch.</summary>
    private async IAsyncEnumerable<(int Topic, bool IsOutcome, SummaryPoint Point)> AskAsync(PromptBatch call, string system, SpendingAccount account, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var ask = new ModelAsk(system, call.Prompt, SummaryPrompt.Schema, Thinking + (OutputOfGroup * call.Topics));
        var (pieces, paid) = (new StreamingJsonReader(), new PaidCall());
        await foreach (var piece in new PaidModel(model, spending, log).AskAsync(ask, account, paid, cancellation))
        {
            foreach (var part in pieces.Take(piece))
            {
                if (part.Name is { } name)
                    call.Name(part.Topic, name);
                else if (part.Outcome is { } outcome && call.TakeOutcome(part.Topic, outcome) is { } came)
                    yield return (part.Topic ?? 1, true, came.Point);
                else if (part.Point is { } point && call.Take(part.Topic, point) is { } kept)
                    yield return (part.Topic ?? 1, false, kept.Point);
            }
        }

        call.Refusal = paid.Refusal;
    }

    /// <summary>What the model said of a group, the most important first; of a group that was read in parts, what came of the newest part.</summary>
    private sealed record Answered(IReadOnlyList<CheckedPoint> Outcomes, IReadOnlyList<CheckedPoint> Points, string? Name, Error? Refusal)
    {
        public bool IsChatter { get; init; }

        public IReadOnlyList<int> Unread { get; init; } = [];
    }
}
