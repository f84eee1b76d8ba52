namespace AIChat.Domain.Rooms;

/// <summary>A room's id; ordered as text, so that a listing can go on after one.</summary>
public readonly record struct RoomId(string Value) : IComparable<RoomId>
{
    public static bool operator <(RoomId left, RoomId right) => left.CompareTo(right) < 0;

    public static bool operator >(RoomId left, RoomId right) => left.CompareTo(right) > 0;

    public static bool operator <=(RoomId left, RoomId right) => left.CompareTo(right) <= 0;

    public static bool operator >=(RoomId left, RoomId right) => left.CompareTo(right) >= 0;

    public int CompareTo(RoomId other) => string.CompareOrdinal(Value, other.Value);

    public override string ToString() => Value;
}
