using AIChat.Application.Rooms;
using AIChat.Domain.Topics;
using FluentValidation;

namespace AIChat.Application.Topics;

/// <summary>A correction: merges conversations into the first one that a person named, otherwise into the first one.</summary>
public sealed record MergeTopics(RoomId Room, IReadOnlyList<string?>? Topics, UserId By) : IRequest<Result<TopicView>>;

internal sealed class MergeTopicsValidator : AbstractValidator<MergeTopics>
{
    private const int Most = 100;

    public MergeTopicsValidator()
        => RuleFor(request => request.Topics).Must(topics => topics is { Count: >= 2 and <= Most } && topics.All(id => id is not null) && topics.Distinct(StringComparer.Ordinal).Count() == topics.Count)
            .WithErrorCode(TopicErrors.MergeTooFew.Code).WithMessage(TopicErrors.MergeTooFew.Message);
}

internal sealed class MergeTopicsHandler(RoomAccess access, ITopicRepository topics, Corrections corrections) : IRequestHandler<MergeTopics, Result<TopicView>>
{
    public async Task<Result<TopicView>> Handle(MergeTopics request, CancellationToken cancellationToken)
    {
        if (!(await access.ToPostAsync(request.Room, request.By, cancellationToken)).Succeeded(out var room, out var refusal))
            return refusal;
        var wanted = request.Topics!.Select(id => new TopicId(id!)).ToList();
        var made = await corrections.MakeAsync(
            room.Id,
            request.By,
            async entry =>
            {
                if (!(await corrections.ConversationsAsync(room.Id, wanted, cancellationToken)).Succeeded(out var concerned, out var missing))
                    return missing;
                var conversations = concerned.Take(wanted.Count).ToList();
                var into = conversations.FirstOrDefault(topic => topic.NameSource == NameSource.User) ?? conversations[0];
                var messages = await corrections.MessagesOfAsync(room.Id, wanted, cancellationToken);
                return Correction.Merge(entry, into.Id, concerned, messages).Succeeded(out var correction, out var tooLarge) ? CorrectedRoom.Of(correction, messages) : tooLarge;
            },
            cancellationToken);
        return made.Succeeded(out var merged, out refusal) ? await TopicView.OfAsync(room.Id, merged.TopicId, topics) : refusal;
    }
}
