using System.Net;
using AIChat.Api.Tests.Classifier;
using AIChat.Api.Tests.Contract;
using AIChat.Tests;

namespace AIChat.Api.Tests.EndToEnd;

/// <summary>A backend that shares its rooms with a classifier, or must not.</summary>
public sealed class ClassifierTests : ClassifierTestBase
{
    [Fact]
    public async Task A_backend_with_a_wrong_token_says_so_and_finds_conversations_itself()
    {
        await using var classifier = await Classifier().StartAsync();
        await using var backend = await Backend(classifier, "not-what-they-both-know").StartAsync();
        using var ann = await ApiClient.JoinAsync(backend.Address, "ann");
        var room = await ann.OpenRoomAsync("not let in");
        await ann.JobDoneAsync(await ann.ImportAsync(room, Transcript(300)));
        await AllFiledAsync(ann, room, await ann.ReclassifyAsync(room), 300);

        Assert.Contains("refuses MODEL_SERVER_TOKEN", backend.Log, StringComparison.Ordinal);
        Assert.DoesNotContain("not-what-they-both-know", backend.Log, StringComparison.Ordinal);
        Assert.Equal(0, Answered(classifier));
    }

    [Fact]
    public async Task What_is_said_by_people_who_keep_it_from_models_never_reaches_the_classifier()
    {
        await using var classifier = await Classifier().StartAsync();
        await using var backend = await Backend(classifier, Token).StartAsync();
        using var ann = await ApiClient.JoinAsync(backend.Address, "ann");
        using var bob = await ApiClient.JoinAsync(backend.Address, "bob");
        var room = await ann.OpenRoomAsync("bob would rather not");
        for (var i = 0; i < 10; i++)
            await (i % 2 == 0 ? ann : bob).PostAsync(room, $"we talk of the kernel {i}");
        await ann.AllClassifiedAsync(room);
        await AllFiledAsync(ann, room, await ann.ReclassifyAsync(room), 10);
        Assert.Equal(1, Answered(classifier));

        await bob.SendAsync(HttpMethod.Patch, "user/me", new { excludeFromAi = true });
        await AllFiledAsync(ann, room, await ann.ReclassifyAsync(room), 10);
        Assert.Equal(1, Answered(classifier));
    }

    [Fact]
    public async Task A_backend_without_a_model_takes_sentence_vectors_from_there_and_knows_whose_they_are()
    {
        await using var first = await Classifier(("EMBEDDING_MODEL", ClassifierProcess.Model())).StartAsync();
        await using var backend = await Backend(first, Token).StartAsync();
        using var ann = await ApiClient.JoinAsync(backend.Address, "ann");
        var room = await ann.OpenRoomAsync("by meaning");
        foreach (var text in (string[])["our puppy sleeps all day", "see you at eight", "강아지 산책 시켰어"])
            await ann.PostAsync(room, text);
        await FoundAsync("see you at eight");

        // Another model of as many dimensions at the same address: what the first one made says nothing to it.
        await first.KillAsync();
        await using var second = await Classifier(("EMBEDDING_MODEL", ClassifierProcess.Model("roberta-korean-wordpiece")), ("ASPNETCORE_URLS", first.Address.ToString())).StartAsync();
        await ann.PostAsync(room, "and a cat");
        await FoundAsync("our puppy sleeps all day");
        Assert.Contains("/v1/embeddings for", second.Log, StringComparison.Ordinal);
        Assert.Equal((0, 0), (await second.TerminateAsync(), await backend.TerminateAsync()));

        // Each text is nearest to itself, and nothing is missing.
        async Task FoundAsync(string text) => await Eventually.TrueAsync(
            async () =>
            {
                var (status, page) = await ann.SendAsync(HttpMethod.Get, $"chat/{room}/messages?semantic=true&q={Uri.EscapeDataString(text)}");
                return status == HttpStatusCode.OK && page.Items<Message>() is var found && found.Count == (await ann.AllMessagesAsync(room)).Count
                    && found[0].Content == text;
            },
            "all to be found by meaning");
    }
}
