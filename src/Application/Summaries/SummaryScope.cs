using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using AIChat.Application.Reads;
using AIChat.Application.Topics;
using AIChat.Domain.Summaries;
using AIChat.Domain.Topics;

namespace AIChat.Application.Summaries;

/// <summary>What a summary covers, as it is now.</summary>
/// <param name="Messages">Oldest first; none that is deleted, or kept from a model elsewhere.</param>
/// <param name="LeftOut">How many more there are, kept from a model elsewhere.</param>
/// <param name="Tree">Their topics and the themes above them.</param>
internal sealed record SummaryScope(IReadOnlyList<Message> Messages, int LeftOut, IReadOnlyDictionary<TopicId, Topic> Tree)
{
    /// <summary>The topic of each message, at each level; null: noise.</summary>
    public LevelsOf<IReadOnlyList<Topic?>> Topics { get; } = LevelsOf<IReadOnlyList<Topic?>>.From(level => [.. Messages.Select(message => At(level, message.TopicId, Tree))]);

    /// <summary>Which words these are, and how they are filed; a dot between the two. Another one means that something changed.</summary>
    public string Fingerprint => $"{Words(Messages)}.{Hash(Filing())}";

    /// <summary>A hash of ids and edit times.</summary>
    public static string Words(IEnumerable<Message> messages) => Hash(string.Concat(messages.Select(message => string.Create(CultureInfo.InvariantCulture, $"{message.Id} {message.EditedAt?.UtcTicks}\n"))));

    public static string Hash(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));

    /// <summary>Numbers from 0, in the order of the talk; -1: noise.</summary>
    public static IReadOnlyList<int> Number(IReadOnlyList<Topic?> topics)
    {
        var numbers = new Dictionary<TopicId, int>();
        return [.. topics.Select(topic => topic is null ? -1 : numbers.TryGetValue(topic.Id, out var known) ? known : numbers[topic.Id] = numbers.Count)];
    }

    /// <summary>The messages of each topic of a level.</summary>
    public IEnumerable<SummaryGroup> Groups(TopicLevel level, string language, string engine)
    {
        var numbers = Number(Topics.At(level));
        foreach (var group in Enumerable.Range(0, Messages.Count).Where(i => numbers[i] >= 0).GroupBy(i => numbers[i]))
        {
            List<Message> said = [.. group.Select(i => Messages[i])];
            yield return new SummaryGroup(level, group.Key, Topics.At(level)[group.First()]!, said, Hash($"{said[0].RoomId} {language} {engine} {Words(said)}"));
        }
    }

    private static Topic? At(TopicLevel level, TopicId? conversation, IReadOnlyDictionary<TopicId, Topic> tree)
    {
        var topic = conversation is { } id ? tree.GetValueOrDefault(id) : null;
        while (topic is not null && topic.Level != level)
            topic = topic.ParentId is { } parent ? tree.GetValueOrDefault(parent) : null;
        return topic;
    }

    private string Filing()
    {
        var text = new StringBuilder(string.Create(CultureInfo.InvariantCulture, $"{LeftOut}\n"));
        foreach (var message in Messages)
            text.Append(CultureInfo.InvariantCulture, $"{message.TopicId}\n");
        foreach (var topic in Tree.Values.OrderBy(topic => topic.Id.Value, StringComparer.Ordinal))
            text.Append(CultureInfo.InvariantCulture, $"{topic.Id} {topic.ParentId} {topic.Name}\n");
        return text.ToString();
    }
}

/// <param name="Level">Which of the three.</param>
/// <param name="Number">Its number there.</param>
/// <param name="Topic">What it is filed under.</param>
/// <param name="Messages">Oldest first.</param>
/// <param name="Key">The same for the same words, language and engine.</param>
internal sealed record SummaryGroup(TopicLevel Level, int Number, Topic Topic, IReadOnlyList<Message> Messages, string Key);

/// <summary>Reads what a summary covers.</summary>
internal sealed class SummaryReader(IRoomRepository rooms, IMessageRepository messages, ITopicRepository topics, IUserRepository users, ISummarizer summarizer)
{
    public async Task<SummaryScope> ReadAsync(SummarizeRoom request, CancellationToken cancellation)
    {
        var asked = (await messages.ListAsync(await AskedAsync(request, cancellation), cancellation)).Reverse().ToList();
        if (request.Period is { } period)
            asked.RemoveAll(message => message.CreatedAt >= period.Until);
        return await OfAsync(request.Room, asked, cancellation);
    }

    /// <summary>The same messages as they are now; those that are gone are left out.</summary>
    public async Task<SummaryScope> ReadAgainAsync(RoomId room, IReadOnlyCollection<string> ids, CancellationToken cancellation)
        => await OfAsync(room, await LivingAsync(room, [.. ids.Select(id => new MessageId(id))], cancellation), cancellation);

    /// <summary>Those of these messages whose words were changed or taken back since they were read.</summary>
    public async Task<IReadOnlyList<Message>> ChangedAsync(IReadOnlyList<Message> read, CancellationToken cancellation)
    {
        if (read.Count == 0)
            return [];
        var now = (await LivingAsync(read[0].RoomId, [.. read.Select(message => message.Id)], cancellation)).Select(message => (message.Id, message.EditedAt)).ToHashSet();
        return [.. read.Where(message => !now.Contains((message.Id, message.EditedAt)))];
    }

    public async Task<IReadOnlyDictionary<TopicId, Topic>> TreeAsync(RoomId room, IReadOnlyList<Message> of, CancellationToken cancellation)
        => (await TopicTree.OfAsync(of, room, topics, cancellation)).ToDictionary(topic => topic.Id);

    private async Task<List<Message>> LivingAsync(RoomId room, IReadOnlyCollection<MessageId> ids, CancellationToken cancellation)
        => [.. (await messages.FindManyAsync(room, ids, cancellation)).Where(message => !message.IsDeleted).OrderBy(message => message.Seq)];

    private async Task<SummaryScope> OfAsync(RoomId room, List<Message> asked, CancellationToken cancellation)
    {
        var all = asked.Count;
        if (summarizer.IsRemote)
        {
            var kept = await users.ExcludedFromAiAsync([.. asked.Select(message => message.UserId).OfType<UserId>().Distinct()], cancellation);
            asked.RemoveAll(message => message.UserId is { } author && kept.Contains(author));
        }

        return new SummaryScope(asked, all - asked.Count, await TreeAsync(room, asked, cancellation));
    }

    private async Task<MessagesOfRoom> AskedAsync(SummarizeRoom request, CancellationToken cancellation)
    {
        if (request.Period is { } period)
            return MessagesOfRoom.NotDeleted(request.Room, 0, period.From, SummaryRequest.MaxSince);
        return request.Since switch
        {
            null => MessagesOfRoom.NotDeleted(request.Room, 0, null, request.HowMany ?? SummaryRequest.DefaultHowMany),
            SummaryRequest.Unread => MessagesOfRoom.NotDeleted(
                request.Room, (await rooms.ReadMarksAsync(request.By, [request.Room], cancellation)).GetValueOrDefault(request.Room), null, SummaryRequest.MaxSince),
            var since when SummaryRequest.TryParseTime(since, out var from) => MessagesOfRoom.NotDeleted(request.Room, 0, from, SummaryRequest.MaxSince),
            _ => throw new InvalidOperationException("The validator lets no other value through."),
        };
    }
}
