using Ardalis.Specification;

namespace AIChat.Infrastructure.Persistence.Common;

/// <summary>Turns a specification into a query of any store that offers an <see cref="IQueryable{T}"/>.</summary>
internal static class SpecificationQueries
{
    public static IQueryable<T> Apply<T>(this IQueryable<T> source, ISpecification<T> specification)
        where T : class
        => PaginationEvaluator.Instance.GetQuery(OrderEvaluator.Instance.GetQuery(source.Meeting(specification), specification), specification);

    /// <summary>The criteria alone, for counting.</summary>
    public static IQueryable<T> Meeting<T>(this IQueryable<T> source, ISpecification<T> specification)
        where T : class
        => WhereEvaluator.Instance.GetQuery(source, specification);
}
