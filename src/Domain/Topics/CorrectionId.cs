namespace AIChat.Domain.Topics;

public readonly record struct CorrectionId(string Value)
{
    public override string ToString() => Value;
}
