namespace AIChat.Domain.Rooms;

/// <summary>The engine that finds a room's conversations at a re-classification.</summary>
public enum TopicsBy
{
    /// <summary>The engine of this server.</summary>
    Local,

    /// <summary>A language model, where there is one and its answer can be used.</summary>
    Model,
}
