namespace AIChat.Infrastructure.Topics.Linking;

/// <summary>One number about a candidate by itself, in the order of the weights, after its <see cref="LineTrait"/>s.</summary>
internal enum CandidateFeature
{
    IsFirstLineOfSpeaker,
    MentionsSomeone,
    HasMarkedMention,
    HasSeveralMentions,
}
