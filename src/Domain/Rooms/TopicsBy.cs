namespace AIChat.Domain.Rooms;

/// <summary>What finds a room's conversations when they are looked at again.</summary>
public enum TopicsBy
{
    /// <summary>The engine of this server.</summary>
    Local,

    /// <summary>A language model, where there is one and its answer can be used.</summary>
    Model,
}
