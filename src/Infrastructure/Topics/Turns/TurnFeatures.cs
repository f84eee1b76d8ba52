using System.Numerics.Tensors;
using AIChat.Domain.Topics;
using AIChat.Infrastructure.Topics.Linking;
using AIChat.Infrastructure.Topics.Naming;
using AIChat.Infrastructure.Topics.Ngrams;

namespace AIChat.Infrastructure.Topics.Turns;

/// <summary>
/// Features of each gap between two lines of a conversation: the wording of the lines around it, the similarities of the lines before and after it (by n-grams, and by embeddings where most lines
/// have one), repeated words, speakers, times and place. Gap g lies before line g.
/// </summary>
internal static class TurnFeatures
{
    private const int GapCount = (int)GapFeature.HasEmbeddings + 1;

    /// <summary>Three lines before the gap and three after it.</summary>
    private const int Wordings = 6;

    private const int OfWording = LineTraits.Count + TurnCues.Count;

    private const int Near = 4, Far = 6;

    public const int Count = GapCount + (Wordings * OfWording) + (2 * LineSimilarities.Count);

    /// <returns>[lines − 1, <see cref="Count"/>].</returns>
    public static float[] Of(IReadOnlyList<ChatLine> lines)
    {
        var rows = new float[Math.Max(0, lines.Count - 1) * Count];
        if (rows.Length == 0)
            return rows;
        var words = lines.Select(line => Tokenizer.Tokenize(line.Content)).ToList();
        FillWordings(lines, words, rows);
        var hasEmbeddings = 2 * lines.Count(line => line.Embedding is not null) > lines.Count;
        FillGaps(lines, words, hasEmbeddings, rows);
        const int blocks = GapCount + (Wordings * OfWording);
        new LineSimilarities(lines.Count, NgramCosines(lines)).Fill(rows, Count, blocks);
        if (hasEmbeddings)
            new LineSimilarities(lines.Count, EmbeddingCosines(lines)).Fill(rows, Count, blocks + LineSimilarities.Count);
        return rows;
    }

    private static void FillWordings(IReadOnlyList<ChatLine> lines, List<List<string>> words, float[] rows)
    {
        for (var line = 0; line < lines.Count; line++)
        {
            var wording = new float[OfWording];
            LineTraits.Of(lines[line].Content, words[line]).CopyTo(wording, 0);
            TurnCues.Find(lines[line].Content, words[line], wording.AsSpan(LineTraits.Count));
            for (var place = 0; place < Wordings; place++)
            {
                var gap = line + (Wordings / 2) - place;
                if (gap >= 1 && gap < lines.Count)
                    wording.CopyTo(rows, ((gap - 1) * Count) + GapCount + (place * OfWording));
            }
        }
    }

    private static void FillGaps(IReadOnlyList<ChatLine> lines, List<List<string>> words, bool hasEmbeddings, float[] rows)
    {
        var content = words.ConvertAll(Content);
        var known = new HashSet<string>(content[0], StringComparer.Ordinal);
        var speakers = new HashSet<string>([lines[0].Speaker], StringComparer.Ordinal);
        var waits = Enumerable.Range(1, lines.Count - 1).Select(line => Wait(lines, line)).ToArray();
        var usual = waits.Order().ElementAt(waits.Length / 2);
        for (var gap = 1; gap < lines.Count; gap++)
        {
            var row = new FeatureRow<GapFeature>(rows.AsSpan((gap - 1) * Count, GapCount));
            row[GapFeature.LinesBefore] = MathF.Log(gap) / 3;
            row[GapFeature.LinesAfter] = MathF.Log(lines.Count - gap) / 3;
            row[GapFeature.TalkLength] = MathF.Log(lines.Count) / 4;
            row[GapFeature.IsSecondLine] = gap == 1 ? 1 : 0;
            row[GapFeature.SameSpeaker] = lines[gap].Speaker == lines[gap - 1].Speaker ? 1 : 0;
            row[GapFeature.SpeakerIsNew] = speakers.Add(lines[gap].Speaker) ? 1 : 0;
            row[GapFeature.SpeakersStay] = Share([.. Range(lines, gap, gap + Far).Select(line => line.Speaker)], [.. Range(lines, gap - Far, gap).Select(line => line.Speaker)]);
            row[GapFeature.Wait] = Math.Clamp((waits[gap - 1] - usual) / 3, -1, 2);
            var (line, previous) = (content[gap], content[gap - 1]);
            var near = Union(content, gap - Near, gap);
            row[GapFeature.ContentWords] = MathF.Log(1 + line.Count) / 2;
            row[GapFeature.InPreviousLine] = Share(line, previous);
            row[GapFeature.InFourLines] = Share(line, near);
            row[GapFeature.InAnyLine] = Share(line, known);
            var sentences = TurnCues.Sentences(lines[gap].Content).ToList();
            row[GapFeature.LastSentenceInFourLines] = sentences.Count > 1 ? Share(Content(Tokenizer.Tokenize(sentences[^1].Sentence)), near) : row[GapFeature.InFourLines];
            row[GapFeature.FirstSentenceInFourLines] = sentences.Count > 1 ? Share(Content(Tokenizer.Tokenize(sentences[0].Sentence)), near) : row[GapFeature.InFourLines];
            row[GapFeature.NewWordsRepeated] = Share([.. line.Where(word => !known.Contains(word))], Union(content, gap + 1, gap + 1 + Near));
            if (gap + 1 < lines.Count)
            {
                row[GapFeature.NextInLine] = Share(content[gap + 1], line);
                row[GapFeature.NextInFourLines] = Share(content[gap + 1], near);
            }

            row[GapFeature.Reiterated] = Share(Union(content, gap, gap + Far), Union(content, gap - Far, gap));
            row[GapFeature.HasEmbeddings] = hasEmbeddings ? 1 : 0;
            known.UnionWith(line);
        }
    }

