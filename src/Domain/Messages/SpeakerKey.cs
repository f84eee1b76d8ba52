namespace AIChat.Domain.Messages;

/// <summary>The text that tells the speakers of a room apart.</summary>
public static class SpeakerKey
{
    /// <param name="userId">Null: an imported line, whose speaker is a nickname.</param>
    /// <param name="nickname">The speaker's name in that line.</param>
    public static string Of(string? userId, string nickname) => userId ?? "~" + Text.Composed(nickname);
}
