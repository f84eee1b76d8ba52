using AIChat.Application.Rooms;
using AIChat.Domain.Topics;
using FluentValidation;

namespace AIChat.Application.Topics;

/// <summary>A correction: names a topic of any level. No later classification overwrites the name.</summary>
public sealed record RenameTopic(RoomId Room, TopicId Topic, UserId By, string? Name) : IRequest<Result<TopicView>>;

internal sealed class RenameTopicValidator : AbstractValidator<RenameTopic>
{
    public RenameTopicValidator()
        => RuleFor(request => request.Name).NotNull().WithErrorCode(TopicErrors.NameEmpty.Code).WithMessage(TopicErrors.NameEmpty.Message);
}

internal sealed class RenameTopicHandler(RoomAccess access, ITopicRepository topics, Corrections corrections) : IRequestHandler<RenameTopic, Result<TopicView>>
{
    public async Task<Result<TopicView>> Handle(RenameTopic request, CancellationToken cancellationToken)
    {
        if (!(await access.ToPostAsync(request.Room, request.By, cancellationToken)).Succeeded(out var room, out var refusal))
            return refusal;
        if (!Topic.NameOf(request.Name!).Succeeded(out var name, out refusal))
            return refusal;
        var made = await corrections.MakeAsync(
            room.Id,
            request.By,
            async entry =>
            {
                if (await topics.ListAsync(TopicsOfRoom.WithIds(room.Id, [request.Topic]), cancellationToken) is not [var topic])
                    return TopicErrors.NotFound;
                var correction = Correction.Rename(entry, topic, name);
                topic.Rename(name);
                return CorrectedRoom.Of(correction, [], topic);
            },
            cancellationToken);
        return made.Succeeded(out _, out refusal) ? await TopicView.OfAsync(room.Id, request.Topic, topics) : refusal;
    }
}
