using System.Globalization;
using AIChat.Domain.Summaries;
using AIChat.Domain.Topics;
using FluentValidation;

namespace AIChat.Application.Summaries;

/// <summary>Which messages to summarize, for whom and how.</summary>
/// <param name="Room">The room.</param>
/// <param name="By">The caller, whose budget pays for a language model.</param>
/// <param name="HowMany">Number of newest messages, 1 to 1,000; null: 100.</param>
/// <param name="Since"><c>unread</c> or a time: up to 10,000 messages after the caller's read mark or from that time on; replaces <paramref name="HowMany"/>.</param>
/// <param name="Level"><c>low</c>, <c>mid</c> or <c>high</c>; null: all three.</param>
/// <param name="Language"><c>ko</c> or <c>en</c>; null: the room's language.</param>
public abstract record SummaryRequest(RoomId Room, UserId By, int? HowMany, string? Since, string? Level, string? Language)
{
    internal const string Unread = "unread";
    internal const int DefaultHowMany = 100;
    internal const int MaxSince = 10_000;

    /// <summary>The period of a scheduled summary; null for one that a person asked for.</summary>
    internal SummaryPeriod? Period { get; init; }

    /// <summary>The only reader of the summary; null: everyone in the room may read it.</summary>
    internal UserId? Reader => Since == Unread ? By : null;

    /// <summary>The number of messages that was asked for; null: all of a time.</summary>
    internal int? MessagesAsked => Since is null && Period is null ? HowMany ?? DefaultHowMany : null;

    internal bool Covers(TopicLevel level) => Level is null || Enum.Parse<TopicLevel>(Level, ignoreCase: true) == level;

    /// <summary>Equal requests to the same engine have the same key, under which summaries are stored. Those of an earlier form are not found by it.</summary>
    internal string KeyFor(string engine)
        => Period is not null ? "digest" : string.Join('/', "2", engine, Since ?? $"last-{HowMany ?? DefaultHowMany}", Level ?? "all", Language ?? "auto");

    internal static bool TryParseTime(string since, out DateTimeOffset time)
        => DateTimeOffset.TryParse(since, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out time);
}

internal abstract class SummaryRequestValidator<T> : AbstractValidator<T>
    where T : SummaryRequest
{
    protected SummaryRequestValidator()
    {
        RuleFor(request => request.HowMany).InclusiveBetween(1, 1000).WithErrorCode(SummaryErrors.HowMany.Code).WithMessage(SummaryErrors.HowMany.Message);
        RuleFor(request => request.Since).Must(since => since is null or SummaryRequest.Unread || SummaryRequest.TryParseTime(since, out _))
            .WithErrorCode(SummaryErrors.Since.Code).WithMessage(SummaryErrors.Since.Message);
        RuleFor(request => request.Level).Must(level => level is null or "low" or "mid" or "high")
            .WithErrorCode(SummaryErrors.Level.Code).WithMessage(SummaryErrors.Level.Message);
        RuleFor(request => request.Language).Must(language => language is null or RoomLanguage.Korean or RoomLanguage.English)
            .WithErrorCode(SummaryErrors.Language.Code).WithMessage(SummaryErrors.Language.Message);
    }
}
