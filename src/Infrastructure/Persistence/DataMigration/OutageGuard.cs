namespace AIChat.Infrastructure.Persistence.DataMigration;

internal static class OutageGuard
{
    /// <summary>The same sequence; an outage of the store in the middle of it is thrown as one.</summary>
    public static async IAsyncEnumerable<T> TellingOutages<T>(this IAsyncEnumerable<T> source, Func<Exception, StoreUnavailableException?> outageOf)
    {
        await using var all = source.GetAsyncEnumerator();
        while (await NextAsync())
            yield return all.Current;

        async Task<bool> NextAsync()
        {
            try
            {
                return await all.MoveNextAsync();
            }
            catch (Exception failure) when (outageOf(failure) is { } outage)
            {
                throw outage;
            }
        }
    }
}
