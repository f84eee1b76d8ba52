using System.Runtime.CompilerServices;
using AIChat.Domain.Summaries;
using Microsoft.Extensions.Logging;

namespace AIChat.Infrastructure.LanguageModels;

/// <summary>Asks a language model within the budgets: the most that a call may cost is reserved before it, and what it did cost is settled after it.</summary>
internal sealed class PaidModel(LanguageModel model, ISpending spending, ILogger log)
{
    /// <summary>Characters per token; a longer answer is not read to its end.</summary>
    private const int LettersOfToken = 16;

    public LanguageModel Model => model;

    /// <summary>Streams an answer piece by piece. Where it is missing or breaks off, <see cref="PaidCall.Refusal"/> says why; nothing is thrown.</summary>
    public async IAsyncEnumerable<string> AskAsync(ModelAsk ask, SpendingAccount account, PaidCall call, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var input = model.Count(ask.System) + model.Count(ask.User);
        if (!(await spending.ReserveAsync(account, model.Price(input, ask.MostOutput), cancellation)).Succeeded(out var reservation, out var refusal))
        {
            call.Refusal = refusal;
            yield break;
        }

        var (cost, answered, letters) = (new ModelCost(), 0, 0);
        await using var answer = model.AskAsync(ask, cost, cancellation).GetAsyncEnumerator(cancellation);
        try
        {
            while (letters < LettersOfToken * ask.MostOutput && await NextAsync(answer, call))
            {
                letters += answer.Current.Length;
                answered += model.Count(answer.Current);
                yield return answer.Current;
            }
        }
        finally
        {
            // Also after the caller left. Tokens that the server did not report are counted here.
            var spent = cost.IsKnown ? model.Price(cost.Input, cost.Output) : cost.Began ? model.Price(input, Math.Min(ask.MostOutput, answered)) : new Money(0);
            await spending.SettleAsync(reservation, spent, CancellationToken.None);
        }
    }

    private async Task<bool> NextAsync(IAsyncEnumerator<string> answer, PaidCall call)
    {
        try
        {
            return await answer.MoveNextAsync();
        }
        catch (ModelCallException failure)
        {
            log.LogWarning("The language model {Model} did not answer: {Why}", model.Name, failure.InnerException is System.ClientModel.ClientResultException refused ? $"status {refused.Status}" : failure.InnerException!.GetType().Name);
            call.Refusal = SummaryErrors.ModelAway;
            return false;
        }
    }
}

/// <summary>How a call of a language model went.</summary>
internal sealed class PaidCall
{
    /// <summary>Why the answer is missing or incomplete; null: it is complete.</summary>
    public Error? Refusal { get; set; }
}
