using System.Buffers;
using System.Buffers.Text;
using System.Globalization;
using System.Text;
using FluentValidation;

namespace AIChat.Application.Common;

/// <summary>One page of a list.</summary>
/// <param name="Items">In the list's order.</param>
/// <param name="NextCursor">The cursor of the next page; null: this is the last one.</param>
public sealed record Page<T>(IReadOnlyList<T> Items, string? NextCursor);

/// <summary>The position where a page begins. Cursors are opaque to clients: numbers and ids, joined and encoded.</summary>
public static class Cursor
{
    public const int DefaultLimit = 50;
    public const int MaxLimit = 100;

    public static readonly Error Bad = Error.Invalid("cursor_bad", "This cursor is not from this list; begin again without one.");

    public static string Of(params ReadOnlySpan<object> parts)
    {
        var text = new StringBuilder();
        foreach (var part in parts)
            text.Append(CultureInfo.InvariantCulture, $"{part}|");
        return Base64Url.EncodeToString(Encoding.UTF8.GetBytes(text.ToString(0, text.Length - 1)));
    }

    /// <summary>The cursor's number and the text after it; null: the cursor is malformed.</summary>
    public static (long Number, string Tail)? Read(string cursor)
    {
        var bytes = new byte[cursor.Length];
        if (Base64Url.DecodeFromChars(cursor, bytes, out _, out var length) != OperationStatus.Done)
            return null;
        var parts = Encoding.UTF8.GetString(bytes, 0, length).Split('|', 2);
        return long.TryParse(parts[0], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
            ? (number, parts.Length == 2 ? parts[1] : string.Empty)
            : null;
    }

    public static IRuleBuilderOptions<T, int> IsLimit<T>(this IRuleBuilder<T, int> rule)
        => rule.InclusiveBetween(1, MaxLimit).WithErrorCode("limit_out_of_range").WithMessage("limit is a whole number from 1 to 100.");
}
