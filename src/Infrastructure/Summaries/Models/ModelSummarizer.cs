using System.Runtime.CompilerServices;
using AIChat.Domain.Common;
using AIChat.Domain.Summaries;
using AIChat.Domain.Topics;
using AIChat.Infrastructure.Topics.Naming;
using Microsoft.Extensions.Logging;

namespace AIChat.Infrastructure.Summaries.Models;

/// <summary>
/// Sums up by a language model. Small groups share a call; one that is too long for a prompt is read in parts, the newest first, whose points are then put together (map and reduce). Every call's
/// most possible cost is set aside before it and settled after it. Where the model cannot answer, or with nothing that stands up to <see cref="PointCheck"/>, the extractive engine does.
/// </summary>
internal sealed class ModelSummarizer(LanguageModel model, ISpending spending, ILogger<ModelSummarizer> log) : ISummarizer
{
    /// <summary>Tokens of an answer for each group of a call; and for whatever the model thinks first, where it does.</summary>
    private const int OutputOfGroup = 500, Thinking = 1_500;

    /// <summary>Letters a token: an answer that is longer than that was not asked for and is not read to its end.</summary>
    private const int LettersOfToken = 16;

    /// <summary>Calls of one request that may fail before the model is left alone for the rest of it.</summary>
    private const int Failures = 2;

    /// <summary>Groups of one call; more would make its answer late.</summary>
    private const int GroupsOfCall = 8;

    private const int MostPoints = 12;

    private const int LongestName = 60;

    public string Engine => "openai:" + model.Name;

    public bool SendsElsewhere => true;

    public async IAsyncEnumerable<DigestPart> SummarizeAsync(DigestRequest request, [EnumeratorCancellation] CancellationToken cancellation)
    {
        if (request.Account is not { } account)
        {
            for (var group = 0; group < request.Groups.Count; group++)
                yield return new DigestTold(group, ExtractiveSummarizer.Summarize(request.Groups[group]));
            yield break;
        }

        var groups = request.Groups.Select((lines, number) => new Group(number, lines, model, request.Language)).ToList();
        var room = model.PromptTokens - model.Count(DigestPrompt.System(request.Language));
        var failed = 0;
        for (var next = 0; next < groups.Count;)
        {
            if (failed >= Failures)
            {
                yield return new DigestTold(next, DigestOf(groups[next++], [], null, SummaryErrors.ModelAway, []));
                continue;
            }

            var away = false;
            var parts = groups[next].Tokens > room ? PartsOf(groups[next], request, account, room, cancellation) : TogetherAsync(groups, next, request, account, room, cancellation);
            await foreach (var part in parts)
            {
                if (part is DigestTold told)
                {
                    next++;
                    away |= told.Digest.InsteadOf == SummaryErrors.ModelAway;
                }

                yield return part;
            }

            failed += away ? 1 : 0;
        }
    }

    /// <summary>As many whole groups as one prompt takes.</summary>
    private async IAsyncEnumerable<DigestPart> TogetherAsync(List<Group> groups, int from, DigestRequest request, SpendingAccount account, int room, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var (to, tokens) = (from, 0);
        while (to < groups.Count && to - from < GroupsOfCall && tokens + groups[to].Tokens <= room)
            tokens += groups[to++].Tokens;
        var asked = groups[from..to];
        var call = new Call();
        for (var topic = 0; topic < asked.Count; topic++)
            call.Add(topic + 1, asked[topic], Enumerable.Range(0, asked[topic].Lines.Count));
        await foreach (var (topic, point) in AskAsync(call, request, account, cancellation))
            yield return new PointTold(asked[topic - 1].Number, point);
        for (var topic = 1; topic <= asked.Count; topic++)
            yield return new DigestTold(asked[topic - 1].Number, DigestOf(asked[topic - 1], call.PointsOf(topic), call.NameOf(topic), call.Refusal, []));
    }

