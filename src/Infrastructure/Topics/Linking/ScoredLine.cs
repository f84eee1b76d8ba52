namespace AIChat.Infrastructure.Topics.Linking;

/// <summary>An observed line with the link scores of its candidates, [candidates] each, the newest first; empty where it had no choice.</summary>
/// <param name="Observed">The line.</param>
/// <param name="Links">ln P(the line answers the candidate).</param>
/// <param name="Joins">ln of the candidate's share in P(the line continues its conversation).</param>
/// <param name="Same">Log-odds that the two share a conversation.</param>
/// <param name="Opens">ln P(the line opens a conversation).</param>
/// <param name="MentionRate">The room's <see cref="RoomTempo.MentionRate"/> then.</param>
/// <param name="Slowness">The room's <see cref="RoomTempo.Slowness"/> then.</param>
internal sealed record ScoredLine(ObservedLine Observed, float[] Links, float[] Joins, float[] Same, float Opens, float MentionRate, float Slowness);
