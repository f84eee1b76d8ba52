using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using AIChat.Domain.Topics;
using AIChat.Infrastructure.Topics.Ngrams;

namespace AIChat.Infrastructure.Topics.Linking;

/// <summary>
/// Follows one room line by line: what its newest lines said, who its people are, whom they call, and which words are rare. Everything it tells of a line comes
/// from the lines before it. Not thread-safe.
/// </summary>
internal sealed class LinkerState
{
    /// <summary>Lines of talk that a new one may answer.</summary>
    public const int Candidates = 100;

    /// <summary>People who are remembered however long ago they spoke.</summary>
    private const int MostPeople = 2000;

    /// <summary>Words whose use is remembered, at most.</summary>
    private const int MostWords = 200_000;

    /// <summary>Lines that far back are mostly of other conversations: what is usual between lines of the room.</summary>
    private static readonly int[] Apart = [8, 14, 20, 28, 38, 50];

    private readonly NgramSpace _space = new();
    private readonly NicknameFinder _nicknames = new();
    private readonly Dictionary<int, int> _linesWith = [];
    private readonly Dictionary<string, SpeakerHistory> _people = [];
    private readonly List<ObservedLine> _recent = [];
    private int _lines;
    private int _talk;

    public RoomTempo Tempo { get; } = new();

    public EmbeddingNormalizer Embeddings { get; } = new();

    /// <summary>The newest lines of talk, oldest first; at least <see cref="Candidates"/> of them once there were so many.</summary>
    public IReadOnlyList<ObservedLine> Recent => _recent;

    /// <summary>The line of talk with that index, if it is among <see cref="Recent"/>.</summary>
    public ObservedLine? Find(int index)
    {
        for (var at = _recent.Count - 1; at >= 0 && _recent[at].Index >= index; at--)
        {
            if (_recent[at].Index == index)
                return _recent[at];
        }

        return null;
    }

    public SpeakerHistory? HistoryOf(string speaker) => _people.GetValueOrDefault(speaker);

    /// <summary>Reads a line in the light of what came before; nothing is remembered of it until it is taken in.</summary>
    public ObservedLine Hear(ChatLine line)
    {
        var words = Tokenizer.Of(line.Content);
        var traits = new float[LineTraits.Count];
        LineTraits.Fill(line.Content, words, traits);
        var vector = _space.Weigh(line.NgramProfile ?? NgramEmbedder.Embed(line.Content));
        var calls = line.IsSystem ? [] : _nicknames.Find(line.Content, line.Speaker);
        return new ObservedLine(_lines, _talk, line, vector, Embeddings.Relative(line.Embedding), StemsOf(words), traits, calls, HistoryOf(line.Speaker)?.LineCount ?? 0);
    }

    public void Take(ObservedLine line)
    {
        _lines++;
        if (line.Said.IsSystem)
            return;
        _talk++;
        _space.Add(line.Said.NgramProfile ?? NgramEmbedder.Embed(line.Said.Content));
        foreach (var distance in Apart)
        {
            if (distance <= _recent.Count && line.Embedding is { } sense && _recent[^distance].Embedding is { } other && sense.Length == other.Length)
                Embeddings.AddPair(TensorPrimitives.Dot(sense, other));
        }

        Embeddings.Add(line.Said.Embedding);
        foreach (var (stem, _) in line.Words)
            CollectionsMarshal.GetValueRefOrAddDefault(_linesWith, stem, out _)++;
        if (_linesWith.Count > MostWords)
            ForgetRareWords();
        Tempo.Take(line);
        _nicknames.Watch(line.Said.Content);
        _nicknames.Know(line.Said.Nickname, line.Speaker);
        Remember(line.Speaker).Say(line, _recent.Count > 0 ? _recent[^1].Speaker : null);
        foreach (var call in line.Calls)
            Remember(call.Speaker).BeCalled(line);
        _recent.Add(line);
        if (_recent.Count >= 4 * Candidates)
            _recent.RemoveRange(0, 2 * Candidates);
        if (_people.Count > 2 * MostPeople)
            ForgetPeople();
    }

    private SpeakerHistory Remember(string speaker) => _people.TryGetValue(speaker, out var person) ? person : _people[speaker] = new SpeakerHistory();

    private (int Stem, float Rarity)[] StemsOf(List<string> words)
    {
        var stems = new Dictionary<int, float>(words.Count);
        foreach (var word in words)
        {
            var stem = Hash(Tokenizer.Stem(word));
            stems[stem] = MathF.Log((1f + _talk) / (1f + _linesWith.GetValueOrDefault(stem)));
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

    private void ForgetRareWords()
    {
        foreach (var (stem, _) in _linesWith.Where(entry => entry.Value == 1).ToList())
            _linesWith.Remove(stem);
    }

    private void ForgetPeople()
    {
        foreach (var (speaker, person) in _people.OrderBy(entry => entry.Value.Last?.Order ?? entry.Value.CalledBy?.Order ?? 0).Take(MostPeople).ToList())
        {
            _people.Remove(speaker);
            if (person.Last is { } last)
                _nicknames.Forget(last.Said.Nickname, speaker);
        }
    }
}
