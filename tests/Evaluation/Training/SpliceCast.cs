namespace AIChat.Evaluation.Training;

/// <param name="Nickname">In the room.</param>
/// <param name="Called">As others write it.</param>
internal sealed record SplicePerson(string Nickname, string Called);

/// <summary>The people of a spliced room; some take part in more conversations than others.</summary>
internal sealed class SpliceCast
{
    private static readonly string[] KoreanHandles = "왕만두 산들바람 밤고양이 감자튀김 노란우산 라떼중독 새벽별 초코송이 하얀구름 퇴근요정 잠꾸러기 옥수수깡 파란대문 떡볶이킬러".Split(' ');

    private static readonly string[] Surnames = "김 이 박 최 정 강 조 윤".Split(' ');

    private static readonly string[] EnglishEnds = "_k _dev 88 _m .r _x".Split(' ');

    private readonly List<SplicePerson> _present;

    private readonly List<SplicePerson> _absent;

    private readonly double[] _weights;

    /// <param name="habits">The room's.</param>
    /// <param name="hangulShares">[dialogues]: share of Hangul; so many people have Korean names.</param>
    /// <param name="chance">For the choices.</param>
    public SpliceCast(SpliceHabits habits, double[] hangulShares, Random chance)
    {
        var korean = KoreanPeople(habits, chance);
        var english = EnglishPeople(habits, chance);
        var share = hangulShares.Average();
        // Korean rooms have a few people with Latin names, as English rooms have none with Korean ones.
        var latin = share > 0.7 ? 0.15 : 1 - share;
        _present = [.. Enumerable.Range(0, habits.People).Select(_ => chance.NextDouble() < latin ? english.Dequeue() : korean.Dequeue())];
        _absent = share > 0.5 ? [.. korean] : [.. english];
        _weights = [.. Enumerable.Range(1, habits.People).Select(rank => Math.Pow(rank, -habits.Favour))];
    }

    /// <summary>[numbers in the dialogue]: the speakers first drawn from the room's people; then who is only spoken of, in the room as long as there is somebody left.</summary>
    public SplicePerson[] Draw(Dialogue dialogue, Random chance)
    {
        var speakers = dialogue.Lines.Select(line => line.Who).Distinct().ToList();
        var greatest = dialogue.Lines.Max(line => Math.Max(line.Who, dialogue.HasPlaceholders ? SpokenNames.Greatest(line.Text) : -1));
        var people = new SplicePerson[greatest + 1];
        var free = Enumerable.Range(0, _present.Count).ToList();
        var absent = chance.Next(_absent.Count);
        foreach (var number in speakers.Concat(Enumerable.Range(0, people.Length).Except(speakers)))
            people[number] = free.Count > 0 ? _present[Take()] : _absent[absent++ % _absent.Count];

        return people;

        int Take()
        {
            var at = chance.NextDouble() * free.Sum(person => _weights[person]);
            var index = free.FindIndex(person => (at -= _weights[person]) < 0);
            var taken = index < 0 ? free[^1] : free[index];
            free.Remove(taken);
            return taken;
        }
    }

    private static Queue<SplicePerson> KoreanPeople(SpliceHabits habits, Random chance)
    {
        var names = (string[])[.. BusyRoom.Korean, .. chance.NextDouble() < 0.3 ? KoreanHandles : []];
        chance.Shuffle(names);
        var isFull = chance.NextDouble() < 0.15;
        return new(names.Select(name => isFull && name.Length == 2
            ? Person(Surnames[chance.Next(Surnames.Length)] + name, name, habits)
            : Person(name, name.Length > 3 ? name[^2..] : name, habits)));
    }

    private static Queue<SplicePerson> EnglishPeople(SpliceHabits habits, Random chance)
    {
        var names = BusyRoom.English.ToArray();
        chance.Shuffle(names);
        var capitals = chance.NextDouble() < 0.4;
        return new(names.Select(name =>
        {
            var spoken = capitals ? char.ToUpperInvariant(name[0]) + name[1..] : name;
            return Person(chance.NextDouble() < 0.2 ? spoken + EnglishEnds[chance.Next(EnglishEnds.Length)] : spoken, spoken, habits);
        }));
    }

    private static SplicePerson Person(string nickname, string shortened, SpliceHabits habits) => new(nickname, habits.Shortens ? shortened : nickname);
}
