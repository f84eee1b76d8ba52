using System.Globalization;
using AIChat.Application.Rooms;
using AIChat.Domain.Summaries;
using AIChat.Domain.Topics;
using FluentValidation;

namespace AIChat.Application.Summaries;

/// <summary>What was said lately, by topic, each point with its proof. The same question about the same messages gets the stored answer.</summary>
/// <param name="Room">Where.</param>
/// <param name="By">For whom.</param>
/// <param name="HowMany">The newest so many messages; null: 100.</param>
/// <param name="Since"><c>unread</c>, or a time: messages after the caller's read mark or since then, up to 10,000, in place of <paramref name="HowMany"/>.</param>
/// <param name="Level">Summaries of this level only; null: of all three.</param>
/// <param name="Language"><c>ko</c> or <c>en</c>; null: the room's.</param>
public sealed record SummarizeRoom(RoomId Room, UserId By, int? HowMany, string? Since, string? Level, string? Language) : IRequest<Result<SummaryView>>
{
    /// <summary>What the room's digest is about; null: it is none.</summary>
    internal SummaryPeriod? Period { get; init; }

    /// <summary>For whom alone it is; null: for everyone in the room.</summary>
    internal UserId? Reader => Since == SummaryRequest.Unread ? By : null;

    internal bool Covers(TopicLevel level) => Level is null || Enum.Parse<TopicLevel>(Level, ignoreCase: true) == level;
}

/// <summary>A summary was made; for everyone in the room unless it was made for one <paramref name="Reader"/>.</summary>
public sealed record SummaryMade(RoomId Room, SummaryView Summary, UserId? Reader) : INotification;

internal sealed class SummarizeRoomValidator : AbstractValidator<SummarizeRoom>
{
    public SummarizeRoomValidator()
    {
        RuleFor(request => request.HowMany).InclusiveBetween(1, 1000).WithErrorCode(SummaryErrors.HowMany.Code).WithMessage(SummaryErrors.HowMany.Message);
        RuleFor(request => request.Since).Must(since => since is null || SummaryRequest.IsSince(since))
            .WithErrorCode(SummaryErrors.Since.Code).WithMessage(SummaryErrors.Since.Message);
        RuleFor(request => request.Level).Must(level => level is null or "low" or "mid" or "high")
            .WithErrorCode(SummaryErrors.Level.Code).WithMessage(SummaryErrors.Level.Message);
        RuleFor(request => request.Language).Must(language => language is null or RoomLanguage.Korean or RoomLanguage.English)
            .WithErrorCode(SummaryErrors.Language.Code).WithMessage(SummaryErrors.Language.Message);
    }
}

internal static class SummaryRequest
{
    public const string Unread = "unread";
    public const int DefaultHowMany = 100;
    public const int MaxSince = 10_000;

    public static bool IsSince(string since) => since == Unread || TryParseTime(since, out _);

    public static bool TryParseTime(string since, out DateTimeOffset time)
        => DateTimeOffset.TryParse(since, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out time);

    /// <summary>The question as a key: the same one finds the same answer.</summary>
    public static string KeyOf(SummarizeRoom request, string engine)
        => request.Period is not null ? "digest" : string.Join('/', engine, request.Since ?? $"last-{request.HowMany ?? DefaultHowMany}", request.Level ?? "all", request.Language ?? "auto");
}

internal sealed class SummarizeRoomHandler(RoomAccess access, SummaryAnswers answers) : IRequestHandler<SummarizeRoom, Result<SummaryView>>
{
    public async Task<Result<SummaryView>> Handle(SummarizeRoom request, CancellationToken cancellationToken)
    {
        if (!(await access.ToReadAsync(request.Room, request.By, cancellationToken)).Succeeded(out var room, out var refusal))
            return refusal;
        if (!(await answers.FollowAsync(request, room, cancellationToken)).Succeeded(out var making, out refusal))
            return refusal;
        return await making.Events.LastAsync(cancellationToken) switch
        {
            SummaryDone { Summary: var made } => made,
            SummaryRefused { Why: var why } => why,
            _ => throw new InvalidOperationException("A making ends with the whole or a refusal."),
        };
    }
}
