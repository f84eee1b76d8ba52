using AIChat.Application.Common;
using AIChat.Application.Rooms;
using AIChat.Domain.Topics;
using FluentValidation;

namespace AIChat.Application.Topics;

/// <summary>Lists a room's topics of one level or all, the most recently active first.</summary>
public sealed record ListTopics(RoomId Room, UserId By, string? Level, string? Cursor, int Limit) : IRequest<Result<Page<TopicView>>>;

internal sealed class ListTopicsValidator : AbstractValidator<ListTopics>
{
    public ListTopicsValidator()
    {
        RuleFor(request => request.Limit).IsLimit();
        RuleFor(request => request.Level).Must(level => level is null or "low" or "mid" or "high")
            .WithErrorCode(TopicErrors.Level.Code).WithMessage(TopicErrors.Level.Message);
    }
}

internal sealed class ListTopicsHandler(RoomAccess access, ITopicRepository topics) : IRequestHandler<ListTopics, Result<Page<TopicView>>>
{
    public async Task<Result<Page<TopicView>>> Handle(ListTopics request, CancellationToken cancellationToken)
    {
        if (!(await access.ToReadAsync(request.Room, request.By, cancellationToken)).Succeeded(out var room, out var refusal))
            return refusal;
        (long, TopicLevel)? after = null;
        if (request.Cursor is { } cursor)
        {
            if (Cursor.Read(cursor) is not var (seq, written) || !Enum.TryParse<TopicLevel>(written, out var above))
                return Cursor.Bad;
            after = (seq, above);
        }

        TopicLevel? level = request.Level is { } name ? Enum.Parse<TopicLevel>(name, ignoreCase: true) : null;
        var found = await topics.ListAsync(TopicsOfRoom.Page(room.Id, level, after, request.Limit + 1), cancellationToken);
        var page = found.Take(request.Limit).ToList();
        return new Page<TopicView>(
            await TopicView.OfAsync(page, topics, cancellationToken),
            found.Count > page.Count ? Cursor.Of(page[^1].LastSeq, page[^1].Level) : null);
    }
}
