namespace AIChat.Infrastructure.Topics;

/// <summary>The linker's numbers, in nats where they speak for or against a conversation; how they were found is told in docs/topics.md.</summary>
internal sealed record LinkerSettings
{
    public static LinkerSettings Default { get; } = new();

    /// <summary>What speaks for a conversation that the speaker is in.</summary>
    public double Member { get; init; } = 2.5;

    /// <summary>What it loses each time that the silence of the speaker there grows e-fold.</summary>
    public double MemberFade { get; init; } = 2.2;

    /// <summary>What speaks for a conversation that the speaker was called into and has not answered in yet.</summary>
    public double Called { get; init; } = 1;

    /// <summary>What speaks for a conversation of others.</summary>
    public double Join { get; init; } = -1.5;

    public double JoinFade { get; init; } = 1;

    /// <summary>What speaks for a line that nobody has answered yet, to one who was not in its conversation.</summary>
    public double Unanswered { get; init; } = 1;

    /// <summary>What speaks against joining where people name whom they mean, by the share of lines that do.</summary>
    public double Naming { get; init; } = 6;

    /// <summary>What speaks against answering oneself.</summary>
    public double Own { get; init; } = 0.3;

    /// <summary>What speaks for going on with what one said a moment ago.</summary>
    public double GoesOn { get; init; } = 1;

    /// <summary>What a full likeness of words speaks for.</summary>
    public double Alike { get; init; } = 6;

    public double Background { get; init; } = 1;

    /// <summary>What a named person's conversation with the speaker is preferred by over their latest line elsewhere.</summary>
    public double CallMember { get; init; } = 1;

    public double RepairBias { get; init; } = -1.5;
    public double RepairAlike { get; init; } = 8;
    public double RepairShared { get; init; } = 1.5;
    public double RepairCalled { get; init; } = 1;
    public double RepairAlone { get; init; } = 0.01;
    public double RepairOwn { get; init; } = 0.01;
    public double RepairFade { get; init; } = 0.5;

    public double Kin { get; init; } = 0.2;
}