    /// <summary>One group in several prompts.</summary>
    private async IAsyncEnumerable<DigestPart> PartsOf(Group group, DigestRequest request, SpendingAccount account, int room, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var points = new List<DigestPoint>();
        var unread = new List<int>();
        string? name = null;
        Error? refusal = null;
        foreach (var part in group.Parts(room))
        {
            var call = new Call();
            call.Add(1, group, part);
            if (refusal is null)
            {
                await foreach (var (_, point) in AskAsync(call, request, account, cancellation))
                    yield return new PointTold(group.Number, point);
            }

            if (call.PointsOf(1).Count == 0)
                unread.AddRange(part);
            points.AddRange(call.PointsOf(1));
            name ??= call.NameOf(1);
            refusal ??= call.Refusal;
        }

        points = [.. points.OrderBy(point => point.Citations[0])];
        while (points.Count > MostPoints && refusal is null)
        {
            var fewer = new List<DigestPoint>();
            foreach (var some in Chunks(points, room))
            {
                var call = new Call();
                call.AddPoints(group, some);
                await foreach (var _ in AskAsync(call, request, account, cancellation))
                {
                    // They are of points that were told already; the whole replaces them.
                }

                fewer.AddRange(call.PointsOf(1));
                name = call.NameOf(1) ?? name;
                refusal ??= call.Refusal;
            }

            // What could not be put together stays as it is.
            if (fewer.Count == 0 || fewer.Count >= points.Count || refusal is not null)
                break;
            points = fewer;
        }

        yield return new DigestTold(group.Number, DigestOf(group, points, name, refusal, [.. unread.Order()]));
    }

    /// <summary>Points in parts that a prompt takes each.</summary>
    private IEnumerable<IReadOnlyList<DigestPoint>> Chunks(IEnumerable<DigestPoint> points, int room)
    {
        const int around = 40;
        var (chunk, sum) = (new List<DigestPoint>(), 0);
        foreach (var point in points)
        {
            var tokens = model.Count(point.Text) + around;
            if (chunk.Count > 0 && sum + tokens > room)
            {
                yield return chunk;
                (chunk, sum) = ([], 0);
            }

            chunk.Add(point);
            sum += tokens;
        }

        yield return chunk;
    }

    private Digest DigestOf(Group group, IReadOnlyList<DigestPoint> points, string? name, Error? refusal, IReadOnlyList<int> unread)
    {
        if (points.Count == 0)
            return ExtractiveSummarizer.Summarize(group.Lines) with { InsteadOf = refusal ?? SummaryErrors.ModelUnusable };
        var ordered = points.OrderBy(point => point.Citations[0]).ToList();
        return new Digest(Engine, string.Join('\n', ordered.Select(point => point.Text)), ordered) { Name = name is null ? null : NameOf(name, group), InsteadOf = unread.Count > 0 ? refusal : null, Unread = unread };
    }

    /// <summary>Two to five words without anybody's nickname, as all names of topics are; null: it is not that.</summary>
    private static string? NameOf(string written, Group group)
    {
        var people = new Nicknames(group.Lines.Select(line => line.Nickname).ToHashSet(StringComparer.Ordinal));
        var words = WordScanner.Scan(PlainSentence.Of(written, [])).Where(word => !people.Has(word.Key)).Select(word => word.Surface).ToList();
        var name = string.Join(' ', words);
        return words.Count is >= 2 and <= 5 && name.Length <= LongestName && !people.IsSpelledOutIn(name) ? name : null;
    }

