namespace AIChat.Infrastructure.Topics.Linking;

/// <summary>Features of a line's text alone, in the order of the weights.</summary>
internal enum LineTrait
{
    WordCount,
    Length,
    HasQuestionMark,
    Asks,
    Greets,
    Thanks,
    Welcomes,

    /// <summary>Yes, no, right, 그래: within the first two words.</summary>
    Answers,

    Continues,
    HasWebAddress,
    DigitShare,
    SymbolShare,
    Laughs,
    HasExclamationMark,
    SpeaksOfFirstPerson,
    SpeaksOfSecondPerson,
    ReportsTrouble,
    AddressesEveryone,
    Advises,
    IsFiller,
    HangulShare,
    TrailsOff,

    /// <summary>*word, ^, s/old/new.</summary>
    IsCorrection,

    IsOneOrTwoWords,
}
