using AIChat.Domain.Summaries;
using AIChat.Infrastructure.Common;

namespace AIChat.Infrastructure.Summaries;

/// <summary>Reads what language models may cost.</summary>
internal static class BudgetOptions
{
    public static Budgets Read(SettingsReader read) => new(Money("AI_BUDGET_USER", read), Money("AI_BUDGET_ROOM", read), Money("AI_BUDGET_TOTAL", read));

    private static Money? Money(string name, SettingsReader read) => read.Dollars(name) is { } dollars ? new Money((long)(dollars * 1_000_000)) : null;
}
