using System.Globalization;
using AIChat.Application.Messages.Transcripts;
using AIChat.Application.Reads;
using Spectre.Console;
using Text = Spectre.Console.Text;

namespace AIChat.Api.Commands;

/// <summary>Prints the conversations of a transcript: in colour on a terminal, plain in a pipe.</summary>
internal static class ClassifyReport
{
    private static readonly Color[] Colors = [Color.Aqua, Color.Yellow, Color.Green, Color.Fuchsia, Color.Orange1, Color.SkyBlue1, Color.Salmon1, Color.SpringGreen1];

    public static void Print(IAnsiConsole screen, List<TranscriptLine> lines, Prediction found)
    {
        var themes = Enumerable.Range(0, lines.Count).Where(i => found.Topics.High[i] >= 0).GroupBy(i => found.Topics.Low[i]).OrderByDescending(theme => theme.Count()).ToList();
        foreach (var theme in themes)
        {
            var color = Colors[theme.Key % Colors.Length];
            Line(screen, $"# {NameOf(found.Summaries.Low, theme.Key)}", new Style(color, decoration: Decoration.Bold));
            foreach (var conversation in theme.GroupBy(i => found.Topics.High[i]).OrderBy(group => group.First()))
                PrintConversation(screen, [.. conversation.Select(i => lines[i])], found.Summaries.High[Key(conversation.Key)], color);
            screen.WriteLine();
        }

        var noise = found.Topics.High.Count(label => label < 0);
        Line(screen, $"{lines.Count} messages, {themes.Sum(theme => theme.Select(i => found.Topics.High[i]).Distinct().Count())} conversations, {themes.Count} themes, {noise} of no topic", Style.Plain);
    }

    private static void PrintConversation(IAnsiConsole screen, List<TranscriptLine> said, PredictedTopic topic, Color color)
    {
        var people = said.GroupBy(line => line.Nickname).OrderByDescending(person => person.Count()).Select(person => $"{person.Key} ({person.Count()})").ToList();
        var who = string.Join(", ", people.Take(6)) + (people.Count > 6 ? $", +{people.Count - 6}" : string.Empty);
        Line(screen, $"  {topic.Name}", new Style(color));
        Line(screen, $"    {Time(said.Min(line => line.CreatedAt))} – {Time(said.Max(line => line.CreatedAt))}  {said.Count} messages  {who}", new Style(Color.Grey));
        foreach (var point in topic.Points)
            Line(screen, $"    • {point.Text}", Style.Plain);
    }

    // Text, never markup: messages may hold brackets and control characters.
    private static void Line(IAnsiConsole screen, string text, Style style)
    {
        screen.Write(new Text(string.Concat(text.Where(c => !char.IsControl(c))), style) { Overflow = Overflow.Fold });
        screen.WriteLine();
    }

    private static string NameOf(IReadOnlyDictionary<string, PredictedTopic> topics, int label) => topics[Key(label)].Name;

    private static string Key(int label) => label.ToString(CultureInfo.InvariantCulture);

    private static string Time(DateTimeOffset at) => at.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture);
}
