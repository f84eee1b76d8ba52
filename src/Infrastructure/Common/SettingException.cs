namespace AIChat.Infrastructure.Common;

/// <summary>A setting is wrong and the start ends; the message is one sentence with the variable and the remedy, and never repeats a secret.</summary>
public sealed class SettingException(string message) : Exception(message);