    private static float Wait(IReadOnlyList<ChatLine> lines, int line) => (float)Math.Log(1 + Math.Max(0, (lines[line].CreatedAt - lines[line - 1].CreatedAt).TotalSeconds));

    private static IEnumerable<T> Range<T>(IReadOnlyList<T> all, int from, int to)
    {
        for (var at = Math.Max(0, from); at < Math.Min(all.Count, to); at++)
            yield return all[at];
    }

    private static HashSet<string> Union(List<HashSet<string>> content, int from, int to) => new(Range(content, from, to).SelectMany(words => words), StringComparer.Ordinal);

    /// <summary>The stems of the words that are not function words.</summary>
    private static HashSet<string> Content(List<string> words)
        => words.Where(word => word.Length > 1 && !WordLists.EnglishStop.Contains(word) && !WordLists.KoreanStop.Contains(word)).Select(Tokenizer.Stem).ToHashSet(StringComparer.Ordinal);

    private static float Share(HashSet<string> words, HashSet<string> among) => words.Count == 0 ? 0 : words.Count(among.Contains) / (float)words.Count;

    /// <summary>[lines, lines], the earlier line second; NaN where one has no n-grams.</summary>
    private static float[] NgramCosines(IReadOnlyList<ChatLine> lines)
    {
        var profiles = lines.Select(line => line.NgramProfile ?? NgramEmbedder.Embed(line.Content)).ToList();
        var space = new NgramSpace();
        foreach (var profile in profiles)
            space.Add(profile);
        var vectors = profiles.ConvertAll(profile => space.Weigh(profile));
        var cosines = new float[lines.Count * lines.Count];
        for (var line = 1; line < lines.Count; line++)
        {
            var row = cosines.AsSpan(line * lines.Count, line);
            vectors[line].Compare(vectors[..line], row);
            for (var other = 0; other < line; other++)
            {
                if (vectors[line].Buckets.Length == 0 || vectors[other].Buckets.Length == 0)
                    row[other] = float.NaN;
            }
        }

        return cosines;
    }

    /// <summary>The same of the embeddings relative to their mean; NaN where one line has none.</summary>
    private static float[] EmbeddingCosines(IReadOnlyList<ChatLine> lines)
    {
        var known = lines.Select(line => line.Embedding).OfType<float[]>().ToList();
        var mean = new float[known[0].Length];
        foreach (var embedding in known)
            TensorPrimitives.Add(mean, embedding, mean);
        TensorPrimitives.Divide(mean, known.Count, mean);
        var relative = lines.Select(line => Relative(line.Embedding)).ToList();
        var cosines = new float[lines.Count * lines.Count];
        for (var line = 1; line < lines.Count; line++)
        {
            for (var other = 0; other < line; other++)
                cosines[(line * lines.Count) + other] = relative[line] is { } one && relative[other] is { } two ? TensorPrimitives.Dot<float>(one, two) : float.NaN;
        }

        return cosines;

        float[]? Relative(float[]? embedding)
        {
            if (embedding is null || embedding.Length != mean.Length)
                return null;
            var difference = new float[mean.Length];
            TensorPrimitives.Subtract(embedding, mean, difference);
            var length = TensorPrimitives.Norm<float>(difference);
            if (length < 1e-6f)
                return null;
            TensorPrimitives.Divide(difference, length, difference);
            return difference;
        }
    }
}
