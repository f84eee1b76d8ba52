using AIChat.Domain.Rooms;
using AIChat.Domain.Topics;
using AIChat.Domain.Users;
using AIChat.Evaluation.Scoring;
using AIChat.Evaluation.Training;
using AIChat.Infrastructure.LanguageModels;
using AIChat.Infrastructure.Topics.Classifiers;
using AIChat.Infrastructure.Topics.LanguageModels;
using Microsoft.Extensions.Logging.Abstractions;

namespace AIChat.Evaluation.Commands;

/// <summary>What a language model makes of rooms whose conversations are known, through the code of the server, beside the offline engine.</summary>
internal static class ModelRooms
{
    /// <summary>Whoever answers may be slow.</summary>
    private static readonly TimeSpan AnswerTimeout = TimeSpan.FromHours(12);

    /// <summary>The rooms that come with the project, by name; explicit replies are left out.</summary>
    public static IEnumerable<LabelledRoom> Own() => [WrittenRoom.ReadFile(Path.Combine(AppContext.BaseDirectory, "demo", "busy-room.jsonl")), .. WrittenRoom.Read("choose")];

    /// <summary>Asks for all rooms at once and prints a line for each as its answer comes.</summary>
    public static async Task RunAsync(Uri address, string name, string? key, IReadOnlyList<LabelledRoom> rooms, ConversationClassifier classifier, CancellationToken cancellation)
    {
        using var http = new HttpClient { Timeout = Timeout.InfiniteTimeSpan };
        var model = new LanguageModel(new LanguageModelOptions { Address = address, Key = key, Model = name, PromptTokens = 12_000, AnswerTimeout = AnswerTimeout }, http);
        var scores = new List<(ConversationScore Offline, ConversationScore Model)>();
        Console.WriteLine($"{"",-20}{"lines",7}{"filed",7}   {"offline: VI / ARI / 1-1 / exact F",-38}model: VI / ARI / 1-1 / exact F");
        await foreach (var answer in Task.WhenEach(rooms.Select(room => AskAsync(room))).WithCancellation(cancellation))
        {
            var (room, offline, found) = await answer;
            scores.Add((ScoreOf(offline, room), ScoreOf(found.Conversations, room)));
            Console.WriteLine($"{room.Name,-20}{room.Lines.Count,7}{found.Filed,7}   {Shown(scores[^1].Offline),-38}{Shown(scores[^1].Model)}");
        }

        if (scores.Count > 1)
            Console.WriteLine($"{"mean",-34}   {Mean(scores.Select(pair => pair.Offline)),-38}{Mean(scores.Select(pair => pair.Model))}");

        async Task<(LabelledRoom Room, IReadOnlyList<int> Offline, Disentanglement Found)> AskAsync(LabelledRoom room)
        {
            var offline = (await classifier.ClassifyAsync(room.Lines, ClassificationMode.Full, null, cancellation)).High;
            return (room, offline, await DisentangleAsync(new ModelDisentangler(model, new OpenPurse(), NullLogger<ModelDisentangler>.Instance), room.Lines, offline, cancellation));
        }
    }

    public static Task<Disentanglement> DisentangleAsync(ModelDisentangler disentangler, IReadOnlyList<ChatLine> lines, IReadOnlyList<int> offline, CancellationToken cancellation)
        => disentangler.DisentangleAsync(new DisentanglementRequest(new RoomId("room"), new UserId("evaluation"), lines, 0, offline), cancellation);

    public static ConversationScore ScoreOf(IReadOnlyList<int> labels, LabelledRoom room)
    {
        var (found, gold) = (new Links(), new Links());
        found.AddLabels(room.Name, labels, 0);
        gold.AddLabels(room.Name, room.Conversations, 0);
        return ConversationScore.Of(found, gold, 0);
    }

    private static string Shown(ConversationScore score) => $"{score.Vi:F1} / {score.Ari:F1} / {score.OneToOne:F1} / {score.ExactF:F1}";

    private static string Mean(IEnumerable<ConversationScore> scores)
    {
        var all = scores.ToList();
        return $"{all.Average(score => score.Vi):F1} / {all.Average(score => score.Ari):F1} / {all.Average(score => score.OneToOne):F1} / {all.Average(score => score.ExactF):F1}";
    }
}
