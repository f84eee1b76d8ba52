using System.Linq.Expressions;

namespace AIChat.Domain.Common;

/// <summary>
/// What to list: criteria, order and how many. A store has one evaluator that turns any specification into its query; so a listing is described once,
/// here in the domain, and reads the same on every store.
/// </summary>
public abstract class Specification<T>
{
    private readonly List<Expression<Func<T, bool>>> criteria = [];
    private readonly List<(Expression<Func<T, object?>> Key, bool Descending)> order = [];

    /// <summary>All of these must hold.</summary>
    public IReadOnlyList<Expression<Func<T, bool>>> Criteria => criteria;

    /// <summary>Sort keys, the first one first.</summary>
    public IReadOnlyList<(Expression<Func<T, object?>> Key, bool Descending)> Order => order;

    /// <summary>The most that are wanted; null: all.</summary>
    public int? Limit { get; private set; }

    protected void Where(Expression<Func<T, bool>> criterion) => criteria.Add(criterion);

    protected void OrderBy(Expression<Func<T, object?>> key) => order.Add((key, false));

    protected void OrderByDescending(Expression<Func<T, object?>> key) => order.Add((key, true));

    protected void Take(int limit) => Limit = limit;
}
