using System.Runtime.InteropServices;
using AIChat.Application.Summaries;
using AIChat.Application.Topics;
using AIChat.Domain.Summaries;
using AIChat.Domain.Topics;
using FluentValidation;

namespace AIChat.Application.Reads;

/// <summary>Classifies given messages without storing anything.</summary>
/// <param name="Chats">The messages, oldest first; content may be blank, and nicknames are not checked.</param>
/// <param name="HowMany">Number of newest messages to classify; null: all.</param>
/// <param name="Mode"><c>full</c> (the default) or <c>online</c>, which uses nothing later than each message.</param>
/// <param name="Summarize">Whether to name and summarize each topic as well.</param>
public sealed record PredictTopics(IReadOnlyList<PredictedChat?>? Chats, int? HowMany, string? Mode, bool Summarize) : IRequest<Result<Prediction>>
{
    public const int MaxChats = 10_000;

    /// <summary>Receives the number of classified messages.</summary>
    public IProgress<int>? Progress { get; init; }
}

/// <summary>A message to classify.</summary>
public sealed record PredictedChat(string? Id, string? Nickname, string? Content, DateTimeOffset? CreatedAt, string? UserId, string? ReplyTo, string? Kind)
{
    /// <summary>The known conversation as any number from 0, −1 for none; the classifier keeps it. Null: to be found.</summary>
    public int? KnownConversation { get; init; }

    /// <summary>Sentence embedding of the content: 32-bit little-endian floats, from one model for all messages; null: none.</summary>
    public byte[]? Sense { get; init; }
}

/// <param name="Topics">Topic number of each message at each level; −1: noise.</param>
/// <param name="Links">Index of the earlier message that each message answers within its conversation; null: it opens one.</param>
/// <param name="Summaries">By level and topic number; empty unless requested.</param>
/// <param name="Margins">P(conversation) − P(next best) of each message; null: there was only one candidate.</param>
/// <param name="Engine">What the messages were compared by: <c>ngrams</c> (their words alone), <c>ngrams+NAME</c> (and the sentence encoder of that name), or <c>ngrams+sense</c> (and the embeddings in the request).</param>
public sealed record Prediction(
    LevelsOf<IReadOnlyList<int>> Topics, IReadOnlyList<int?> Links, LevelsOf<IReadOnlyDictionary<string, PredictedTopic>> Summaries, IReadOnlyList<float?> Margins, string Engine);

public sealed record PredictedTopic(string Name, IReadOnlyList<string> Keywords, string Content, IReadOnlyList<PredictedPoint> Points);

/// <param name="Text">One sentence.</param>
/// <param name="Citations">Ids of the messages that support it.</param>
public sealed record PredictedPoint(string Text, IReadOnlyList<string> Citations);

internal sealed class PredictTopicsValidator : AbstractValidator<PredictTopics>
{
    private const int MaxEmbeddingBytes = 4096 * sizeof(float);
    private const float Tolerance = 0.01f;

    public PredictTopicsValidator()
    {
        RuleLevelCascadeMode = CascadeMode.Stop;
        ClassLevelCascadeMode = CascadeMode.Stop;
        RuleFor(request => request.Chats).NotNull().WithErrorCode("chats_missing").WithMessage("Give chats: a list of messages, oldest first.")
            .Must(chats => chats!.Count <= PredictTopics.MaxChats).WithErrorCode("chats_too_many").WithMessage("At most 10,000 messages a call.")
            .Must(chats => chats!.All(chat => chat is { Id.Length: > 0, Nickname: not null, Content: not null, CreatedAt: not null }))
            .WithErrorCode("chat_malformed").WithMessage("Each of chats needs id, nickname, content and createdAt.")
            .Must(chats => chats!.Select(chat => chat!.Id).Distinct(StringComparer.Ordinal).Count() == chats!.Count)
            .WithErrorCode("chat_id_repeated").WithMessage("Each of chats needs an id of its own.")
            .Must(chats => chats!.All(chat => chat!.Kind is null or "message" or "system")).WithErrorCode("chat_kind_bad").WithMessage("kind is message or system.")
            .Must(chats => chats!.All(chat => chat!.KnownConversation is null or >= -1)).WithErrorCode("known_conversation_bad").WithMessage("knownConversation is a whole number from 0, or -1 for none.")
            .Must(AreEmbeddingsAlike).WithErrorCode("chat_sense_bad").WithMessage("sense is base64 of 32-bit floats of unit length (or all 0), equally many wherever it is given.");
        RuleFor(request => request.HowMany).InclusiveBetween(1, PredictTopics.MaxChats).WithErrorCode("howmany_out_of_range").WithMessage("howmany is a whole number from 1 to 10000.");
        RuleFor(request => request.Mode).Must(mode => mode is null or "full" or "online").WithErrorCode("mode_bad").WithMessage("mode is full or online.");
    }

    private static bool AreEmbeddingsAlike(IReadOnlyList<PredictedChat?>? chats)
    {
        var embeddings = chats!.Select(chat => chat!.Sense).OfType<byte[]>().ToList();
        return embeddings.TrueForAll(bytes => bytes.Length is > 0 and <= MaxEmbeddingBytes && bytes.Length % sizeof(float) == 0 && bytes.Length == embeddings[0].Length && IsUnitOrZero(bytes));

        static bool IsUnitOrZero(byte[] bytes)
        {
            var square = 0f;
            foreach (var value in MemoryMarshal.Cast<byte, float>(bytes))
                square += value * value;
            return square == 0 || Math.Abs(square - 1) <= Tolerance;
        }
    }
}

