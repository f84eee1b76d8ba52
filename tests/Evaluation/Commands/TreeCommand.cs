using System.CommandLine;
using System.Diagnostics;
using System.Text.Json;
using AIChat.Domain.Topics;
using AIChat.Evaluation.Irc;
using AIChat.Evaluation.Scoring;
using AIChat.Infrastructure.Topics.Classifiers;
using AIChat.Infrastructure.Topics.Ngrams;
using AIChat.Infrastructure.Topics.Themes;

namespace AIChat.Evaluation.Commands;

/// <summary>Scores the theme tree against known themes, and measures its time and memory for a large room.</summary>
internal static class TreeCommand
{
    private static readonly DateTimeOffset Start = new(2026, 1, 5, 9, 0, 0, TimeSpan.Zero);

    // Ten domains of fifteen intents each, as the data set's authors group them; the two of small talk are left out, for they are about nothing.
    private static readonly string[][] Domains =
    [
        "freeze_account routing pin_change bill_due pay_bill account_blocked interest_rate min_payment bill_balance transfer order_checks balance spending_history transactions report_fraud".Split(' '),
        "replacement_card_duration expiration_date damaged_card improve_credit_score report_lost_card card_declined credit_limit_change apr redeem_rewards credit_limit rewards_balance application_status credit_score new_card international_fees".Split(' '),
        "food_last confirm_reservation how_busy ingredients_list calories nutrition_info recipe restaurant_reviews restaurant_reservation meal_suggestion restaurant_suggestion cancel_reservation ingredient_substitution cook_time accept_reservations".Split(' '),
        "what_song play_music todo_list_update reminder reminder_update calendar_update order_status update_playlist shopping_list calendar next_song order todo_list shopping_list_update smart_home".Split(' '),
        "current_location oil_change_when oil_change_how uber traffic tire_pressure schedule_maintenance gas mpg distance directions last_maintenance gas_type tire_change jump_start".Split(' '),
        "plug_type travel_notification translate flight_status international_visa timezone exchange_rate travel_suggestion travel_alert vaccines lost_luggage book_flight book_hotel carry_on car_rental".Split(' '),
        "direct_deposit pto_request taxes payday w2 pto_balance pto_request_status next_holiday insurance insurance_change schedule_meeting pto_used meeting_schedule rollover_401k income".Split(' '),
        "weather alarm date find_phone share_location timer make_call calculator definition text spelling measurement_conversion flip_coin roll_dice time".Split(' '),
    ];

    public static Command Create()
    {
        var data = Options.Data();
        var report = new Option<bool>("--report") { Description = "The halves to report on; without it, those to tune on." };
        var large = new Option<int>("--large") { Description = "Messages of the large room that is timed; 0: none.", DefaultValueFactory = _ => 0 };
        var model = Options.Model();
        var command = new Command("tree", "Scores narrow and broad themes.") { data, report, large, model };
        command.SetAction(async (result, cancellation) =>
        {
            using var embeddings = result.GetValue(model) is { } folder ? new LineEmbeddings(folder.FullName) : null;
            var (root, odd) = (result.GetRequiredValue(data).FullName, result.GetValue(report));
            Console.WriteLine($"{"",-34}{"themes",8}{"largest",9}{"ARI",8}{"V",8}   broad:{"themes",8}{"largest",9}{"ARI",8}{"V",8}");
            Score("clinc150: intents, domains", Intents(root, odd, embeddings));
            Score("qmsum: topics, meetings", Meetings(root, odd, embeddings));
            Score("sib200-ko: –, categories", Categories(root, odd, embeddings));
            await LogsAsync(root, cancellation);
            if (result.GetValue(large) is > 0 and var messages)
                Time(root, messages);
        });
        return command;
    }

