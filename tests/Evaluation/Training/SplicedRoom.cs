using AIChat.Domain.Topics;

namespace AIChat.Evaluation.Training;

/// <summary>
/// Makes rooms of a few people who hold several conversations at once: dialogues cut from other rooms, said by one cast, in busy times with silence between them. Some
/// dialogues pause for hours and go on.
/// </summary>
internal static class SplicedRoom
{
    private const double ShortestPause = 40 * 60, LongestPause = 20 * 3600;

    private static readonly DateTimeOffset Start = new(2026, 3, 2, 7, 0, 0, TimeSpan.Zero);

    /// <param name="dialogues">The dialogues to draw from; each is used once at most.</param>
    /// <param name="seed">Of the room's habits and all random choices.</param>
    public static LabelledRoom Make(IReadOnlyList<Dialogue> dialogues, int seed)
    {
        var chance = new Random(seed);
        var habits = new SpliceHabits(chance);
        var chosen = Choose(dialogues, habits, chance);
        var cast = new SpliceCast(habits, [.. chosen.Select(dialogue => dialogue.HangulShare)], chance);
        var times = new BusyTimes(habits, chosen.Count, chance);
        var said = new List<(double At, string Speaker, string Text, int Conversation)>();
        for (var number = 0; number < chosen.Count; number++)
        {
            var dialogue = chosen[number];
            var people = cast.Draw(dialogue, chance);
            var waits = Waits(dialogue, habits, chance);
            var clock = times.Beginning(number, chance);
            var before = -1;
            for (var line = 0; line < dialogue.Lines.Count; line++)
            {
                clock = waits[line] < ShortestPause ? clock + waits[line] : times.Resumption(clock, waits[line], chance);
                var who = dialogue.Lines[line].Who;
                var pieces = BusyRoom.Pieces(Text(dialogue, line, before, people, habits, chance), habits.Split, chance);
                for (var piece = 0; piece < pieces.Length; piece++)
                {
                    clock += piece == 0 ? 0 : 1 + (chance.NextDouble() * 5);
                    said.Add((clock, people[who].Nickname, pieces[piece], number));
                }

                before = who;
            }
        }

        return Merge($"spliced {seed}", said);
    }

    /// <summary>Draws dialogues that fit the room's language and its number of people, preferably of the same source as the one before.</summary>
    private static List<Dialogue> Choose(IReadOnlyList<Dialogue> dialogues, SpliceHabits habits, Random chance)
    {
        const int least = 6;
        var spoken = dialogues.Where(dialogue => Speaks(dialogue, habits.Language)).ToList();
        if (spoken.Count < least)
            spoken = [.. dialogues];
        var fitting = spoken.FindAll(dialogue => dialogue.Speakers <= habits.People);
        if (fitting.Count < least)
        {
            habits.People = Math.Max(habits.People, 8);
            fitting = spoken.FindAll(dialogue => dialogue.Speakers <= habits.People);
        }

        var sources = fitting.GroupBy(dialogue => dialogue.Source).Select(source => source.ToList()).ToList();
        var chosen = new List<Dialogue>();
        List<Dialogue> from = [];
        while (chosen.Count < habits.Dialogues && sources.Count > 0)
        {
            if (from.Count == 0 || chance.NextDouble() > habits.Nearness)
                from = Draw(sources, chance);
            var at = chance.Next(from.Count);
            chosen.Add(from[at]);
            from.RemoveAt(at);
            if (from.Count == 0)
                sources.Remove(from);
        }

        return chosen;
    }

    /// <summary>A source of a kind; the kinds are equally likely, however many sources each has, but written rooms twice as likely.</summary>
    private static List<Dialogue> Draw(List<List<Dialogue>> sources, Random chance)
    {
        var kinds = sources.GroupBy(source => source[0].Source.Split('/')[0]).Select(kind => (Sources: kind.ToList(), Weight: kind.Key == "written" ? 2 : 1)).ToList();
        var kind = kinds.SelectMany(one => Enumerable.Repeat(one.Sources, one.Weight)).ElementAt(chance.Next(kinds.Sum(one => one.Weight)));
        return kind[chance.Next(kind.Count)];
    }

    private static bool Speaks(Dialogue dialogue, SpliceLanguage language) => language switch
    {
        SpliceLanguage.Korean => dialogue.HangulShare > 0.7,
        SpliceLanguage.English => dialogue.HangulShare < 0.05,
        SpliceLanguage.Mixed => true,
    };

    /// <summary>Seconds before each line.</summary>
    private static double[] Waits(Dialogue dialogue, SpliceHabits habits, Random chance)
    {
        var stretch = habits.Stretch * Math.Exp(0.25 * BusyRoom.Normal(chance));
        var gap = habits.Gap * Math.Exp(0.4 * BusyRoom.Normal(chance));
        var waits = dialogue.HasTimes
            ? dialogue.Lines.Select(line => (line.Wait ?? TimeSpan.Zero).TotalSeconds * stretch).ToArray()
            : dialogue.Lines.Select(_ => Math.Min(20 * gap, gap * Math.Exp(habits.Unevenness * BusyRoom.Normal(chance)))).ToArray();
        waits[0] = 0;
        if (waits.Max() < ShortestPause && waits.Length > 3 && chance.NextDouble() < habits.Pauses)
        {
            for (var pause = chance.Next(1, 3); pause > 0; pause--)
                waits[chance.Next(2, waits.Length)] = ShortestPause * Math.Exp(chance.NextDouble() * Math.Log(LongestPause / ShortestPause));
        }

        return waits;
    }

    private static string Text(Dialogue dialogue, int line, int before, SplicePerson[] people, SpliceHabits habits, Random chance)
    {
        var (who, text, _) = dialogue.Lines[line];
        if (!dialogue.HasPlaceholders)
        {
            return before >= 0 && before != who && chance.NextDouble() < habits.Calls
                ? BusyRoom.Call(people[before].Called, text, hangul: people[before].Called[^1] >= '가' && dialogue.HangulShare > 0.3, chance)
                : text;
        }

        // A line that is nothing but a name stays.
        var stripped = chance.NextDouble() < habits.Names ? "" : SpokenNames.Strip(text);
        return stripped.Length > 0 ? stripped : SpokenNames.Fill(text, number => people[number].Called);
    }

    private static LabelledRoom Merge(string name, List<(double At, string Speaker, string Text, int Conversation)> said)
    {
        var lines = new List<ChatLine>();
        var conversations = new List<int>();
        var numbers = new Dictionary<int, int>();
        var clock = -1.0;
        foreach (var (at, speaker, text, conversation) in said.OrderBy(line => line.At))
        {
            clock = Math.Max(Math.Round(at), clock + 1);
            lines.Add(new ChatLine(speaker, speaker, text, Start.AddSeconds(clock)));
            numbers.TryAdd(conversation, numbers.Count);
            conversations.Add(numbers[conversation]);
        }

        return LabelledRoom.OfConversations(name, lines, conversations);
    }
}
