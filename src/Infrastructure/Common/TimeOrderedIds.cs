namespace AIChat.Infrastructure.Common;

/// <summary>Ids as version 7 UUIDs without dashes: later ones sort after earlier ones, so that new rows are stored next to each other.</summary>
internal sealed class TimeOrderedIds : IIdGenerator
{
#pragma warning disable RS0030 // ids are generated here alone
    public string New() => Guid.CreateVersion7().ToString("N");
#pragma warning restore RS0030
}
