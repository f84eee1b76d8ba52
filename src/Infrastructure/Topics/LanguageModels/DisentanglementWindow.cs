using AIChat.Domain.Topics;
using AIChat.Infrastructure.LanguageModels;

namespace AIChat.Infrastructure.Topics.LanguageModels;

/// <summary>
/// The lines of one call: some that were filed already, by which its answer is joined to what was found before, and those to file. Lines of the system, and of people who keep theirs from
/// models elsewhere, are in no window.
/// </summary>
internal sealed class DisentanglementWindow
{
    /// <summary>Lines of a call: to file, and filed already.</summary>
    private const int MostNew = 200, MostShared = 50;

    private const int MostOpen = 40;

    private readonly DisentanglementRequest _request;
    private readonly FiledLines _filed;
    private readonly Dictionary<int, int> _numberOf = [];
    private readonly Dictionary<int, int> _numberOfOpen = [];
    private readonly Dictionary<int, int> _guesses = [];

    /// <param name="request">The lines.</param>
    /// <param name="filed">Where they are, as far as it is known.</param>
    /// <param name="from">Index of the first line to file.</param>
    /// <param name="model">Counts tokens.</param>
    public DisentanglementWindow(DisentanglementRequest request, FiledLines filed, int from, LanguageModel model)
    {
        (_request, _filed) = (request, filed);
        var budget = model.PromptTokens - model.Count(DisentanglementPrompt.System("XX1"));
        var shared = new List<int>();
        var left = budget / 4;
        for (var line = from - 1; line >= 0 && shared.Count < MostShared && left > 0; line--)
        {
            if (!IsShown(line) || filed[line] is not >= 0)
                continue;
            left -= TokensOf(line);
            shared.Insert(0, line);
        }

        var (to, wanted, room) = (from, new List<int>(), (budget * 5 / 8) + left);
        for (; to < request.Lines.Count && wanted.Count < MostNew; to++)
        {
            if (!IsShown(to))
                continue;
            if (wanted.Count > 0 && room < TokensOf(to))
                break;
            room -= TokensOf(to);
            wanted.Add(to);
        }

        To = to;
        Lines = [.. shared, .. wanted];
        Labels = new SpeakerLabels(Lines.Select(line => request.Lines[line]).Concat(Enumerable.Range(0, from).Where(IsShown).Select(line => request.Lines[line])));
        for (var at = 0; at < Lines.Count; at++)
            _numberOf[Lines[at]] = at;
        Open = FindOpen(shared.Count > 0 ? shared[0] : from, budget / 8);
        Free = [.. Enumerable.Range(0, Lines.Count).Where(at => filed[Lines[at]] is null)];

        int TokensOf(int line) => model.Count(DisentanglementPrompt.Line(request.Lines[line], 999, "XX99", null, null, 99)) + 1;

        List<int> FindOpen(int before, int tokens)
        {
            var open = Lines.Select(line => filed[line]).OfType<int>().Where(conversation => conversation >= 0).Distinct().ToList();
            var last = new Dictionary<int, int>();
            for (var line = before - 1; line >= 0 && (tokens > 0 || open.Exists(conversation => !last.ContainsKey(conversation))); line--)
            {
                if (!IsShown(line) || filed[line] is not ({ } conversation and >= 0) || last.ContainsKey(conversation) || (!open.Contains(conversation) && (open.Count >= MostOpen || tokens <= 0)))
                    continue;
                tokens -= TokensOf(line);
                last[conversation] = line;
                if (!open.Contains(conversation))
                    open.Add(conversation);
            }

            for (var at = 0; at < open.Count; at++)
                _numberOfOpen[open[at]] = at + 1;
            Last = last;
            return open;
        }
    }

    /// <summary>Index after the last line that the window covers.</summary>
    public int To { get; }

    /// <summary>Indices of its lines in the request; a line's number in the call is its place here plus 1.</summary>
    public IReadOnlyList<int> Lines { get; }

    /// <summary>Places in <see cref="Lines"/> of those to file.</summary>
    public IReadOnlyList<int> Free { get; }

    /// <summary>The open conversations; a conversation's number in the call is its place here plus 1.</summary>
    public IReadOnlyList<int> Open { get; }

    public SpeakerLabels Labels { get; }

    /// <summary>By open conversation: its last line before the window.</summary>
    private Dictionary<int, int> Last { get; set; } = [];

    public string Prompt => DisentanglementPrompt.Window(
        Open.Select((conversation, at) => Last.TryGetValue(conversation, out var last)
            ? DisentanglementPrompt.Open(at + 1, Labels.Labelled(_request.Lines[last]), Labels.Of(_request.Lines[last]))
            : DisentanglementPrompt.Open(at + 1, null, null)),
        Lines.Select((line, at) => DisentanglementPrompt.Line(
            Labels.Labelled(_request.Lines[line]),
            at + 1,
            Labels.Of(_request.Lines[line]),
            _request.Lines[line].ReplyTo is { } answered && _numberOf.TryGetValue(answered, out var number) ? number + 1 : null,
            _filed[line] is { } known and >= 0 ? _numberOfOpen[known] : null,
            _filed[line] is null ? GuessOf(line) : null)));

    /// <summary>The offline engine's conversation of a line of the call; what it calls noise is alone.</summary>
    public int OfflineOf(int at) => _request.Offline[Lines[at]] is var conversation and >= 0 ? conversation : -1 - at;

    private bool IsShown(int line) => _request.Lines[line] is { IsSystem: false, ExcludeFromAi: false } said && !string.IsNullOrWhiteSpace(said.Content);

    /// <summary>The offline engine's conversation by a number of this call: an open conversation's own, or one that follows those.</summary>
    private int? GuessOf(int line)
    {
        var conversation = _request.Offline[line];
        if (conversation < 0)
            return null;
        if (_numberOfOpen.TryGetValue(conversation, out var number) || _guesses.TryGetValue(conversation, out number))
            return number;
        return _guesses[conversation] = Open.Count + _guesses.Count + 1;
    }
}
