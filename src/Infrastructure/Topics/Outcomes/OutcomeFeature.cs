namespace AIChat.Infrastructure.Topics.Outcomes;

/// <summary>The features of a line, from which <see cref="OutcomeFinder"/> computes whether the line says what came of its conversation. A remark is a line that has three words or a digit and is no bare acknowledgement.</summary>
internal enum OutcomeFeature
{
    /// <summary>1 in each line.</summary>
    Bias,

    /// <summary>0 for the first line, 1 for the last.</summary>
    Position,

    /// <summary>Logarithm of 1 + the remarks after it.</summary>
    RemarksAfter,

    /// <summary>1 if the line is the last remark before a pause of 40 minutes or before the end.</summary>
    LastOfBurst,

    /// <summary>1 if the line is the last remark but one before a pause.</summary>
    SecondLastOfBurst,

    /// <summary>Logarithm of 1 + the number of the line's words.</summary>
    Words,

    /// <summary>Logarithm of the number of the conversation's lines.</summary>
    Lines,

    /// <summary>1 if the line has a question mark.</summary>
    Asks,

    /// <summary>1 if its speaker opened the conversation.</summary>
    ByOpener,

    /// <summary>1 if another speaker wrote the next line.</summary>
    OtherFollows,

    /// <summary>Number of Korean words that end something (확정, 예약, 찾았), at most three.</summary>
    KoreanResult,

    /// <summary>Number of English words that end something (done, booked, merged), at most three.</summary>
    EnglishResult,

    /// <summary>Number of exclamation marks, at most three.</summary>
    Exclamations,

    /// <summary>1 if the line has a time, a date or a day of the week.</summary>
    HasTime,

    /// <summary>Number of numbers, at most three.</summary>
    Numbers,

    /// <summary>1 if the line has then, so, ok or 그럼.</summary>
    Then,

    /// <summary>1 if the line has a Korean verb in the past.</summary>
    KoreanPast,

    /// <summary>1 if the line has a verb of intention (할게요, 하겠습니다, I'll, let's).</summary>
    Intention,

    /// <summary>1 if the line settles on one of several (걸로, 으로 할게요, it is, going with).</summary>
    Choice,

    /// <summary>Mean logarithm of how many lines of the conversation have its words.</summary>
    Centrality,

    /// <summary>Number of words that end something in later lines, divided by 1 + the number of these lines.</summary>
    ResultsAfter,

    /// <summary>Share of the conversation's lines that its speaker wrote.</summary>
    ShareOfSpeaker,

    /// <summary>1 if its speaker wrote no later line.</summary>
    LastOfSpeaker,

    /// <summary>Number of lines between the last pause and this line.</summary>
    LinesSincePause,

    /// <summary>Logarithm of 1 + the minutes since the line before.</summary>
    Gap,

    /// <summary>1 if the line asks in words (나요, 어때, who, anyone).</summary>
    AsksInWords,

    /// <summary>1 if another speaker gives thanks in one of the next three lines, with no pause between.</summary>
    ThanksFollow,

    /// <summary>1 if the line has an intention and the next line agrees.</summary>
    AgreedIntention,

    /// <summary>1 if the next line has a time.</summary>
    NextHasTime,

    /// <summary>Number of words that end something in the line before, at most three.</summary>
    ResultsBefore,

    /// <summary>1 if the line before is filler.</summary>
    AfterFiller,
}
