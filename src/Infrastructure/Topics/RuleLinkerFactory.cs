using AIChat.Domain.Topics;

namespace AIChat.Infrastructure.Topics;

internal sealed class RuleLinkerFactory : ILinkerFactory
{
    public int Context => RuleLinker.Kept;

    public ILinker Start() => new RuleLinker(LinkerSettings.Default);
}
