using AIChat.Domain.Common;
using AIChat.Domain.Jobs;
using AIChat.Domain.Messages;
using AIChat.Domain.Rooms;
using AIChat.Domain.Users;

namespace AIChat.Domain.Tests.Messages;

public sealed class MessageTests
{
    private static readonly DateTimeOffset Now = new(2026, 1, 5, 9, 0, 0, TimeSpan.Zero);
    private static readonly User Ann = User.Join(new UserId("ann"), "Ann", Now).Value!;
    private static readonly Room Lobby = Room.Open(new RoomId("r"), "Lobby", Ann.Id, Now).Value!;

    [Theory]
    [InlineData("", "content_empty")]
    [InlineData(" \n\t", "content_empty")]
    [InlineData("a\0b", "content_bad")]
    public void What_cannot_be_said_is_refused(string content, string code) => Assert.Equal(code, Post(content).Error?.Code);

    [Fact]
    public void Half_a_character_is_refused()
    {
        // Built here: text in an attribute is kept as UTF-8, which has no halves.
        Assert.Equal("content_bad", Post("half \ud83d").Error?.Code);
        Assert.Equal("content_bad", Post("\udc08 half").Error?.Code);
    }

    [Fact]
    public void Characters_are_counted_as_people_count_them()
    {
        Assert.Null(Post(string.Concat(Enumerable.Repeat("🐈", 4000))).Error);
        Assert.Equal("content_too_long", Post(new string('x', 4001)).Error?.Code);
    }

    [Theory]
    [InlineData("")]
    [InlineData("x\0")]
    public void A_client_id_that_cannot_be_kept_is_refused(string clientId)
        => Assert.Equal("client_message_id_bad", Message.Post(new MessageId("m"), Lobby, Ann, "hi", clientId, null, [], Now).Error?.Code);

    [Fact]
    public void Only_its_author_changes_a_message_and_nobody_a_tombstone()
    {
        var message = Post("hello").Value!;
        Assert.Equal("message_not_yours", message.WhyNotChange(new UserId("bob"))?.Code);
        Assert.Null(message.WhyNotChange(Ann.Id));

        message.Delete(Now);

        Assert.Equal("message_deleted", message.WhyNotChange(Ann.Id)?.Code);
        Assert.Null(message.Content);
        Assert.True(message.IsDeleted);
    }

    [Fact]
    public void An_edit_that_is_refused_leaves_the_words()
    {
        var message = Post("hello").Value!;
        Assert.Equal("content_empty", message.Edit(" ", [], Now)?.Code);
        Assert.Equal(("hello", null), (message.Content, message.EditedAt));
        Assert.Null(message.Edit("hello again", [], Now));
        Assert.Equal(("hello again", Now), (message.Content, message.EditedAt));
    }

    [Theory]
    [InlineData("", "nickname_empty")]
    [InlineData("a\nb", "nickname_bad")]
    [InlineData("‮evil", "nickname_bad")]
    public void An_imported_line_needs_a_name_that_shows(string nickname, string code)
        => Assert.Equal(code, Message.Import(new MessageId("m"), Lobby.Id, new JobId("j"), 1, nickname, "hi", Now, null).Error?.Code);

    [Fact]
    public void Imported_speakers_are_told_apart_from_users_of_the_same_name()
    {
        var imported = Message.Import(new MessageId("m"), Lobby.Id, new JobId("j"), 1, "ann", "hi", Now.ToOffset(TimeSpan.FromHours(9)), null).Value!;
        Assert.NotEqual(Post("hi").Value!.SpeakerKey, imported.SpeakerKey);
        Assert.Equal(TimeSpan.Zero, imported.CreatedAt.Offset);
        Assert.Null(imported.UserId);
    }

    private static Result<Message> Post(string content) => Message.Post(new MessageId("m"), Lobby, Ann, content, null, null, [], Now);
}
