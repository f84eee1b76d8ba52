using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;

namespace AIChat.Infrastructure.Persistence.Sqlite;

/// <summary>
/// The columns of an entity's properties, as the model maps them. Statements that are written by hand take their columns and values from here, so that a new property is in
/// all of them. Columns of the store's own (row keys, folded nicknames) are left out.
/// </summary>
internal sealed class TableColumns<T>
    where T : class
{
    private readonly List<Column> _columns;

    private TableColumns(IEntityType type)
    {
        Table = $"\"{type.GetTableName()}\"";
        _columns = [.. type.GetProperties().Where(property => !property.IsShadowProperty()).Select(property => new Column(property))];
    }

    /// <summary>Made once for the process: the model is the same for every database.</summary>
    public static TableColumns<T> Instance { get; } = new(AIChatDbContext.Mapping.FindEntityType(typeof(T))!);

    public string Table { get; }

    /// <summary><c>"Id", "RoomId", …</c></summary>
    public string Names => Join(_columns.Select(column => column.Name));

    /// <summary><c>@Id, @RoomId, …</c>, in the order of <see cref="Names"/>.</summary>
    public string Parameters => Join(_columns.Select(column => column.Parameter));

    /// <summary><c>"Nickname" = @Nickname, …</c> without the key.</summary>
    public string Assignments => Join(_columns.Where(column => !column.IsKey).Select(column => $"{column.Name} = {column.Parameter}"));

    /// <summary>The condition that selects the entity's row by its key.</summary>
    public string IsSame => string.Join(" AND ", _columns.Where(column => column.IsKey).Select(column => $"{column.Name} = {column.Parameter}"));

    /// <summary>The name of a property's column.</summary>
    public string NameOf(string property) => ColumnOf(property).Name;

    /// <summary>The parameter of a property's column, such as <c>@TopicId</c>.</summary>
    public string ParameterOf(string property) => ColumnOf(property).Parameter;

    /// <summary>The value of a property as its column holds it.</summary>
    public object? Stored(string property, object? value) => ColumnOf(property).ToStored(value);

    /// <summary>The values of all <see cref="Parameters"/>.</summary>
    public (string Name, object? Value)[] ValuesOf(T entity)
    {
        var values = new (string, object?)[_columns.Count];
        for (var i = 0; i < values.Length; i++)
            values[i] = (_columns[i].Parameter, _columns[i].ToStored(_columns[i].Getter.GetClrValue(entity)));
        return values;
    }

    /// <summary>The values of the columns that are not null, without which a statement is shorter and faster.</summary>
    /// <param name="entity">The entity.</param>
    /// <param name="columns">The set of these columns, as bits: a table that uses this has 64 at most.</param>
    public ReadOnlySpan<(string Name, object? Value)> PresentValuesOf(T entity, out ulong columns)
    {
        var (values, count) = (new (string, object?)[_columns.Count], 0);
        columns = 0;
        for (var i = 0; i < values.Length; i++)
        {
            if (_columns[i].Getter.GetClrValue(entity) is not { } value)
                continue;
            columns |= 1UL << i;
            values[count++] = (_columns[i].Parameter, _columns[i].ToStored(value));
        }

        return values.AsSpan(0, count);
    }

    private static string Join(IEnumerable<string> names) => string.Join(", ", names);

    private Column ColumnOf(string property) => _columns.Find(column => column.Property == property) ?? throw new ArgumentException($"{typeof(T).Name}.{property} is not mapped.", nameof(property));

    private sealed class Column(IProperty property)
    {
        private readonly Func<object?, object?>? _convert = property.GetTypeMapping().Converter?.ConvertToProvider;

        public string Property => property.Name;

        public string Name { get; } = $"\"{property.GetColumnName()}\"";

        public string Parameter { get; } = "@" + property.GetColumnName();

        public bool IsKey { get; } = property.IsPrimaryKey();

        public IClrPropertyGetter Getter { get; } = property.GetGetter();

        public object? ToStored(object? value) => value is null || _convert is null ? value : _convert(value);
    }
}
