using AIChat.Evaluation.Training;

namespace AIChat.Infrastructure.Tests.Topics;

public sealed class SplicedRoomTests
{
    private static readonly List<Dialogue> Dialogues = [.. WrittenRoom.Read("learn").SelectMany(Dialogue.OfWritten)];

    [Fact]
    public void The_same_seed_makes_the_same_room()
    {
        var room = SplicedRoom.Make(Dialogues, 7);

        Assert.Equal(room.Lines, SplicedRoom.Make(Dialogues, 7).Lines);
        Assert.Equal(room.Conversations, SplicedRoom.Make(Dialogues, 7).Conversations);
        Assert.NotEqual(room.Lines, SplicedRoom.Make(Dialogues, 8).Lines);
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Times_increase_and_the_cast_is_small(int seed)
    {
        var room = SplicedRoom.Make(Dialogues, seed);

        Assert.All(room.Lines.Zip(room.Lines.Skip(1)), two => Assert.True(two.First.CreatedAt < two.Second.CreatedAt));
        Assert.InRange(room.Lines.Select(line => line.Speaker).Distinct().Count(), 2, 14);
        Assert.InRange(room.Conversations.Distinct().Count(), 6, 16);
        Assert.False(room.HasLinks);
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void No_placeholder_remains_and_no_line_is_blank(int seed) =>
        Assert.All(SplicedRoom.Make(Dialogues, seed).Lines, line => Assert.False(string.IsNullOrWhiteSpace(line.Content) || SpokenNames.Greatest(line.Content) >= 0));

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Each_dialogue_keeps_its_order_and_its_number_of_speakers(int seed)
    {
        var dialogues = Enumerable.Range(0, 12)
            .Select(number => new Dialogue([.. Enumerable.Range(0, 10).Select(line => (line % 3, $"#{number}.{line}", (TimeSpan?)null))]))
            .ToList();
        var room = SplicedRoom.Make(dialogues, seed);

        var talks = room.Lines.Zip(room.Conversations).GroupBy(line => line.Second, line => line.First).ToList();
        Assert.InRange(talks.Count, 6, 12);
        Assert.All(talks, talk =>
        {
            // A name may have been put before or after the text.
            var texts = talk.Select(line => line.Content.Split(' ').Single(word => word[0] == '#').TrimEnd(',')).ToList();
            Assert.Equal(Enumerable.Range(0, 10).Select(line => $"{texts[0][..^1]}{line}"), texts);
            Assert.Equal(3, talk.Select(line => line.Speaker).Distinct().Count());
        });
    }

    [Theory]
    [InlineData("민지야 언제 와", "{0}야 언제 와", "수빈", "수빈아 언제 와", "언제 와")]
    [InlineData("민지가 그랬어", "{0}가 그랬어", "수빈", "수빈이가 그랬어", "그랬어")]
    [InlineData("Lukas는 @jonas 랑", "Lukas는 @{1} 랑", "kari", "Lukas는 @kari 랑", "Lukas는 랑")]
    [InlineData("수현이는 몰라", "{2}이는 몰라", "연우", "연우는 몰라", "몰라")]
    [InlineData("민지색 옷", "민지색 옷", "수빈", "민지색 옷", "민지색 옷")]
    [InlineData("thanks, jonas!", "thanks, {1}!", "kari", "thanks, kari!", "thanks!")]
    public void Spoken_names_become_placeholders_and_other_names(string text, string replaced, string name, string filled, string stripped)
    {
        var nicknames = new List<string> { "민지", "jonas", "수현" };
        var found = new SpokenNames(nicknames, shortened: true).Replace(text, nicknames.IndexOf);

        Assert.Equal(replaced, found);
        Assert.Equal(filled, SpokenNames.Fill(found, _ => name));
        Assert.Equal(stripped, SpokenNames.Strip(found));
    }

    public static TheoryData<int> Seeds() => [.. Enumerable.Range(1, 12)];
}
