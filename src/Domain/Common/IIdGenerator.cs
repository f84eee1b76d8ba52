namespace AIChat.Domain.Common;

/// <summary>Where new ids come from.</summary>
public interface IIdGenerator
{
    /// <summary>A new id, unique everywhere, later ones sorting after earlier ones.</summary>
    string New();
}
