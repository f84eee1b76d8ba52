using AIChat.Application.Common;
using AIChat.Application.Messages;
using AIChat.Application.Rooms;
using AIChat.Domain.Topics;
using FluentValidation;

namespace AIChat.Application.Reads;

/// <summary>The messages of a room that mean most nearly what is asked, best first, whatever words they use.</summary>
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
    /// <summary>Found beyond the limit, in place of what was edited or deleted since its vector was made.</summary>
    private const int Spare = 20;

    public async Task<Result<Page<MessageView>>> Handle(SearchByMeaning request, CancellationToken cancellationToken)
    {
        if (!(await access.ToReadAsync(request.Room, request.By, cancellationToken)).Succeeded(out var room, out var refusal))
            return refusal;
        if (embedder.FindModel() is null)
            return TopicErrors.NoEmbedder;

        // What somebody looks for is theirs too.
        if (embedder.IsRemote && (await users.ExcludedFromAiAsync([request.By], cancellationToken)).Count > 0)
            return TopicErrors.QueryKept;
        if (await embedder.EmbedAsync([request.Query!], cancellationToken) is not { } asked)
            return TopicErrors.EmbedderAway;
        var hits = await index.SearchAsync(room, asked.Model, asked.Vectors[0], request.Limit + Spare, cancellationToken);
        var found = (await messages.ListAsync(MessagesOfRoom.BySeq(room.Id, [.. hits.Select(hit => hit.Seq)]), cancellationToken)).ToDictionary(message => message.Seq);
        var page = hits
            .Where(hit => found.TryGetValue(hit.Seq, out var message) && !message.IsDeleted && message.EditedAt == hit.EditedAt)
            .Take(request.Limit)
            .Select(hit => MessageView.Of(found[hit.Seq]));
        return new Page<MessageView>([.. page], null);
    }
}