    /// <summary>Asks once, tells each point that stands as it comes, and keeps it in the call.</summary>
    private async IAsyncEnumerable<(int Topic, DigestPoint Point)> AskAsync(Call call, DigestRequest request, SpendingAccount account, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var ask = new ModelAsk(DigestPrompt.System(request.Language), call.Prompt, DigestPrompt.Schema, Thinking + (OutputOfGroup * call.Topics));
        var input = model.Count(ask.System) + model.Count(ask.User);
        if (!(await spending.ReserveAsync(account, model.Price(input, ask.MostOutput), cancellation)).Succeeded(out var reservation, out var refusal))
        {
            call.Refusal = refusal;
            yield break;
        }

        var (cost, answered, letters) = (new ModelCost(), 0, 0);
        var pieces = new JsonPieces();
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
                        yield return (topic ?? 1, kept);
                }
            }
        }
        finally
        {
            // Also when whoever asked has hung up. What a server did not tell is counted here.
            var spent = cost.IsKnown ? model.Price(cost.Input, cost.Output) : cost.Began ? model.Price(input, Math.Min(ask.MostOutput, answered)) : new Money(0);
            await spending.SettleAsync(reservation, spent, CancellationToken.None);
        }
    }

    private async Task<bool> NextAsync(IAsyncEnumerator<string> answer, Call call)
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

    /// <summary>A group with its people's labels.</summary>
    private sealed class Group
    {
        private readonly LanguageModel model;
        private readonly string[] shown;
        private readonly int[] tokens;

        public Group(int number, IReadOnlyList<ChatLine> lines, LanguageModel model, string language)
        {
            (Number, Lines, this.model) = (number, lines, model);
            var labels = new Dictionary<string, string>(StringComparer.Ordinal);
            var people = new Dictionary<string, string>(StringComparer.Ordinal);
            shown = new string[lines.Count];
            for (var i = 0; i < lines.Count; i++)
            {
                if (!labels.TryGetValue(lines[i].Speaker, out var label))
                    labels[lines[i].Speaker] = label = FormattableString.Invariant($"P{labels.Count + 1}");
                people[label] = lines[i].Nickname;
                shown[i] = label;
            }

            Check = new PointCheck(lines, people, language);
            tokens = [.. Enumerable.Range(0, lines.Count).Select(line => model.Count(Line(line, line + 1)) + 1)];
            Tokens = tokens.Sum() + 20;
        }

        public int Number { get; }

        public IReadOnlyList<ChatLine> Lines { get; }

        public PointCheck Check { get; }

        public int Tokens { get; }

        public string Line(int line, int number) => DigestPrompt.Line(Lines[line], number, shown[line]);

        /// <summary>Its lines in parts that a prompt takes each, the newest first.</summary>
        public IEnumerable<IReadOnlyList<int>> Parts(int room)
        {
            var most = (int)(room * 0.9);
            for (var end = Lines.Count; end > 0;)
            {
                var (from, sum) = (end, 0);
                while (from > 0 && (from == end || sum + tokens[from - 1] <= most))
                    sum += tokens[--from];
                yield return [.. Enumerable.Range(from, end - from)];
                end = from;
            }
        }
    }

    /// <summary>One question: which number stands for which lines, and what came of it.</summary>
    private sealed class Call
    {
        private readonly List<string> topics = [];
        private readonly List<(int Topic, IReadOnlyList<int> Lines)> numbers = [];
        private readonly Dictionary<int, (Group Group, List<DigestPoint> Points)> found = [];
        private readonly Dictionary<int, string> names = [];

        public string Prompt => string.Join("\n", topics);

        public int Topics => topics.Count;

        /// <summary>Why there is no answer, or no whole one.</summary>
        public Error? Refusal { get; set; }

        public void Add(int topic, Group group, IEnumerable<int> lines) => Add(topic, group, [.. lines.Select(line => ((IReadOnlyList<int>)[line], (Func<int, string>)(number => group.Line(line, number))))]);

        public void AddPoints(Group group, IReadOnlyList<DigestPoint> points)
            => Add(1, group, [.. points.Select(point => (point.Citations, (Func<int, string>)(number => DigestPrompt.Point(point.Text, Kind(point.Kind), number))))]);

        public IReadOnlyList<DigestPoint> PointsOf(int topic) => found[topic].Points;

        public string? NameOf(int topic) => names.GetValueOrDefault(topic);

        public void Name(int? topic, string name)
        {
            if ((topic ?? Only()) is { } known)
                names[known] = name;
        }

        /// <summary>The point, if it stands up to the check and there is room for it.</summary>
        public DigestPoint? Take(int? topic, System.Text.Json.JsonElement written)
        {
            if ((topic ?? Only()) is not { } known || !found.TryGetValue(known, out var of) || of.Points.Count == MostPoints)
                return null;
            var point = of.Group.Check.Of(written, number => number >= 1 && number <= numbers.Count && numbers[number - 1].Topic == known ? numbers[number - 1].Lines : null);
            if (point is null || of.Points.Exists(other => other.Text == point.Text))
                return null;
            of.Points.Add(point);
            return point;
        }

        private static string Kind(PointKind kind) => kind switch
        {
            PointKind.Decision => "decision",
            PointKind.ActionItem => "actionItem",
            PointKind.Question => "question",
            PointKind.Statement => "statement",
        };

        private int? Only() => topics.Count == 1 ? 1 : null;

        private void Add(int topic, Group group, IReadOnlyList<(IReadOnlyList<int> Lines, Func<int, string> Shown)> entries)
        {
            found[topic] = (group, []);
            var lines = new List<string>(entries.Count);
            foreach (var (standsFor, shown) in entries)
            {
                numbers.Add((topic, standsFor));
                lines.Add(shown(numbers.Count));
            }

            topics.Add(DigestPrompt.Topic(topic, lines));
        }
    }
}
