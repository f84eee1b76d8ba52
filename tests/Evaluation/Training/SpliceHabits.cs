namespace AIChat.Evaluation.Training;

/// <summary>The habits of one spliced room, drawn at random.</summary>
internal sealed class SpliceHabits
{
    public SpliceHabits(Random chance)
    {
        People = chance.NextDouble() < 0.15 ? chance.Next(2, 4) : chance.Next(4, 15);
        Dialogues = chance.Next(6, 17);
        Nearness = chance.Next(3) switch { 0 => 1, 1 => 0.85, _ => 0.3 };
        Language = chance.NextDouble() switch { < 0.45 => SpliceLanguage.Korean, < 0.75 => SpliceLanguage.English, _ => SpliceLanguage.Mixed };
        Favour = 1.2 * chance.NextDouble();
        Live = chance.NextDouble() < 0.2 ? 1 : chance.Next(2, 6);
        Spread = 30 * Math.Exp(chance.NextDouble() * Math.Log(10)); // 0.5–5 min
        Hours = 2 + (12 * chance.NextDouble());
        Night = chance.NextDouble() < 0.4 ? 9 + (6 * chance.NextDouble()) : 0;
        Stretch = Math.Exp(0.4 * BusyRoom.Normal(chance));
        Gap = 8 * Math.Exp(chance.NextDouble() * Math.Log(8)); // 8–64 s
        Unevenness = 0.4 + (0.8 * chance.NextDouble());
        Pauses = 0.5 * chance.NextDouble();
        Names = chance.NextDouble() switch { < 0.15 => 0, < 0.65 => 1, _ => chance.NextDouble() };
        Calls = Names * 0.4 * chance.NextDouble();
        Shortens = chance.NextDouble() < 0.5;
        Split = chance.NextDouble() < 0.6 ? 0 : chance.NextDouble() * 0.4;
    }

    /// <summary>People of the room.</summary>
    public int People { get; set; }

    public int Dialogues { get; }

    /// <summary>Probability that the next dialogue is of the same source as the one before.</summary>
    public double Nearness { get; }

    public SpliceLanguage Language { get; }

    /// <summary>How much more some people talk than others; 0: all the same.</summary>
    public double Favour { get; }

    /// <summary>Conversations that begin together, at most.</summary>
    public int Live { get; }

    /// <summary>Mean seconds from the beginning of a busy time to the beginning, or the resumption, of a conversation in it.</summary>
    public double Spread { get; }

    /// <summary>Hours over which the busy times are spread, the night aside.</summary>
    public double Hours { get; }

    /// <summary>Hours of silence in the middle; 0: the room's day has none.</summary>
    public double Night { get; }

    /// <summary>Factor of the waiting times that a dialogue brings along.</summary>
    public double Stretch { get; }

    /// <summary>Typical seconds between two lines of a dialogue that brings no times along.</summary>
    public double Gap { get; }

    public double Unevenness { get; }

    /// <summary>Probability that a dialogue without a long pause gets one or two.</summary>
    public double Pauses { get; }

    /// <summary>Probability that a text keeps its names.</summary>
    public double Names { get; }

    /// <summary>Probability that an answer names somebody, in dialogues that bring no names along.</summary>
    public double Calls { get; }

    /// <summary>Whether long nicknames are shortened when spoken.</summary>
    public bool Shortens { get; }

    /// <summary>Probability that a text of four words or more is sent in pieces.</summary>
    public double Split { get; }
}

internal enum SpliceLanguage
{
    Korean,
    English,
    Mixed,
}
