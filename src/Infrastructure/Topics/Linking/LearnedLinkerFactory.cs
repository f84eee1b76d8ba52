using AIChat.Domain.Topics;

namespace AIChat.Infrastructure.Topics.Linking;

internal sealed class LearnedLinkerFactory : ILinkerFactory
{
    /// <summary>Ten times as many as may be answered: habits of the room, names and rare words come from further back.</summary>
    public int Context => 10 * LinkerState.Candidates;

    public ILinker Start() => new LearnedLinker(LinkWeights.Shipped);
}
