using AIChat.Tests;

namespace AIChat.Api.Tests.EndToEnd;

/// <summary>A backend and a classifier, each killed while the other needs it.</summary>
public sealed class ClassifierKilledTests : ClassifierTestBase
{
    [Fact]
    public async Task A_backend_looks_at_rooms_through_the_classifier_and_by_itself_while_that_is_away()
    {
        await using var classifier = await Classifier().StartAsync();
        await using var backend = await Backend(classifier, Token).StartAsync();
        using var ann = await ApiClient.JoinAsync(backend.Address, "ann");
        var room = await ann.OpenRoomAsync("seen from elsewhere");
        await ann.JobDoneAsync(await ann.ImportAsync(room, Transcript(Many)));
        await ann.LookAgainAsync(room);
        Assert.InRange(Answered(classifier), 1, int.MaxValue);
        Assert.Contains("finds conversations now", backend.Log, StringComparison.Ordinal);

        var begun = Begun(classifier);
        var job = await ann.ReclassifyAsync(room);
        await Eventually.TrueAsync(() => Begun(classifier) > begun, "the classifier to begin");
        await classifier.KillAsync();
        await AllFiledAsync(ann, room, job);
        Assert.Contains("cannot be reached", backend.Log, StringComparison.Ordinal);

        // Away all the while: nothing waits for it.
        await AllFiledAsync(ann, room, await ann.ReclassifyAsync(room));

        var before = Answered(classifier);
        await classifier.StartAsync();
        await Eventually.TrueAsync(
            async () =>
            {
                await AllFiledAsync(ann, room, await ann.ReclassifyAsync(room));
                return Answered(classifier) > before;
            },
            "the classifier to be asked again");
    }

    [Fact]
    public async Task A_backend_that_dies_while_the_classifier_works_for_it_goes_on_and_loses_nothing()
    {
        await using var classifier = await Classifier().StartAsync();
        await using var backend = await Backend(classifier, Token).StartAsync();
        using var ann = await ApiClient.JoinAsync(backend.Address, "ann");
        var room = await ann.OpenRoomAsync("left in the middle");
        await ann.JobDoneAsync(await ann.ImportAsync(room, Transcript(Many)));
        await ann.LookAgainAsync(room);

        var begun = Begun(classifier);
        var job = await ann.ReclassifyAsync(room);
        await Eventually.TrueAsync(() => Begun(classifier) > begun, "the classifier to begin");
        await backend.KillAsync();
        await Eventually.TrueAsync(() => classifier.Log.Contains(": 499, ", StringComparison.Ordinal), "the classifier to stop working for the dead");

        await backend.StartAsync();
        await AllFiledAsync(ann, room, job);
    }
}
