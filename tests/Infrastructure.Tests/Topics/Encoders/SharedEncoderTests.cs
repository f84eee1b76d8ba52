using AIChat.Application.Common;
using AIChat.Infrastructure.Topics.Encoders;

namespace AIChat.Infrastructure.Tests.Topics.Encoders;

public sealed class SharedEncoderTests : IDisposable
{
    private readonly Counting _encoder = new();

    public void Dispose() => _encoder.Dispose();

    [Fact]
    public async Task Everybody_gets_the_vectors_of_their_own_texts_in_order()
    {
        await using var shared = new SharedEncoder(_encoder);
        var asked = Enumerable.Range(0, 40).Select(caller => Enumerable.Range(0, caller).Select(n => (caller * 100) + n).ToList()).ToList();
        var answers = await Task.WhenAll(asked.Select(numbers => Task.Run(() => shared.EncodeAsync(Texts(numbers), default))));
        Assert.Equal(asked, answers.Select(vectors => vectors.Select(vector => (int)vector[0]).ToList()));
    }

    [Fact]
    public async Task What_comes_while_it_works_is_encoded_together()
    {
        await using var shared = new SharedEncoder(_encoder);
        _encoder.Gate.Reset();
        var first = shared.EncodeAsync(Texts([0]), default);
        await _encoder.Entered;
        var others = Enumerable.Range(1, 20).Select(n => shared.EncodeAsync(Texts([n]), default)).ToList();
        _encoder.Gate.Set();
        await Task.WhenAll([first, .. others]);
        Assert.Equal([1, 20], _encoder.Passes.Select(texts => texts.Count));
    }

    [Fact]
    public async Task One_message_does_not_wait_for_all_of_a_large_caller()
    {
        await using var shared = new SharedEncoder(_encoder);
        _encoder.Gate.Reset();
        var large = shared.EncodeAsync(Texts(Enumerable.Range(0, 1_000)), default);
        await _encoder.Entered;
        var one = shared.EncodeAsync(Texts([-1]), default);
        _encoder.Gate.Set();
        await Task.WhenAll(one, large);
        Assert.Equal(1, _encoder.Passes.FindIndex(texts => texts.Contains("-1", StringComparer.Ordinal)));
        Assert.Equal(1_000, (await large).Count);
    }

    [Fact]
    public async Task Who_stops_waiting_leaves_the_rest_undone_and_the_others_go_on()
    {
        await using var shared = new SharedEncoder(_encoder);
        using var patience = new CancellationTokenSource();
        _encoder.Gate.Reset();
        var given = shared.EncodeAsync(Texts(Enumerable.Range(0, 1_000)), patience.Token);
        await _encoder.Entered;
        await patience.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => given);
        _encoder.Gate.Set();
        Assert.Equal(5, (await shared.EncodeAsync(Texts([5]), default))[0][0]);
        Assert.InRange(_encoder.Passes.Sum(texts => texts.Count), 2, 200);
    }

    [Fact]
    public async Task A_failure_reaches_those_whose_texts_were_in_it_and_nobody_else()
    {
        await using var shared = new SharedEncoder(_encoder);
        await Assert.ThrowsAsync<InvalidOperationException>(() => shared.EncodeAsync(["1", "bad"], default));
        Assert.Equal(3, (await shared.EncodeAsync(["3"], default))[0][0]);
        Assert.Empty(await shared.EncodeAsync([], default));
    }

    private static List<string> Texts(IEnumerable<int> numbers) => [.. numbers.Select(number => number.ToString(System.Globalization.CultureInfo.InvariantCulture))];

    /// <summary>Encodes each number as a vector of itself once its gate is open.</summary>
    private sealed class Counting : ITextEncoder
    {
        private readonly TaskCompletionSource _entered = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public ManualResetEventSlim Gate { get; } = new(true);

        public Task Entered => _entered.Task;

        public List<IReadOnlyList<string>> Passes { get; } = [];

        public string Name => "counting";

        public string Revision => "1";

        public int Dimensions => 1;

        public string Choice => "";

        public IReadOnlyList<float[]> Encode(IReadOnlyList<string> texts, CancellationToken cancellation)
        {
            _entered.TrySetResult();
            Gate.Wait(cancellation);
            Passes.Add(texts);
            if (texts.Contains("bad", StringComparer.Ordinal))
                throw new InvalidOperationException("bad");
            return [.. texts.Select(text => new[] { float.Parse(text, System.Globalization.CultureInfo.InvariantCulture) })];
        }

        public void Dispose() => Gate.Dispose();
    }
}
