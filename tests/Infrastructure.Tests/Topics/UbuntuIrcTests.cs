using AIChat.Domain.Topics;
using AIChat.Evaluation.Irc;
using AIChat.Evaluation.Scoring;
using AIChat.Infrastructure.Topics.Classifiers;

namespace AIChat.Infrastructure.Tests.Topics;

/// <summary>A class of its own, because it takes long and runs beside the others.</summary>
public sealed class UbuntuIrcTests
{
    [DataTheory("irc/dev")]
    [InlineData(ClassificationMode.Full)]
    [InlineData(ClassificationMode.Online)]
    public async Task Each_mode_beats_the_rules(ClassificationMode mode)
    {
        var folder = Path.Combine(TestData.Folder!, "irc/dev");
        var found = new Links();
        foreach (var room in IrcRoom.ReadAll(folder))
            found.Add(room.Name, (await new ConversationClassifier().ClassifyAsync(room.Lines, mode, null, default)).Links, 1000);
        var score = ConversationScore.Of(found, Links.ReadGold(folder, 1000), 1000);
        Assert.True(score is { LinkF: >= 63, Vi: >= 86.7, OneToOne: >= 69, ExactF: >= 22.7 }, score.ToString());
    }
}
