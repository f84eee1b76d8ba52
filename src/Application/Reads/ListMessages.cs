using AIChat.Application.Common;
using AIChat.Application.Messages;
using AIChat.Application.Rooms;
using AIChat.Domain.Topics;
using FluentValidation;

namespace AIChat.Application.Reads;

/// <summary>
/// Reads a page of a room's messages, oldest first: the newest ones, or those before or after a message; optionally of one topic of any level, or those that contain
/// every word of a query.
/// </summary>
public sealed record ListMessages(RoomId Room, UserId By, long? Before, long? After, TopicId? Topic, string? Query, string? Cursor, int Limit)
    : IRequest<Result<Page<MessageView>>>;

internal sealed class ListMessagesValidator : AbstractValidator<ListMessages>
{
    public ListMessagesValidator()
    {
        RuleFor(request => request.Limit).IsLimit();
        RuleFor(request => request.Before).GreaterThanOrEqualTo(0).WithErrorCode("seq_out_of_range").WithMessage("before is a message's number, 0 or more.");
        RuleFor(request => request.After).GreaterThanOrEqualTo(0).WithErrorCode("seq_out_of_range").WithMessage("after is a message's number, 0 or more.");
        RuleFor(request => request).Must(request => request.Before is null || request.After is null)
            .WithErrorCode("before_and_after").WithMessage("Give before or after, not both.");
        RuleFor(request => request).Must(request => request.Query is null || request.After is null)
            .WithErrorCode("search_after").WithMessage("A search goes back in time; use before or its cursor, not after.");
        RuleFor(request => request.Query).Must(query => query is null || (!string.IsNullOrWhiteSpace(query) && query.Length <= SearchTerms.MaxQueryLength && Text.IsStorable(query)))
            .WithErrorCode(MessageErrors.BadQuery.Code).WithMessage(MessageErrors.BadQuery.Message);
    }
}

internal sealed class ListMessagesHandler(RoomAccess access, IMessageRepository messages, ITopicRepository topics)
    : IRequestHandler<ListMessages, Result<Page<MessageView>>>
{
    internal const string Backward = "b";
    private const string Forward = "f";

    public async Task<Result<Page<MessageView>>> Handle(ListMessages request, CancellationToken cancellationToken)
    {
        if (!(await access.ToReadAsync(request.Room, request.By, cancellationToken)).Succeeded(out var room, out var refusal))
            return refusal;
        var (before, after) = (request.Before, request.After);
        if (request.Cursor is { } cursor)
        {
            if (Cursor.Read(cursor) is not var (seq, direction) || direction is not (Backward or Forward))
                return Cursor.Bad;
            (before, after) = direction == Forward ? ((long?)null, (long?)seq) : (seq, null);
        }

        IReadOnlyCollection<TopicId>? conversations = null;
        if (request.Topic is { } topic)
        {
            conversations = await topics.ConversationsUnderAsync(room.Id, topic, cancellationToken);
            if (conversations.Count == 0)
                return TopicErrors.NotFound;
        }

        var limit = request.Limit + 1;
        var found = (request.Query, after) switch
        {
            ({ } query, _) => await messages.SearchAsync(room.Id, SearchTerms.Words(SearchTerms.Fold(query)), before, conversations, limit, cancellationToken),
            (null, { } seq) => await messages.ListAsync(MessagesOfRoom.After(room.Id, seq, limit, conversations), cancellationToken),
            (null, null) => await messages.ListAsync(MessagesOfRoom.Before(room.Id, before, limit, conversations), cancellationToken),
        };
        var page = found.Take(request.Limit).Select(message => MessageView.Of(message, request.By)).ToList();
        string? next = null;
        if (found.Count > page.Count)
            next = Cursor.Of(page[^1].Seq, after is null ? Backward : Forward);
        if (after is null)
            page.Reverse();
        return new Page<MessageView>(page, next);
    }
}
