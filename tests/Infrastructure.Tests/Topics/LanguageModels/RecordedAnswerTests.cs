using AIChat.Domain.Topics;
using AIChat.Evaluation.Commands;
using AIChat.Infrastructure.Topics.Classifiers;
using Microsoft.ML.Tokenizers;

namespace AIChat.Infrastructure.Tests.Topics.LanguageModels;

/// <summary>Answers that a language model gave to the prompts of three written rooms (tests/Evaluation/ModelAnswers), through the scripted server.</summary>
public sealed class RecordedAnswerTests : DisentanglerTestBase
{
    [Theory]
    [InlineData("ko-bookclub-1", 12)]
    [InlineData("mixed-lab-1", 10)]
    [InlineData("en-parents-1", 12)]
    public async Task A_good_answer_untangles_a_written_room(string name, int outcomes)
    {
        var room = ModelRooms.Own().Single(room => room.Name == name);
        var recorded = await File.ReadAllTextAsync(Path.Combine(AppContext.BaseDirectory, "ModelAnswers", $"{name}.json"));
        Server.Answer = _ => [recorded];
        var offline = (await new ConversationClassifier().ClassifyAsync(room.Lines, ClassificationMode.Full, null, default)).High;
        var found = await ModelRooms.DisentangleAsync(Disentangler(), room.Lines, offline, default);

        var asked = Assert.Single(Server.Asked);
        Assert.Equal(room.Lines.Count, found.Filed);
        var score = ModelRooms.ScoreOf(found.Conversations, room);
        Assert.True(score.Vi >= 90 && score.ExactF >= 55, $"VI {score.Vi:F1}, exact F {score.ExactF:F1}");
        Assert.True(found.Outcomes.Count >= outcomes && found.Titles.Count >= outcomes, $"{found.Titles.Count} titles, {found.Outcomes.Count} outcomes of {found.Conversations.Max() + 1} conversations");

        // What docs/topics.md says about the cost.
        var tokens = TiktokenTokenizer.CreateForEncoding("o200k_base");
        var (input, output) = (tokens.CountTokens(asked.System + asked.User) * 200.0 / room.Lines.Count, tokens.CountTokens(recorded) * 200.0 / room.Lines.Count);
        Assert.True(input < 9_000 && output < 1_600, $"{input:F0} in, {output:F0} out");
    }
}
