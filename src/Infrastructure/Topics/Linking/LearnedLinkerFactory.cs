using AIChat.Domain.Topics;

namespace AIChat.Infrastructure.Topics.Linking;

internal sealed class LearnedLinkerFactory : ILinkerFactory
{
    /// <summary>Ten times the number of candidates: the room's tempo, nicknames and rare words come from further back.</summary>
    public int Context => 10 * LinkerState.Candidates;

    public ILinker Start() => new LearnedLinker(LinkWeights.Shipped);
}
