using AIChat.Domain.Jobs;
using AIChat.Domain.Messages;
using AIChat.Domain.Rooms;
using AIChat.Domain.Topics;

namespace AIChat.Domain.Tests.Topics;

public sealed class ChatLineTests
{
    [Fact]
    public void A_message_as_a_line_keeps_speaker_words_and_time()
    {
        var at = new DateTimeOffset(2026, 1, 5, 9, 0, 0, TimeSpan.Zero);
        var message = Message.Import(new MessageId("m"), new RoomId("r"), new JobId("j"), 1, "ann", "hello", at, new MessageId("earlier")).Value!;
        float[] embedding = [0.6f, 0.8f];

        Assert.Equal(new ChatLine(message.SpeakerKey, "ann", "hello", at) { Embedding = embedding, ExcludeFromAi = true }, ChatLine.Of(message, embedding, excludeFromAi: true));
    }
}
