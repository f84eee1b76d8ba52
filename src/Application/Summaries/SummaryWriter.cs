using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text.Json;
using AIChat.Application.Common;
using AIChat.Application.Topics;
using AIChat.Domain.Summaries;
using AIChat.Domain.Topics;

namespace AIChat.Application.Summaries;

/// <summary>A summary was written; for everyone in the room, or for one <paramref name="Reader"/> only.</summary>
public sealed record SummaryMade(RoomId Room, SummaryView Summary, UserId? Reader) : INotification;

/// <summary>Writes a summary group by group, stores it and announces it to the room. Groups whose part is stored already are not written again.</summary>
internal sealed class SummaryWriter(SummaryReader reader, ISummaryRepository summaries, ISummarizer summarizer, ModelGivenTopicNames names, IIdGenerator ids, TimeProvider time, EventPublisher events)
{
    /// <summary>Cached parts expire after 14 days.</summary>
    private static readonly TimeSpan PartLifetime = TimeSpan.FromDays(14);

    /// <summary>Clients show conversations first.</summary>
    private static readonly TopicLevel[] Order = [TopicLevel.High, TopicLevel.Mid, TopicLevel.Low];

    public async IAsyncEnumerable<SummaryEvent> WriteAsync(SummaryRequest request, SummaryScope scope, string key, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var readAt = time.GetUtcNow();
        var id = request.Period is { } period ? string.Create(CultureInfo.InvariantCulture, $"digest-{request.Room}-{period.Until:yyyyMMddHHmm}") : ids.New();
        var language = request.Language ?? RoomLanguage.Of(scope.Messages.Select(message => message.Content!));
        List<SummaryGroup> groups = [.. Order.Where(level => level == TopicLevel.High || request.Covers(level)).SelectMany(level => scope.Groups(level, language, summarizer.Engine))];
        var draft = new SummaryDraft(request, scope, id, language, summarizer.Engine, groups);
        yield return new SummaryBegun(draft.View(time.GetUtcNow()));

        // Themes are made of what their conversations came to.
        var conversations = groups.Where(group => group.Level == TopicLevel.High).DistinctBy(group => group.Key).ToList();
        foreach (var stored in await summaries.PartsAsync(request.Room, [.. conversations.Select(group => group.Key)], cancellation))
            draft.Parts[stored.Id] = JsonSerializer.Deserialize<WrittenPart>(stored.Body)!;

        var unwritten = conversations.FindAll(group => !draft.Parts.ContainsKey(group.Key));
        var question = new GroupSummaryRequest(
            [.. unwritten.Select(group => (IReadOnlyList<ChatLine>)[.. group.Messages.Select(message => ChatLine.Of(message))])], language, new SpendingAccount(request.By, request.Room));
        await foreach (var update in summarizer.SummarizeAsync(question, cancellation))
        {
            var group = unwritten[update.Group];
            if (update is GroupReady { Summary: var summary })
            {
                draft.Parts[group.Key] = WrittenPart.Of(summary, group.IdOf);
                draft.InsteadOf ??= summary.InsteadOf;

                // A part that the extractive engine wrote in place of a model is not cached: the next request asks the model again.
                if (summary.InsteadOf is null)
                    await StorePartAsync(group, draft.Parts[group.Key], readAt, cancellation);
                continue;
            }

            var said = update is OutcomeReady { Outcome: var outcome } ? outcome : ((PointReady)update).Point;
            foreach (var step in draft.Announce(group.Key, WrittenPoint.Of(said, group.IdOf), update is OutcomeReady))
                yield return step;
        }

        // Names first: they are part of the summary and of the fingerprint by which it is found again.
        var given = groups.Where(group => unwritten.Exists(each => each.Key == group.Key) && draft.Parts[group.Key].Name is not null).DistinctBy(group => group.Topic.Id)
            .ToDictionary(group => group.Topic.Id, group => draft.Parts[group.Key].Name!);
        if (await names.StoreAsync(request.Room, given, cancellation))
            draft.Scope = scope with { Tree = await reader.TreeAsync(request.Room, scope.Messages, cancellation) };

        var last = await StoreAsync(draft, key, readAt);
        if (last is SummaryDone { Summary: var whole })
        {
            foreach (var step in draft.Announce(whole))
                yield return step;
        }

        yield return last;
    }

    private async Task StorePartAsync(SummaryGroup group, WrittenPart part, DateTimeOffset readAt, CancellationToken cancellation)
    {
        var room = group.Topic.RoomId;
        var stored = SummaryPart.Of(group.Key, room, group.Messages[0].Seq, group.Messages[^1].Seq, JsonSerializer.Serialize(part), readAt);
        await summaries.SavePartAsync(stored, readAt - PartLifetime, cancellation);
        await DropChangedAsync(room, group.Messages);
    }

    private async Task<SummaryEvent> StoreAsync(SummaryDraft draft, string key, DateTimeOffset readAt)
    {
        var (request, scope) = (draft.Request, draft.Scope);
        var view = draft.View(time.GetUtcNow());
        var (first, last) = scope.Messages.Count == 0 ? (0, 0) : (scope.Messages[0].Seq, scope.Messages[^1].Seq);
        var stored = await summaries.SaveAsync(Summary.Of(new SummaryId(view.SummaryId), request.Room, key, scope.Fingerprint, first, last, view.ToBody(), request.Reader, readAt), CancellationToken.None);
        if (await DropChangedAsync(request.Room, scope.Messages))
            return new SummaryRefused(SummaryErrors.Changed);
        if (stored)
            await events.PublishAsync(new SummaryMade(request.Room, view, request.Reader));
        return new SummaryDone(view);
    }

    /// <summary>Removes what was just stored if one of its messages was edited or deleted meanwhile: the old words must not stay.</summary>
    private async Task<bool> DropChangedAsync(RoomId room, IReadOnlyList<Message> read)
    {
        var changed = await reader.ChangedAsync(read, CancellationToken.None);
        foreach (var message in changed)
            await summaries.DropCoveringAsync(room, message.Seq, CancellationToken.None);
        return changed.Count > 0;
    }
}
