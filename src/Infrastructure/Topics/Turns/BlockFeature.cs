namespace AIChat.Infrastructure.Topics.Turns;

/// <summary>Similarities around a gap, in the order of the weights. <em>Across</em>: mean of the pairs with a line on each side; <em>contrast</em>: mean of the pairs with both lines on one side, less that.</summary>
internal enum BlockFeature
{
    Across1,
    Across2,
    Across4,
    Across8,
    Contrast2,
    Contrast4,
    Contrast8,
    Contrast12,
    ContrastAll,

    /// <summary>Contrast of 4, 8 and 12 lines in standard deviations from the mean of all gaps.</summary>
    Standing4,
    Standing8,
    Standing12,
    StandingAll,

    /// <summary>Contrast less that of the gap before and of the gap after.</summary>
    Rise2,
    Fall2,
    Rise8,
    Fall8,

    /// <summary>The line after the gap and the one before the previous line.</summary>
    LineToSecond,

    /// <summary>The closest of the six lines before the gap to the line after it.</summary>
    LineToClosest,

    /// <summary>The two lines after the gap.</summary>
    LineToNext,

    /// <summary>The second line after the gap and the closest of the six before it.</summary>
    NextToClosest,

    /// <summary>The two lines before the gap.</summary>
    PreviousToSecond,

    /// <summary>The line after the gap and its next four lines.</summary>
    LineToFollowing,

    /// <summary>Standard deviation of all pairs.</summary>
    Deviation,
}