    private static void Score(string name, List<ThemedRoom> rooms)
    {
        var (narrow, broad) = (new List<(int, double, double, double)>(), new List<(int, double, double, double)>());
        foreach (var room in rooms)
        {
            var space = new NgramSpace();
            foreach (var line in room.Conversations.SelectMany(conversation => conversation.Lines))
                space.Add(line.NgramProfile);
            var (mid, low) = ThemeTree.Build(space, room.Conversations, CancellationToken.None);
            narrow.Add(Judge(mid, room.Narrow));
            broad.Add(Judge(low, room.Broad));
        }

        Console.WriteLine($"{name,-34}{Row(narrow)}         {Row(broad)}");

        static string Row(List<(int Themes, double Largest, double Ari, double V)> of)
            => $"{of.Average(each => each.Themes),8:F0}{of.Average(each => each.Largest),9:P0}{of.Average(each => each.Ari),8:F1}{of.Average(each => each.V),8:F1}";
    }

    private static (int Themes, double Largest, double Ari, double V) Judge(int[] found, int[] gold)
    {
        var (ari, v) = ClusterScore.Of(found, gold);
        return (found.Distinct().Count(), found.GroupBy(theme => theme).Max(theme => theme.Count()) / (double)found.Length, ari, v);
    }

    /// <summary>Five conversations of four sentences each for every other intent, in random order.</summary>
    private static List<ThemedRoom> Intents(string root, bool odd, LineEmbeddings? embeddings)
    {
        var sentences = File.ReadLines(Path.Combine(root, "clinc150/val.tsv")).Select(line => line.Split('\t')).ToLookup(parts => parts[1], parts => parts[0]);
        return [.. Enumerable.Range(1, 3).Select(seed =>
        {
            var groups = new List<(IReadOnlyList<string>, int, int)>();
            for (var domain = 0; domain < Domains.Length; domain++)
            {
                for (var intent = odd ? 1 : 0; intent < Domains[domain].Length; intent += 2)
                    groups.AddRange(sentences[Domains[domain][intent]].Chunk(4).Select(lines => ((IReadOnlyList<string>)lines, (domain * 100) + intent, domain)));
            }

            return ThemedRoom.Shuffled(groups, seed, embeddings);
        })];
    }

    /// <summary>Rooms of five meetings, whose topics are cut into conversations of ten turns.</summary>
    private static List<ThemedRoom> Meetings(string root, bool odd, LineEmbeddings? embeddings)
    {
        var meetings = File.ReadLines(Path.Combine(root, "qmsum/val.jsonl")).Where((_, i) => i % 2 == (odd ? 1 : 0)).Select(line => JsonElement.Parse(line)).ToList();
        return [.. meetings.Chunk(5).Where(some => some.Length == 5).Select(some =>
        {
            var groups = new List<(IReadOnlyList<string>, int, int)>();
            for (var meeting = 0; meeting < some.Length; meeting++)
            {
                var turns = some[meeting].GetProperty("meeting_transcripts").EnumerateArray().Select(turn => turn.GetProperty("content").GetString()!).ToList();
                var topics = some[meeting].GetProperty("topic_list").EnumerateArray().ToList();
                for (var topic = 0; topic < topics.Count; topic++)
                {
                    foreach (var span in topics[topic].GetProperty("relevant_text_span").EnumerateArray())
                    {
                        var (first, last) = (int.Parse(span[0].GetString()!, System.Globalization.CultureInfo.InvariantCulture), int.Parse(span[1].GetString()!, System.Globalization.CultureInfo.InvariantCulture));
                        groups.AddRange(turns.Take(last + 1).Skip(first).Chunk(10).Select(lines => ((IReadOnlyList<string>)lines, (meeting * 100) + topic, meeting)));
                    }
                }
            }

            return ThemedRoom.InOrder(groups, embeddings);
        })];
    }

    /// <summary>Conversations of three sentences of one category, in random order.</summary>
    private static List<ThemedRoom> Categories(string root, bool odd, LineEmbeddings? embeddings)
    {
        var sentences = File.ReadLines(Path.Combine(root, odd ? "sib200-ko/train.tsv" : "sib200-ko/dev.tsv")).Skip(1).Select(line => line.Split('\t')).ToLookup(parts => parts[1], parts => parts[2]);
        var groups = sentences.SelectMany((category, number) => category.Chunk(3).Select(lines => ((IReadOnlyList<string>)lines, number, number))).ToList();
        return [.. Enumerable.Range(1, 3).Select(seed => ThemedRoom.Shuffled(groups, seed, embeddings))];
    }

