using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using AIChat.Domain.Topics;
using AIChat.Infrastructure.Topics.Ngrams;

namespace AIChat.Infrastructure.Topics.Linking;

/// <summary>
/// The state of one room, line by line: its newest lines, its speakers, the nicknames, and the frequencies of words. What <see cref="Observe"/> reports of a line
/// depends on earlier lines alone. Not thread-safe.
/// </summary>
internal sealed class LinkerState
{
    /// <summary>Number of the newest lines that a new one may answer.</summary>
    public const int Candidates = 100;

    /// <summary>Least number of recent speakers whose histories are kept.</summary>
    private const int KeptSpeakers = 2000;

    /// <summary>Above that many stems, those seen once are dropped.</summary>
    private const int MaxStems = 200_000;

    /// <summary>Distances at which lines are mostly of different conversations: their cosines give the room's usual similarity.</summary>
    private static readonly int[] DistancesApart = [8, 14, 20, 28, 38, 50];

    private readonly NgramSpace _space = new();
    private readonly NicknameFinder _nicknames = new();
    private readonly Dictionary<int, int> _linesWithStem = [];
    private readonly Dictionary<string, SpeakerHistory> _histories = [];
    private readonly Dictionary<int, SpeakerHistory> _historyOfNumber = [];
    private int _nextSpeaker;
    private readonly List<ObservedLine> _recent = [];
    private int _nextIndex;
    private int _nextOrder;

    public RoomTempo Tempo { get; } = new();

    public EmbeddingNormalizer Embeddings { get; } = new();

    /// <summary>The newest lines that people said, oldest first; at least <see cref="Candidates"/> of them once there were so many.</summary>
    public IReadOnlyList<ObservedLine> Recent => _recent;

    /// <summary>The n-th newest line that a person said; 0: the newest.</summary>
    public ObservedLine Candidate(int n) => _recent[_recent.Count - 1 - n];

    /// <summary>The line with that index; null where it is not among <see cref="Recent"/>.</summary>
    public ObservedLine? Find(int index)
    {
        for (var at = _recent.Count - 1; at >= 0 && _recent[at].Index >= index; at--)
        {
            if (_recent[at].Index == index)
                return _recent[at];
        }

        return null;
    }

    public SpeakerHistory? HistoryOf(string speaker) => _histories.GetValueOrDefault(speaker);

    /// <summary>The history of the speaker of an earlier line; null where it has been dropped since.</summary>
    public SpeakerHistory? HistoryOf(ObservedLine line) => _historyOfNumber.GetValueOrDefault(line.SpeakerNumber);

    /// <summary>Reads a new line against the lines before it; the state does not change until <see cref="Add"/>.</summary>
    public ObservedLine Observe(ChatLine line)
    {
        var words = Tokenizer.Tokenize(line.Content);
        var vector = _space.Weigh(line.NgramProfile ?? NgramEmbedder.Embed(line.Content));
        var mentions = line.IsSystem ? [] : _nicknames.Find(line.Content, line.Speaker);
        return new ObservedLine(
            _nextIndex, _nextOrder, line, vector, Embeddings.Relative(line.Embedding), StemsOf(words), LineTraits.Of(line.Content, words), mentions, HistoryOf(line.Speaker)?.LineCount ?? 0);
    }

    public void Add(ObservedLine line)
    {
        _nextIndex++;
        if (line.Source.IsSystem)
            return;
        _nextOrder++;
        _space.Add(line.Source.NgramProfile ?? NgramEmbedder.Embed(line.Source.Content));
        foreach (var distance in DistancesApart)
        {
            if (distance <= _recent.Count && line.Embedding is { } embedding && _recent[^distance].Embedding is { } other && embedding.Length == other.Length)
                Embeddings.AddPair(TensorPrimitives.Dot(embedding, other));
        }

        Embeddings.Add(line.Source.Embedding);
        foreach (var (stem, _) in line.Stems)
            CollectionsMarshal.GetValueRefOrAddDefault(_linesWithStem, stem, out _)++;
        if (_linesWithStem.Count > MaxStems)
            RemoveRareStems();
        Tempo.Add(line);
        _nicknames.CountWords(line.Source.Content);
        _nicknames.Register(line.Source.Nickname, line.Speaker);
        GetOrAddHistory(line.Speaker).Add(line, _recent.Count > 0 ? _recent[^1].Speaker : null);
        foreach (var mention in line.Mentions)
            GetOrAddHistory(mention.Speaker).AddMention(line);
        _recent.Add(line);
        if (_recent.Count >= 4 * Candidates)
            _recent.RemoveRange(0, 2 * Candidates);
        if (_histories.Count > 2 * KeptSpeakers)
            RemoveOldestSpeakers();
    }

    private SpeakerHistory GetOrAddHistory(string speaker)
    {
        if (_histories.TryGetValue(speaker, out var known))
            return known;
        var history = new SpeakerHistory(_nextSpeaker++);
        _histories[speaker] = _historyOfNumber[history.Number] = history;
        return history;
    }

    /// <summary>Rarity: ln((1 + lines) / (1 + lines with the stem)).</summary>
    private (int Hash, float Rarity)[] StemsOf(List<string> words)
    {
        var stems = new Dictionary<int, float>(words.Count);
        foreach (var word in words)
        {
            var stem = Hash(Tokenizer.Stem(word));
            stems[stem] = MathF.Log((1f + _nextOrder) / (1f + _linesWithStem.GetValueOrDefault(stem)));
        }

        return [.. stems.Select(entry => (entry.Key, entry.Value))];
    }

    private static int Hash(string stem)
    {
        var hash = 2166136261u; // FNV-1a: the same on every machine, which string.GetHashCode is not
        foreach (var letter in stem)
            hash = (hash ^ letter) * 16777619u;
        return (int)hash;
    }

    private void RemoveRareStems()
    {
        foreach (var (stem, _) in _linesWithStem.Where(entry => entry.Value == 1).ToList())
            _linesWithStem.Remove(stem);
    }

    private void RemoveOldestSpeakers()
    {
        foreach (var (speaker, history) in _histories.OrderBy(entry => entry.Value.Last?.Order ?? entry.Value.LastMention?.Order ?? 0).Take(KeptSpeakers).ToList())
        {
            _histories.Remove(speaker);
            if (history.Last is { } last)
                _nicknames.Unregister(last.Source.Nickname, speaker);
            _historyOfNumber.Remove(history.Number);
        }
    }
}
