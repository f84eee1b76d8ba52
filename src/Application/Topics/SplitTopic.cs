using AIChat.Application.Rooms;
using AIChat.Domain.Topics;
using FluentValidation;

namespace AIChat.Application.Topics;

/// <summary>A correction: moves messages of a conversation to a new one under the same themes.</summary>
public sealed record SplitTopic(RoomId Room, TopicId Topic, IReadOnlyList<string?>? Messages, string? Name, UserId By) : IRequest<Result<TopicView>>;

internal sealed class SplitTopicValidator : AbstractValidator<SplitTopic>
{
    public SplitTopicValidator()
        => RuleFor(request => request.Messages).Must(messages => messages is { Count: > 0 and <= Correction.MaxMessages } && messages.All(id => id is not null))
            .WithErrorCode(TopicErrors.SplitBad.Code).WithMessage(TopicErrors.SplitBad.Message);
}

internal sealed class SplitTopicHandler(RoomAccess access, ITopicRepository topics, Corrections corrections, ITopicNamer namer, IIdGenerator ids) : IRequestHandler<SplitTopic, Result<TopicView>>
{
    public async Task<Result<TopicView>> Handle(SplitTopic request, CancellationToken cancellationToken)
    {
        if (!(await access.ToPostAsync(request.Room, request.By, cancellationToken)).Succeeded(out var room, out var refusal))
            return refusal;
        string? name = null;
        if (request.Name is { } typed && !Topic.NameOf(typed).Succeeded(out name, out refusal))
            return refusal;
        var leaving = request.Messages!.Select(id => new MessageId(id!)).ToHashSet();
        var made = await corrections.MakeAsync(room.Id, request.By, entry => DecideAsync(entry, request.Topic, leaving, name, cancellationToken), cancellationToken);
        return made.Succeeded(out var split, out refusal) ? await TopicView.OfAsync(room.Id, split.TopicId, topics) : refusal;
    }

    private async Task<Result<CorrectedRoom>> DecideAsync(CorrectionEntry entry, TopicId from, HashSet<MessageId> leaving, string? name, CancellationToken cancellation)
    {
        if (!(await corrections.ConversationsAsync(entry.Room, [from], cancellation)).Succeeded(out var concerned, out var missing))
            return missing;
        var messages = await corrections.MessagesOfAsync(entry.Room, [from], cancellation);
        if (!Correction.Split(entry, new TopicId(ids.New()), name, concerned, messages, leaving).Succeeded(out var correction, out var refusal))
            return refusal;
        var texts = messages.Where(message => leaving.Contains(message.Id) && !message.IsDeleted).Select(message => message.Content!).ToList();
        var nicknames = messages.Select(message => message.Nickname).ToHashSet(StringComparer.OrdinalIgnoreCase);
        var opened = Topic.Open(correction.TopicId, entry.Room, TopicLevel.High, concerned[0].ParentId, namer.Name([new TopicTexts(texts)], nicknames, new HashSet<string>())[0]);
        if (name is not null)
            opened.Rename(name);

        // A pending offer to split is settled by this.
        concerned[0].OfferSplit(null);
        return CorrectedRoom.Of(correction, messages, opened, concerned[0]);
    }
}
