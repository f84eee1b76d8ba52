namespace AIChat.Infrastructure;

/// <summary>What the adapters need to know.</summary>
/// <param name="DataFolder">Where the database and uploads are kept.</param>
/// <param name="ImportMaxBytes">The largest transcript.</param>
/// <param name="ReclassifyMinutes">How often rooms that changed are looked at again.</param>
public sealed record InfrastructureOptions(string DataFolder, long ImportMaxBytes, int ReclassifyMinutes);
