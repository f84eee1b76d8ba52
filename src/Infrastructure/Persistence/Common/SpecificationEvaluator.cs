namespace AIChat.Infrastructure.Persistence.Common;

/// <summary>Turns any specification into a query of any store that speaks <see cref="IQueryable{T}"/>.</summary>
internal static class SpecificationEvaluator
{
    /// <summary>The criteria alone, for counting.</summary>
    public static IQueryable<T> Meeting<T>(this IQueryable<T> source, Specification<T> specification)
        => specification.Criteria.Aggregate(source, (rest, criterion) => rest.Where(criterion));

    public static IQueryable<T> Apply<T>(this IQueryable<T> source, Specification<T> specification)
    {
        var query = source.Meeting(specification);
        IOrderedQueryable<T>? ordered = null;
        foreach (var (key, descending) in specification.Order)
        {
            ordered = (ordered, descending) switch
            {
                (null, false) => query.OrderBy(key),
                (null, true) => query.OrderByDescending(key),
                ({ } sorted, false) => sorted.ThenBy(key),
                ({ } sorted, true) => sorted.ThenByDescending(key),
            };
        }

        query = ordered ?? query;
        return specification.Limit is { } limit ? query.Take(limit) : query;
    }
}
