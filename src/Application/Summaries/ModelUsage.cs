using AIChat.Domain.Summaries;
using FluentValidation;

namespace AIChat.Application.Summaries;

/// <summary>The cost of language models in a month (<c>2026-01</c>; null: the current one), for the operator.</summary>
public sealed record ModelUsage(string? Month) : IRequest<Result<UsageView>>;

/// <param name="Month">Such as <c>2026-01</c>.</param>
/// <param name="Spent">US dollars; running calls count with the most that they may cost.</param>
/// <param name="Budgets">Monthly limits in US dollars; null: unlimited.</param>
/// <param name="Items">By user and room, the most expensive first.</param>
public sealed record UsageView(string Month, decimal Spent, BudgetsView Budgets, IReadOnlyList<UsageItem> Items);

public sealed record BudgetsView(decimal? User, decimal? Room, decimal? Total);

public sealed record UsageItem(string UserId, string ChannelId, long Calls, decimal Spent);

internal sealed class ModelUsageValidator : AbstractValidator<ModelUsage>
{
    public ModelUsageValidator() => RuleFor(request => request.Month).Must(month => month is null || DateOnly.TryParseExact(month + "-01", "yyyy-MM-dd", out _))
        .WithErrorCode("month_bad").WithMessage("month is a year and a month, such as 2026-01.");
}

internal sealed class ModelUsageHandler(ISpendingRepository spending, Budgets budgets, TimeProvider time) : IRequestHandler<ModelUsage, Result<UsageView>>
{
    public async Task<Result<UsageView>> Handle(ModelUsage request, CancellationToken cancellationToken)
    {
        var month = request.Month ?? time.GetUtcNow().ToString("yyyy-MM", System.Globalization.CultureInfo.InvariantCulture);
        var shares = await spending.SharesAsync(month, cancellationToken);
        return new UsageView(
            month,
            Dollars(new Money(shares.Sum(share => share.Spent.Micros)))!.Value,
            new BudgetsView(Dollars(budgets.User), Dollars(budgets.Room), Dollars(budgets.Total)),
            [.. shares.Select(share => new UsageItem(share.Account.User.Value, share.Account.Room.Value, share.Calls, Dollars(share.Spent)!.Value))]);
    }

    private static decimal? Dollars(Money? money) => money is { } some ? some.Micros / 1_000_000m : null;
}
