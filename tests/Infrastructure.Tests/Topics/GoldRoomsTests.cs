using AIChat.Domain.Topics;
using AIChat.Evaluation;
using AIChat.Evaluation.Commands;
using AIChat.Infrastructure.Topics.Classifiers;

namespace AIChat.Infrastructure.Tests.Topics;

/// <summary>The small version of <c>tests/Evaluation -- rooms-gold</c>: rooms of the project whose conversations are known. The bars are a few points below what docs/topics.md reports.</summary>
public sealed class GoldRoomsTests
{
    [Theory]
    [InlineData("demo", ClassificationMode.Full, 75, 50, 58)]
    [InlineData("demo", ClassificationMode.Online, 67, 34, 42)]
    [InlineData("written, to choose by", ClassificationMode.Full, 72, 44, 57)]
    [InlineData("written, to choose by", ClassificationMode.Online, 68, 37, 50)]
    public async Task Conversations_are_found(string name, ClassificationMode mode, double vi, double ari, double oneToOne)
    {
        var set = GoldRooms.Own().Single(set => set.Name == name);
        var labels = await RoomsGoldCommand.ClassifyAsync(set, new ConversationClassifier(), mode, default);
        var score = RoomsGoldCommand.Score(set, labels);
        Assert.True(score[0] >= vi && score[1] >= ari && score[2] >= oneToOne, string.Join(" / ", score));
        var rules = RoomsGoldCommand.Score(set, [.. set.Rooms.Select(room => Floors.Conversations(Floors.Rules(room.Lines, TimeSpan.FromMinutes(10))))]);
        Assert.All(score.Zip(rules).Take(3), pair => Assert.True(pair.First > pair.Second, string.Join(" / ", rules)));
    }
}
