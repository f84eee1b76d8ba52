using AIChat.Domain.Topics;
using AIChat.Infrastructure.Topics.Linking;

namespace AIChat.Infrastructure.Topics.LanguageModels;

/// <summary>
/// The conversation of each line while a model is asked window by window. Conversations that are known have the offline engine's numbers; those that the model opens get new ones.
/// </summary>
internal sealed class FiledLines
{
    private readonly DisentanglementRequest _request;
    private readonly int?[] _conversations;
    private int _next;

    public FiledLines(DisentanglementRequest request)
    {
        _request = request;
        _conversations = [.. request.Lines.Select((line, at) => at < request.From || line.Conversation is not null || line.IsSystem ? request.Offline[at] : (int?)null)];
        _next = request.Offline.DefaultIfEmpty(-1).Max() + 1;
    }

    /// <summary>The conversation of a line; −1: noise; null: it is not filed yet.</summary>
    public int? this[int line] => _conversations[line];

    /// <summary>
    /// Files the lines of an answer that are not filed yet. A conversation of the answer is the known one with which it shares most lines, and where it shares none, the one that it goes on
    /// with by its own account; each known one is continued once. Lines that were filed before stay.
    /// </summary>
    /// <param name="answer">Of each conversation, its lines, and the known conversation that it says it goes on with.</param>
    /// <returns>The conversation behind each one of the answer.</returns>
    public IReadOnlyList<int> Take(IReadOnlyList<(IReadOnlyList<int> Lines, int? Continued)> answer)
    {
        const int byLine = 2, byName = 1;
        var gains = answer.SelectMany((conversation, row) => conversation.Lines
            .Select(line => _conversations[line]).Where(filed => filed >= 0).Select(filed => (Known: filed!.Value, Gain: byLine))
            .Concat(conversation.Continued is { } known ? [(known, byName)] : [])
            .GroupBy(pair => pair.Known)
            .Select(group => (row, group.Key, (double)group.Sum(pair => pair.Gain))));
        var continued = HungarianAssignment.Best([.. gains]).ToDictionary(pair => pair.Row, pair => pair.Column);
        var found = answer.Select((_, row) => continued.TryGetValue(row, out var known) ? known : _next++).ToList();
        for (var row = 0; row < answer.Count; row++)
        {
            foreach (var line in answer[row].Lines)
                _conversations[line] ??= found[row];
        }

        return found;
    }

    /// <summary>
    /// The conversation of every line. Lines that the model did not file follow the offline engine: to the nearest line of the same conversation there. An explicit reply takes its line to
    /// what it answers, and known conversations stay. A conversation of nothing but filler is noise.
    /// </summary>
    public int[] Complete()
    {
        var (lines, offline) = (_request.Lines, _request.Offline);
        int[] conversations = [.. _conversations.Select((filed, line) => filed ?? Followed(line))];
        for (var line = _request.From; line < lines.Count; line++)
        {
            if (lines[line] is { Conversation: null, IsSystem: false, ReplyTo: { } answered } && answered >= 0 && answered < line && !lines[answered].IsSystem && conversations[answered] >= 0)
                conversations[line] = conversations[answered];
        }

        var said = new HashSet<int>(Enumerable.Range(0, lines.Count).Where(line => line < _request.From || lines[line] is { Conversation: not null } or { ReplyTo: not null } || !FillerDetector.IsNothingAlone(lines[line].Content)).Select(line => conversations[line]));
        said.UnionWith(Enumerable.Range(0, lines.Count).Where(line => lines[line].ReplyTo is >= 0).Select(line => conversations[lines[line].ReplyTo!.Value]));
        return [.. conversations.Select(conversation => said.Contains(conversation) ? conversation : -1)];

        int Followed(int line)
        {
            if (offline[line] < 0)
                return -1;
            for (var distance = 1; distance < lines.Count; distance++)
            {
                foreach (var near in (int[])[line - distance, line + distance])
                {
                    if (near >= 0 && near < lines.Count && offline[near] == offline[line] && _conversations[near] is { } conversation and >= 0)
                        return conversation;
                }
            }

            return offline[line];
        }
    }
}
