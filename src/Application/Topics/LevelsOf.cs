using AIChat.Domain.Topics;

namespace AIChat.Application.Topics;

/// <summary>One value for each of the three topic levels.</summary>
public sealed record LevelsOf<T>(T Low, T Mid, T High)
{
    public static LevelsOf<T> From(Func<TopicLevel, T> make) => new(make(TopicLevel.Low), make(TopicLevel.Mid), make(TopicLevel.High));

    public T At(TopicLevel level) => level switch
    {
        TopicLevel.Low => Low,
        TopicLevel.Mid => Mid,
        TopicLevel.High => High,
    };
}
