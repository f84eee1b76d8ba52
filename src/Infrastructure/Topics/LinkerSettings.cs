namespace AIChat.Infrastructure.Topics;

/// <summary>The linker's numbers. What speaks for a conversation adds up, in nats; above 0 a line joins it. docs/topics.md tells how they were found.</summary>
internal sealed record LinkerSettings
{
    public static LinkerSettings Default { get; } = new();

    /// <summary>For a conversation that the speaker is in.</summary>
    public double Member { get; init; } = 2.15;

    /// <summary>Lost there each time that the speaker's silence grows e-fold (in the room's own minutes, plus one).</summary>
    public double MemberFade { get; init; } = 2.2;

    /// <summary>For one where somebody called the speaker after the speaker's last line.</summary>
    public double Called { get; init; } = 0.9;

    /// <summary>For a conversation of others.</summary>
    public double Join { get; init; } = -1.15;

    /// <summary>Lost there each time that the conversation's silence grows e-fold.</summary>
    public double JoinFade { get; init; } = 0.7;

    /// <summary>For a conversation of others where nobody has answered yet.</summary>
    public double Unanswered { get; init; } = 1;

    /// <summary>Lost for conversations of others if every line of the room named whom it means: a newcomer who means somebody would say so.</summary>
    public double Naming { get; init; } = 1.7;

    /// <summary>Lost where the speaker would follow up on themselves.</summary>
    public double Own { get; init; } = 0.4;

    /// <summary>Won instead where that is only a moment later.</summary>
    public double GoesOn { get; init; } = 0.3;

    /// <summary>For words wholly alike, beyond what is usual between this line and what is going on.</summary>
    public double Alike { get; init; } = 5.5;

    /// <summary>How lately a caller and the called must have talked in one conversation for the call to be about it.</summary>
    public TimeSpan Together { get; init; } = TimeSpan.FromMinutes(8);

    /// <summary>From which likeness on a conversation that opens shares the broad theme of an earlier one.</summary>
    public double BroadKin { get; init; } = 0.15;

    /// <summary>From which likeness on it shares the narrow theme as well.</summary>
    public double NarrowKin { get; init; } = 0.25;
}
