using AIChat.Domain.Topics;
using AIChat.Infrastructure.Topics.Ngrams;

namespace AIChat.Infrastructure.Topics.Linking;

/// <summary>One line with what was known when it was said. System lines are observed too, but get no <see cref="Order"/> of their own.</summary>
/// <param name="Index">Its place among all lines.</param>
/// <param name="Order">Its place among the lines that people said.</param>
/// <param name="Source">The line.</param>
/// <param name="Vector">Its n-grams, weighted by the document frequencies of that time.</param>
/// <param name="Embedding">Its sentence embedding relative to the room's mean at that time, at unit length; null: it has none.</param>
/// <param name="Stems">Hashes of its words' stems, each once, with the rarity of each at that time.</param>
/// <param name="Traits">[<see cref="LineTraits.Count"/>], in the order of <see cref="LineTrait"/>.</param>
/// <param name="Mentions">The speakers whom it mentions.</param>
/// <param name="EarlierLinesOfSpeaker">Number of lines that its speaker had said before.</param>
internal sealed record ObservedLine(
    int Index, int Order, ChatLine Source, NgramVector Vector, float[]? Embedding, (int Hash, float Rarity)[] Stems, float[] Traits, IReadOnlyList<Mention> Mentions, int EarlierLinesOfSpeaker)
{
    /// <summary>The conversation that it was assigned to when it was said; −1: none.</summary>
    public int Conversation { get; set; } = -1;

    /// <summary>Speaker of the line that it answers; null: it opened a conversation.</summary>
    public string? AntecedentSpeaker { get; private set; }

    /// <summary><see cref="Order"/> of the line that it answers; −1: it opened a conversation.</summary>
    public int AntecedentOrder { get; private set; } = -1;

    /// <summary>Number of lines that answer it.</summary>
    public int AnswerCount { get; private set; }

    /// <summary>Its share in the first layer of the link model wherever it is a candidate.</summary>
    public float[] CandidateActivations { get; set; } = [];

    /// <summary>Cosine similarity of its n-grams to each of its candidates, the newest first; empty where it was not compared.</summary>
    public float[] Cosines { get; set; } = [];

    /// <summary>The number of its speaker's history; −1 until it is added to it.</summary>
    public int SpeakerNumber { get; set; } = -1;

    public DateTimeOffset At => Source.CreatedAt;

    public string Speaker => Source.Speaker;

    public float Trait(LineTrait trait) => Traits[(int)trait];

    /// <summary>Sets what this line answers.</summary>
    public void LinkTo(ObservedLine antecedent)
    {
        AntecedentSpeaker = antecedent.Speaker;
        AntecedentOrder = antecedent.Order;
        antecedent.AnswerCount++;
    }

    public bool Addresses(string speaker)
    {
        for (var i = 0; i < Mentions.Count; i++)
        {
            if (Mentions[i].Speaker == speaker)
                return true;
        }

        return false;
    }
}
