namespace AIChat.Infrastructure.Topics.Linking;

/// <summary>
/// One number about two lines of a window and the clusters that a first clustering put them in, in the order of the weights. "Affinity" is a mean of the first
/// pass's log-odds; leads are over the line's affinity to its best other cluster, or to its own one.
/// </summary>
internal enum ClusterPairFeature
{
    IsSameCluster,
    LineAffinity,
    EarlierAffinity,
    ClusterAffinity,
    Size,
    EarlierSize,
    SpeakerShareInEarlierCluster,
    EarlierSpeakerShareInCluster,
    SpeakerOverlap,
    SpeakerCosine,
    MeanCosine,
    SharedRareWords,
    MinutesApart,
    LeadOverOthers,
    EarlierLeadOverOthers,
    LeadOverOwn,
    EarlierLeadOverOwn,
    MeanSimilarity,
}
