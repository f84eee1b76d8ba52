namespace AIChat.Infrastructure.Topics.Turns;

/// <summary>What the wording of a line says about a change of subject, in the order of the weights.</summary>
internal enum TurnCue
{
    /// <summary>By the way, anyway, 그나저나: said to announce another subject.</summary>
    ChangesSubject,

    /// <summary>Also, one more thing, 그리고 또.</summary>
    Adds,

    /// <summary>So, well, 그럼, 자: may go on and may turn.</summary>
    Resumes,

    /// <summary>Do you like, your favorite, 좋아해.</summary>
    AsksLiking,

    /// <summary>Do you have any, hobbies, pets, 취미: what people ask who get to know each other.</summary>
    AsksHaving,

    /// <summary>What do you do, for fun, do you play, 뭐 해.</summary>
    AsksDoing,

    /// <summary>How old are you, where do you live, what is your name, 이름이.</summary>
    AsksBeing,

    /// <summary>Have you ever, did you, 가봤어.</summary>
    AsksPast,

    /// <summary>How are you, 잘 지내.</summary>
    AsksHealth,

    /// <summary>And you, how about yourself, 너는.</summary>
    ReturnsQuestion,

    /// <summary>Why, which one, how many, 몇, 어떤: asks more about what was said.</summary>
    FollowsUp,

    /// <summary>It, that, they, 그거: the number of words that stand for something said before.</summary>
    Refers,

    /// <summary>The same within the first three words.</summary>
    RefersEarly,

    /// <summary>Wow, sounds good, me too, 와, 그렇구나.</summary>
    Reacts,

    /// <summary>I love, my favorite, I work, 나는.</summary>
    TellsOfSelf,

    /// <summary>I, my, 난: the first word.</summary>
    BeginsWithSelf,

    /// <summary>That, it, this: the first word.</summary>
    BeginsWithReference,

    /// <summary>But, would, sounds, 하지만: what weighs what was said.</summary>
    Weighs,

    /// <summary>Bye, good night, that worked, 수고, 잘 자.</summary>
    Closes,

    /// <summary>Does anyone know, how do I, 혹시, 질문: asks whoever reads it.</summary>
    AsksAll,

    /// <summary>The last sentence asks and one before it does not.</summary>
    SaysThenAsks,

    /// <summary>The first sentence asks and the last one does not.</summary>
    AsksThenSays,

    /// <summary>A question, then the first person: answers the own question.</summary>
    AsksThenTellsOfSelf,

    /// <summary>The last question begins with do, what, are, where, how, have or any, and returns none.</summary>
    LastQuestionOpens,

    SentenceCount,
}
