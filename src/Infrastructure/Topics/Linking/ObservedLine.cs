using AIChat.Domain.Topics;
using AIChat.Infrastructure.Topics.Ngrams;

namespace AIChat.Infrastructure.Topics.Linking;

/// <summary>One line of talk as the linker remembers it, with what was known when it was said.</summary>
/// <param name="Index">Its number among all lines.</param>
/// <param name="Order">Its number among the lines that people said.</param>
/// <param name="Said">The line.</param>
/// <param name="Vector">Its n-grams, weighed by what was rare then.</param>
/// <param name="Embedding">What a sentence encoder makes of it, relative to the room's mean then; null: nothing.</param>
/// <param name="Words">Hashes of its words' stems, each once, and how rare each was then.</param>
/// <param name="Traits">See <see cref="LineTraits"/>.</param>
/// <param name="Calls">Whom it calls.</param>
/// <param name="SpeakerLine">How many lines its speaker had said before.</param>
internal sealed record ObservedLine(
    int Index, int Order, ChatLine Said, NgramVector Vector, float[]? Embedding, (int Stem, float Rarity)[] Words, float[] Traits, IReadOnlyList<Call> Calls, int SpeakerLine)
{
    /// <summary>The conversation that it was filed under; −1: none.</summary>
    public int Conversation { get; set; } = -1;

    /// <summary>Whom it was found to answer, and the number of that line of talk; null and −1: it opened a conversation.</summary>
    public string? AnsweredSpeaker { get; private set; }

    public int AnsweredOrder { get; private set; } = -1;

    /// <summary>How many lines were found to answer it.</summary>
    public int AnswerCount { get; private set; }

    /// <summary>See <see cref="LinkModel.Prepare"/>.</summary>
    public float[] Prepared { get; set; } = [];

    public DateTimeOffset At => Said.CreatedAt;

    public string Speaker => Said.Speaker;

    /// <summary>Remembers what this line was found to answer.</summary>
    public void Answer(ObservedLine antecedent)
    {
        AnsweredSpeaker = antecedent.Speaker;
        AnsweredOrder = antecedent.Order;
        antecedent.AnswerCount++;
    }

    public bool CallsSomebody(string speaker)
    {
        for (var i = 0; i < Calls.Count; i++)
        {
            if (Calls[i].Speaker == speaker)
                return true;
        }

        return false;
    }
}
