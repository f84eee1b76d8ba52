namespace AIChat.Infrastructure.Topics.Turns;

/// <summary>Features of a gap beside the wording of its lines and the <see cref="BlockFeature"/>s, in the order of the weights.</summary>
internal enum GapFeature
{
    LinesBefore,
    LinesAfter,
    TalkLength,
    IsSecondLine,
    SameSpeaker,
    SpeakerIsNew,

    /// <summary>Share of the speakers of the six lines after the gap that spoke in the six before it.</summary>
    SpeakersStay,

    /// <summary>Logarithm of the wait relative to the conversation's median wait.</summary>
    Wait,

    /// <summary>Content words of the line after the gap: how many, and which share of them the previous line, the four lines before and all lines before have.</summary>
    ContentWords,
    InPreviousLine,
    InFourLines,
    InAnyLine,

    /// <summary>The same for the last sentence of that line, and for its first one.</summary>
    LastSentenceInFourLines,
    FirstSentenceInFourLines,

    /// <summary>Share of its new content words that one of the next four lines repeats.</summary>
    NewWordsRepeated,

    /// <summary>Share of the content words of the second line after the gap that the first one has, and that the four lines before the gap have.</summary>
    NextInLine,
    NextInFourLines,

    /// <summary>Share of the content words of the six lines after the gap that the six before it have.</summary>
    Reiterated,
    HasEmbeddings,
}
