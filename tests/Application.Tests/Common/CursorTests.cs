using AIChat.Application.Common;

namespace AIChat.Application.Tests.Common;

public sealed class CursorTests
{
    [Theory]
    [InlineData(0, "")]
    [InlineData(-5, "x")]
    [InlineData(long.MaxValue, "방|둘")]
    public void A_cursor_is_read_back(long number, string tail) => Assert.Equal((number, tail), Cursor.Read(Cursor.Of(number, tail)));

    [Theory]
    [InlineData("")]
    [InlineData("!!")]
    [InlineData("YWJj")]
    public void A_foreign_text_is_not_read(string cursor) => Assert.Null(Cursor.Read(cursor));
}