    private static async Task LogsAsync(string root, CancellationToken cancellation)
    {
        var rows = new List<(int Conversations, int Mids, int Lows, double Mid, double Low)>();
        foreach (var room in IrcRoom.ReadAll(Path.Combine(root, "irc/dev")))
        {
            var found = await new ConversationClassifier().ClassifyAsync(room.Lines, ClassificationMode.Full, null, cancellation);
            rows.Add((Kinds(found.High), Kinds(found.Mid), Kinds(found.Low), Largest(found.Mid), Largest(found.Low)));
        }

        Console.WriteLine(
            $"irc/dev, no gold: {rows.Average(row => row.Conversations):F0} conversations, {rows.Average(row => row.Mids):F0} narrow themes ({rows.Average(row => row.Mid):P0} of the lines in the largest), {rows.Average(row => row.Lows):F0} broad ones ({rows.Average(row => row.Low):P0})");

        static int Kinds(IReadOnlyList<int> labels) => labels.Where(label => label >= 0).Distinct().Count();

        static double Largest(IReadOnlyList<int> labels) => labels.Where(label => label >= 0).GroupBy(label => label).Max(theme => theme.Count()) / (double)labels.Count(label => label >= 0);
    }

    /// <summary>A room of the training logs' lines, cut into conversations of six.</summary>
    private static void Time(string root, int messages)
    {
        var lines = IrcRoom.ReadAll(Path.Combine(root, "irc/train")).SelectMany(room => room.Lines).Where(line => !line.IsSystem).Select(line => line.Content).ToList();
        var groups = Enumerable.Range(0, messages).Select(i => lines[i % lines.Count]).Chunk(6).Select(six => ((IReadOnlyList<string>)six, 0, 0)).ToList();
        var watch = Stopwatch.StartNew();
        var room = ThemedRoom.InOrder(groups, null);
        var embedded = watch.Elapsed;
        var space = new NgramSpace();
        foreach (var line in room.Conversations.SelectMany(conversation => conversation.Lines))
            space.Add(line.NgramProfile);
        var (mid, low) = ThemeTree.Build(space, room.Conversations, CancellationToken.None);
        using var self = Process.GetCurrentProcess();
        Console.WriteLine(
            $"{messages} messages, {groups.Count} conversations: {mid.Distinct().Count()} narrow and {low.Distinct().Count()} broad themes in {(watch.Elapsed - embedded).TotalSeconds:F1} s, after {embedded.TotalSeconds:F1} s for their vectors; at most {self.PeakWorkingSet64 >> 20} MB");
    }

    private sealed record ThemedRoom(List<ThemeConversation> Conversations, int[] Narrow, int[] Broad)
    {
        public static ThemedRoom Shuffled(IReadOnlyList<(IReadOnlyList<string> Lines, int Narrow, int Broad)> groups, int seed, LineEmbeddings? embeddings)
        {
            var order = groups.ToArray();
            new Random(seed).Shuffle(order);
            return InOrder(order, embeddings);
        }

        /// <summary>A line every ten seconds, a conversation every two minutes.</summary>
        public static ThemedRoom InOrder(IReadOnlyList<(IReadOnlyList<string> Lines, int Narrow, int Broad)> groups, LineEmbeddings? embeddings) => new(
            [.. groups.Select((each, i) => new ThemeConversation(
                [.. each.Lines.Zip(embeddings?.Of(each.Lines) ?? new float[]?[each.Lines.Count], (line, embedding) => new ThemeLine(NgramEmbedder.Embed(line), embedding))],
                Start.AddMinutes(2 * i),
                Start.AddMinutes(2 * i).AddSeconds(10 * each.Lines.Count)))],
            [.. groups.Select(each => each.Narrow)],
            [.. groups.Select(each => each.Broad)]);
    }
}