internal sealed class PredictTopicsHandler(IConversationClassifier classifier, ISentenceEmbedder embedder, ITopicNamer namer, ISummarizer summarizer) : IRequestHandler<PredictTopics, Result<Prediction>>
{
    private const string ByWords = "ngrams";

    /// <summary>The longest wait for an encoder that is being loaded; shorter than callers such as a server with MODEL_SERVER_URL wait for their answer.</summary>
    private static readonly TimeSpan LoadTimeout = TimeSpan.FromSeconds(15);

    public async Task<Result<Prediction>> Handle(PredictTopics request, CancellationToken cancellationToken)
    {
        var chats = request.Chats!.Skip(Math.Max(0, request.Chats!.Count - (request.HowMany ?? int.MaxValue))).Select(chat => chat!).ToList();
        var (lines, encoder) = await WithEmbeddingsAsync(LinesOf(chats), cancellationToken);
        var mode = request.Mode == "online" ? ClassificationMode.Online : ClassificationMode.Full;
        var found = await classifier.ClassifyAsync(lines, mode, request.Progress, cancellationToken);
        var topics = new LevelsOf<IReadOnlyList<int>>(found.Low, found.Mid, found.High);
        var summaries = new Dictionary<TopicLevel, IReadOnlyDictionary<string, PredictedTopic>>();
        foreach (var level in Enum.GetValues<TopicLevel>())
            summaries[level] = request.Summarize ? await SummarizeAsync(chats, lines, topics.At(level), cancellationToken) : new Dictionary<string, PredictedTopic>();
        return new Prediction(topics, found.Links, LevelsOf<IReadOnlyDictionary<string, PredictedTopic>>.From(level => summaries[level]), found.Margins, encoder is null ? found.Engine ?? ByWords : $"{ByWords}+{encoder}");
    }

    /// <summary>
    /// Adds sentence embeddings if the encoder runs in this process: the authors, and their choices about remote models, are unknown here. Given embeddings may be from
    /// another model, so they are not completed.
    /// </summary>
    /// <returns>The lines, and the name of what embedded them; null: nothing did.</returns>
    private async Task<(List<ChatLine> Lines, string? Encoder)> WithEmbeddingsAsync(List<ChatLine> lines, CancellationToken cancellation)
    {
        if (lines.Exists(line => line.Embedding is not null))
            return (lines, "sense");
        if (embedder.IsRemote || await embedder.WaitForModelAsync(LoadTimeout, cancellation) is null)
            return (lines, null);
        var texts = lines.Where(line => !line.IsSystem && !string.IsNullOrWhiteSpace(line.Content)).Select(line => line.Content).Distinct(StringComparer.Ordinal).ToList();
        if (await embedder.EmbedAsync(texts, cancellation) is not { } made)
            return (lines, null);
        var vectorOf = texts.Zip(made.Vectors).ToDictionary(pair => pair.First, pair => pair.Second, StringComparer.Ordinal);
        return (lines.ConvertAll(line => line.IsSystem ? line : line with { Embedding = vectorOf.GetValueOrDefault(line.Content) }), made.Model.Name);
    }

    private static List<ChatLine> LinesOf(List<PredictedChat> chats)
    {
        var lines = new List<ChatLine>(chats.Count);
        var indexOf = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var chat in chats)
        {
            int? replyTo = chat.ReplyTo is { } answered && indexOf.TryGetValue(answered, out var index) ? index : null;
            indexOf[chat.Id!] = lines.Count;
            lines.Add(new ChatLine(SpeakerKey.Of(chat.UserId, chat.Nickname!), chat.Nickname!, chat.Content!, chat.CreatedAt!.Value, replyTo, chat.Kind == "system")
            {
                Conversation = chat.KnownConversation,
                Embedding = chat.Sense is { } bytes ? MemoryMarshal.Cast<byte, float>(bytes).ToArray() : null,
            });
        }

        return lines;
    }

    private async Task<IReadOnlyDictionary<string, PredictedTopic>> SummarizeAsync(
        List<PredictedChat> chats, List<ChatLine> lines, IReadOnlyList<int> labels, CancellationToken cancellation)
    {
        var groups = Enumerable.Range(0, lines.Count).Where(line => labels[line] >= 0).GroupBy(line => labels[line]).OrderBy(group => group.Key).Select(group => group.ToList()).ToList();
        var nicknames = lines.Select(line => line.Nickname).ToHashSet(StringComparer.OrdinalIgnoreCase);
        var names = namer.Name([.. groups.Select(group => new TopicTexts([.. group.Select(line => lines[line].Content)]))], nicknames, new HashSet<string>());
        var request = new GroupSummaryRequest([.. groups.Select(group => (IReadOnlyList<ChatLine>)[.. group.Select(line => lines[line])])], RoomLanguage.Of(lines.Select(line => line.Content)), null);
        var written = await summarizer.SummarizeAsync(request, cancellation).OfType<GroupReady>().Select(part => part.Summary).ToListAsync(cancellation);
        return groups.Select((group, i) => (
                Key: labels[group[0]].ToString(System.Globalization.CultureInfo.InvariantCulture),
                Topic: new PredictedTopic(
                    names[i].Name,
                    names[i].Keywords,
                    written[i].Content,
                    [.. written[i].Points.Select(point => new PredictedPoint(point.Text, [.. point.Citations.Select(line => chats[group[line]].Id!)]))])))
            .ToDictionary(pair => pair.Key, pair => pair.Topic, StringComparer.Ordinal);
    }
}
