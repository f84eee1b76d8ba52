namespace AIChat.Evaluation.Training;

/// <summary>The times of a spliced room in which conversations begin and are resumed, in seconds.</summary>
internal sealed class BusyTimes
{
    /// <summary>Probability that a conversation is resumed while others talk, where there is such a time.</summary>
    private const double ResumedInCompany = 0.7;

    private readonly SpliceHabits _habits;

    private readonly List<double> _begin = [];

    private readonly int[] _of;

    public BusyTimes(SpliceHabits habits, int conversations, Random chance)
    {
        _habits = habits;
        _of = new int[conversations];
        for (var next = 0; next < conversations;)
        {
            var end = Math.Min(conversations, next + (habits.Live == 1 ? 1 : chance.Next(1, habits.Live + 1)));
            Array.Fill(_of, _begin.Count, next, end - next);
            next = end;
            var hour = habits.Hours * chance.NextDouble();
            _begin.Add(3600 * (hour + (hour > habits.Hours / 2 ? habits.Night : 0)));
        }
    }

    public double Beginning(int conversation, Random chance) => _begin[_of[conversation]] + Delay(chance);

    /// <summary>When a conversation goes on that paused at a time for about so long.</summary>
    public double Resumption(double paused, double length, Random chance)
    {
        var others = _begin.Where(begin => begin > paused + (0.5 * length) && begin < paused + (2 * length)).ToList();
        return others.Count > 0 && chance.NextDouble() < ResumedInCompany
            ? others.MinBy(begin => Math.Abs(begin - paused - length)) + Delay(chance)
            : paused + length;
    }

    private double Delay(Random chance) => -_habits.Spread * Math.Log(1 - chance.NextDouble());
}
