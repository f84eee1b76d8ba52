namespace AIChat.Infrastructure.Topics.Outcomes;

/// <summary>What tells whether a line of a conversation says what came of it. A remark is a line of three words or with a digit, and no bare acknowledgement.</summary>
internal enum OutcomeFeature
{
    /// <summary>1 in each line.</summary>
    Bias,

    /// <summary>0 for the first line, 1 for the last.</summary>
    Position,

    /// <summary>Logarithm of 1 + the remarks after it.</summary>
    RemarksAfter,

    /// <summary>A remark, the last before a pause of 40 minutes or the end.</summary>
    LastOfBurst,

    /// <summary>A remark, the last but one before a pause.</summary>
    SecondLastOfBurst,

    /// <summary>Logarithm of 1 + words.</summary>
    Words,

    /// <summary>Logarithm of the conversation's lines.</summary>
    Lines,

    /// <summary>Has a question mark.</summary>
    Asks,

    /// <summary>By whoever opened the conversation.</summary>
    ByOpener,

    /// <summary>The next line is by somebody else.</summary>
    OtherFollows,

    /// <summary>Korean words that end something (확정, 예약, 찾았), up to three.</summary>
    KoreanResult,

    /// <summary>English words that end something (done, booked, merged), up to three.</summary>
    EnglishResult,

    /// <summary>Exclamation marks, up to three.</summary>
    Exclamations,

    /// <summary>Has a time, a date or a day of the week.</summary>
    HasTime,

    /// <summary>Numbers, up to three.</summary>
    Numbers,

    /// <summary>Has then, so, ok or 그럼.</summary>
    Then,

    /// <summary>Has a Korean verb in the past.</summary>
    KoreanPast,

    /// <summary>Has a verb of intention (할게요, 하겠습니다, I'll, let's).</summary>
    Intention,

    /// <summary>Settles on one of several (걸로, 으로 할게요, it is, going with).</summary>
    Choice,

    /// <summary>Mean logarithm of how many lines of the conversation have its words.</summary>
    Centrality,

    /// <summary>Words that end something in later lines, for each of these and one.</summary>
    ResultsAfter,

    /// <summary>Share of the conversation's lines that are by the same person.</summary>
    ShareOfSpeaker,

    /// <summary>The last line by this person.</summary>
    LastOfSpeaker,

    /// <summary>Lines before it since the last pause.</summary>
    LinesSincePause,

    /// <summary>Logarithm of 1 + the minutes since the line before.</summary>
    Gap,

    /// <summary>Asks in words (나요, 어때, who, anyone).</summary>
    AsksInWords,

    /// <summary>Somebody else gives thanks within three lines and before a pause.</summary>
    ThanksFollow,

    /// <summary>An intention that the next line agrees to.</summary>
    AgreedIntention,

    /// <summary>The next line has a time.</summary>
    NextHasTime,

    /// <summary>Words that end something in the line before, up to three.</summary>
    ResultsBefore,

    /// <summary>The line before says nothing alone.</summary>
    AfterFiller,
}
