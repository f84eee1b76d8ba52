using System.Buffers.Binary;
using AIChat.Domain.Messages;
using AIChat.Domain.Rooms;

namespace AIChat.Domain.Topics;

/// <summary>The sentence embedding of one message. It can be made again from the message at any time.</summary>
public sealed class MessageEmbedding
{
    private MessageEmbedding(RoomId roomId, long seq, string model, DateTimeOffset? editedAt, byte[] float16)
    {
        RoomId = roomId;
        Seq = seq;
        Model = model;
        EditedAt = editedAt;
        Float16 = float16;
    }

    public RoomId RoomId { get; private set; }

    public long Seq { get; private set; }

    /// <summary>See <see cref="EmbeddingModel.Key"/>.</summary>
    public string Model { get; private set; }

    /// <summary>The edit time of the words that it was made of; null: the message was not edited.</summary>
    public DateTimeOffset? EditedAt { get; private set; }

    /// <summary>Its numbers as 16-bit floats, the lowest byte first.</summary>
    public byte[] Float16 { get; private set; }

    public static MessageEmbedding Of(Message message, EmbeddingModel model, float[] vector)
    {
        var halves = new byte[2 * vector.Length];
        for (var i = 0; i < vector.Length; i++)
            BinaryPrimitives.WriteHalfLittleEndian(halves.AsSpan(2 * i), (Half)vector[i]);
        return new MessageEmbedding(message.RoomId, message.Seq, model.Key, message.EditedAt, halves);
    }

    /// <summary>Whether it was made of the words that the message has now.</summary>
    public bool IsOf(Message message) => message.Seq == Seq && message.EditedAt == EditedAt && !message.IsDeleted;

    public float[] ToFloats()
    {
        var floats = new float[Float16.Length / 2];
        CopyTo(floats);
        return floats;
    }

    public void CopyTo(Span<float> floats)
    {
        for (var i = 0; i < Float16.Length / 2; i++)
            floats[i] = (float)BinaryPrimitives.ReadHalfLittleEndian(Float16.AsSpan(2 * i));
    }
}
