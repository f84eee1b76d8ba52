using AIChat.Application.Common;
using AIChat.Application.Messages;
using AIChat.Application.Rooms;
using AIChat.Domain.Topics;
using FluentValidation;

namespace AIChat.Application.Reads;

/// <summary>Finds the messages of a room whose meaning is closest to a query, best first.</summary>
public sealed record SearchByMeaning(RoomId Room, UserId By, string? Query, bool IsNarrowed, int Limit) : IRequest<Result<Page<MessageView>>>;

internal sealed class SearchByMeaningValidator : AbstractValidator<SearchByMeaning>
{
    public SearchByMeaningValidator()
    {
        RuleFor(request => request.Limit).IsLimit();
        RuleFor(request => request.Query).Must(query => !string.IsNullOrWhiteSpace(query) && query.Length <= SearchTerms.MaxQueryLength && Text.IsStorable(query))
            .WithErrorCode(MessageErrors.BadQuery.Code).WithMessage(MessageErrors.BadQuery.Message);
        RuleFor(request => request.IsNarrowed).Equal(false).WithErrorCode("semantic_whole_room").WithMessage("A search by meaning ranks the whole room: leave before, after, topicId and cursor out.");
    }
}

internal sealed class SearchByMeaningHandler(RoomAccess access, ISentenceEmbedder embedder, ISemanticIndex index, IMessageRepository messages, IUserRepository users)
    : IRequestHandler<SearchByMeaning, Result<Page<MessageView>>>
{
    /// <summary>Extra hits, in place of messages that were edited or deleted after they were embedded.</summary>
    private const int Spare = 20;

    public async Task<Result<Page<MessageView>>> Handle(SearchByMeaning request, CancellationToken cancellationToken)
    {
        if (!(await access.ToReadAsync(request.Room, request.By, cancellationToken)).Succeeded(out var room, out var refusal))
            return refusal;
        if (embedder.FindModel() is null)
            return TopicErrors.NoEmbedder;

        // A query is the caller's own text: their choice about remote models covers it.
        if (embedder.IsRemote && (await users.ExcludedFromAiAsync([request.By], cancellationToken)).Count > 0)
            return TopicErrors.QueryKept;
        if (await embedder.EmbedAsync([Text.Composed(request.Query!)], cancellationToken) is not { } query)
            return TopicErrors.EmbedderAway;
        var hits = await index.SearchAsync(room, query.Model, query.Vectors[0], request.Limit + Spare, cancellationToken);
        var found = (await messages.ListAsync(MessagesOfRoom.BySeq(room.Id, [.. hits.Select(hit => hit.Seq)]), cancellationToken)).ToDictionary(message => message.Seq);
        var page = hits
            .Where(hit => found.TryGetValue(hit.Seq, out var message) && !message.IsDeleted && message.EditedAt == hit.EditedAt)
            .Take(request.Limit)
            .Select(hit => MessageView.Of(found[hit.Seq], request.By));
        return new Page<MessageView>([.. page], null);
    }
}
