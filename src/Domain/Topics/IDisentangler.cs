using AIChat.Domain.Rooms;
using AIChat.Domain.Users;

namespace AIChat.Domain.Topics;

/// <summary>Finds the conversations of lines with a language model, which reads what was said.</summary>
public interface IDisentangler
{
    /// <summary><c>openai:</c> and the model's name; null: there is no model, and it must not be asked.</summary>
    string? Engine { get; }

    /// <summary>About what it costs to file so many lines, in US dollars.</summary>
    decimal Estimate(long lines);

    /// <summary>
    /// Asks for the conversations of the lines from <see cref="DisentanglementRequest.From"/> on. Known conversations and explicit replies are kept, whatever the model says. Where its
    /// answer cannot be used, and for lines that it must not see, the offline result stands.
    /// </summary>
    Task<Disentanglement> DisentangleAsync(DisentanglementRequest request, CancellationToken cancellation);
}

/// <param name="Room">The room, whose budget pays.</param>
/// <param name="Payer">The person whose budget pays.</param>
/// <param name="Lines">The lines, oldest first, with explicit replies and known conversations.</param>
/// <param name="From">Index of the first line to file. Those before it are context and stay where they are.</param>
/// <param name="Offline">Conversation of each line as <see cref="Classification.High"/> of the offline engine, which kept the known ones.</param>
public sealed record DisentanglementRequest(RoomId Room, UserId Payer, IReadOnlyList<ChatLine> Lines, int From, IReadOnlyList<int> Offline);

/// <param name="Conversations">Conversation of each line, as <see cref="Classification.High"/>.</param>
/// <param name="UpTo">Index after the last line that was asked for. The model did not answer for the rest; it may later.</param>
/// <param name="Filed">Lines that the model filed.</param>
public sealed record Disentanglement(IReadOnlyList<int> Conversations, int UpTo, int Filed)
{
    /// <summary>Names that the model gave, by conversation.</summary>
    public IReadOnlyDictionary<int, string> Titles { get; init; } = new Dictionary<int, string>();

    /// <summary>Outcomes that the model gave, by conversation; their lines are indices of the request's.</summary>
    public IReadOnlyDictionary<int, FoundOutcome> Outcomes { get; init; } = new Dictionary<int, FoundOutcome>();
}
