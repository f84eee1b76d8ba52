namespace AIChat.Domain.Summaries;

public readonly record struct SummaryId(string Value)
{
    public override string ToString() => Value;
}
