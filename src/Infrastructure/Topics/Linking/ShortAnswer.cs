namespace AIChat.Infrastructure.Topics.Linking;

/// <summary>Recognises an answer of a word or two (강남, 7시, "both then"), and the question that it may answer.</summary>
internal static class ShortAnswer
{
    private const int MostLetters = 16;

    public static bool IsOne(ObservedLine line)
        => line.Source.Content.AsSpan().Trim().Length <= MostLetters
            && Is(line, LineTrait.IsOneOrTwoWords)
            && line.Mentions.Count == 0
            && !FillerDetector.IsFiller(line.Source.Content)
            && !Is(line, LineTrait.HasQuestionMark) && !Is(line, LineTrait.Asks) && !Is(line, LineTrait.Greets) && !Is(line, LineTrait.AddressesEveryone) && !Is(line, LineTrait.HasWebAddress);

    public static bool Asks(ObservedLine question, ObservedLine answer) => question.Speaker != answer.Speaker && (question.Mentions.Count == 0 || question.Addresses(answer.Speaker)) && (Is(question, LineTrait.HasQuestionMark) || Is(question, LineTrait.Asks));

    private static bool Is(ObservedLine line, LineTrait trait) => line.Trait(trait) > 0;
}
