namespace AIChat.Evaluation.Scoring;

/// <summary>Union–find.</summary>
internal sealed class DisjointSets<T>
    where T : notnull
{
    private readonly Dictionary<T, T> _parent = [];

    public void Join(T a, T b) => _parent[Root(a)] = Root(b);

    public IEnumerable<List<T>> Groups() => _parent.Keys.ToList().GroupBy(Root).Select(group => group.ToList());

    private T Root(T item)
    {
        if (!_parent.TryGetValue(item, out var parent))
            return _parent[item] = item;
        var root = item;
        while (!EqualityComparer<T>.Default.Equals(root, parent))
            (root, parent) = (parent, _parent[parent]);
        while (!EqualityComparer<T>.Default.Equals(item, root))
            (item, _parent[item]) = (_parent[item], root);
        return root;
    }
}
