namespace AIChat.Domain.Messages;

public readonly record struct MessageId(string Value)
{
    public override string ToString() => Value;
}
