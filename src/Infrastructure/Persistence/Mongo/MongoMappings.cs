using System.Buffers.Binary;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.Json;
using AIChat.Domain.Jobs;
using AIChat.Domain.Messages;
using AIChat.Domain.Rooms;
using AIChat.Domain.Summaries;
using AIChat.Domain.Topics;
using AIChat.Domain.Users;
using AIChat.Infrastructure.Persistence.Common;
using MongoDB.Bson;
using MongoDB.Bson.IO;
using MongoDB.Bson.Serialization;
using MongoDB.Bson.Serialization.Serializers;

namespace AIChat.Infrastructure.Persistence.Mongo;

/// <summary>
/// The domain's entities as BSON documents, mapped as they are: every property that can be set, under its name in camel case or the one that databases of this
/// kind have always used. Null is left out, so that partial indexes hold only the documents that they are for.
/// </summary>
internal static class MongoMappings
{
    private static readonly Dictionary<Type, BsonClassMap> Maps = [];
    private static readonly Lazy<bool> Registered = new(RegisterAll);

    /// <summary>The driver keeps mappings for the whole process; the first store registers them.</summary>
    public static void Register() => _ = Registered.Value;

    /// <summary>The names of the elements that an entity's properties are stored under.</summary>
    public static IReadOnlyList<string> ElementsOf<T>() => [.. Mapped<T>().DeclaredMemberMaps.Select(member => member.ElementName)];

    /// <summary>The name of the element that a property is stored under.</summary>
    public static string ElementOf<T>(string property) => Mapped<T>().GetMemberMap(property).ElementName;

    /// <summary>The value of a property as it is stored; null, which is left out, stays null.</summary>
    public static BsonValue? Stored<T>(string property, object? value) => value is null ? null : Mapped<T>().GetMemberMap(property).GetSerializer().ToBsonValue(value);

    private static BsonClassMap Mapped<T>()
    {
        Register();
        return Maps[typeof(T)];
    }

    private static bool RegisterAll()
    {
        BsonSerializer.RegisterSerializer(new TextId<UserId>(text => new UserId(text), id => id.Value));
        BsonSerializer.RegisterSerializer(new TextId<RoomId>(text => new RoomId(text), id => id.Value));
        BsonSerializer.RegisterSerializer(new TextId<MessageId>(text => new MessageId(text), id => id.Value));
        BsonSerializer.RegisterSerializer(new TextId<TopicId>(text => new TopicId(text), id => id.Value));
        BsonSerializer.RegisterSerializer(new TextId<CorrectionId>(text => new CorrectionId(text), id => id.Value));
        BsonSerializer.RegisterSerializer(new TextId<SummaryId>(text => new SummaryId(text), id => id.Value));
        BsonSerializer.RegisterSerializer(new TextId<JobId>(text => new JobId(text), id => id.Value));

        Map<User>(map => map.GetMemberMap(user => user.Id).SetElementName(Fields.User));
        Map<Session>(Identified);
        Map<Message>(map =>
        {
            Identified(map);
            map.GetMemberMap(message => message.RoomId).SetElementName(Fields.Room);
            map.GetMemberMap(message => message.TopicId).SetElementName(Fields.Topic);
            map.GetMemberMap(message => message.NgramProfile).SetElementName(Fields.NgramProfile).SetSerializer(new PackedVector());
        });
        Map<TopicOutcome>();
        Map<Topic>(map =>
        {
            Identified(map);
            map.GetMemberMap(topic => topic.RoomId).SetElementName(Fields.Room);

            // Absent until the first message is counted: $min would keep a zero.
            map.GetMemberMap(topic => topic.FirstSeq).SetIgnoreIfDefault(true);
            map.GetMemberMap(topic => topic.FirstAt).SetIgnoreIfDefault(true);
        });
        Map<Correction>(map =>
        {
            Identified(map);
            map.GetMemberMap(correction => correction.RoomId).SetElementName(Fields.Room);
            map.GetMemberMap(correction => correction.Assignments).SetElementName("filings");
        });
        Map<MessageEmbedding>(map =>
        {
            map.GetMemberMap(vector => vector.RoomId).SetElementName(Fields.Room);
            map.GetMemberMap(vector => vector.Float16).SetElementName("halves");
        });
        Map<Summary>(map =>
        {
            Identified(map);
            map.GetMemberMap(summary => summary.RoomId).SetElementName(Fields.Room);
        });
        Map<SummaryPart>(map =>
        {
            Identified(map);
            map.GetMemberMap(part => part.RoomId).SetElementName(Fields.Room);
        });
        Map<SummaryVote>(map =>
        {
            Identified(map);
            map.GetMemberMap(vote => vote.RoomId).SetElementName(Fields.Room);
        });
        Map<SummarySchedule>();
        Map<SpendingEntry>(map =>
        {
            Identified(map);
            map.GetMemberMap(entry => entry.RoomId).SetElementName(Fields.Room);
        });
        Map<Job>(map =>
        {
            Identified(map);
            map.GetMemberMap(job => job.RoomId).SetElementName(Fields.Room);
        });
        Map<ReadRow>(map => map.GetMemberMap(mark => mark.RoomId).SetElementName(Fields.Room));
        Map<ChangeRow>(map => map.GetMemberMap(change => change.RoomId).SetElementName(Fields.Room));
        Map<ReclassifiedRow>(map =>
        {
            map.GetMemberMap(mark => mark.RoomId).SetElementName(Fields.Room);
            map.GetMemberMap(mark => mark.Seq).SetElementName(Fields.ReclassifiedSeq);
            map.GetMemberMap(mark => mark.Rev).SetElementName(Fields.ReclassifiedRev);
        });
        var room = Map<Room>(map =>
        {
            map.GetMemberMap(each => each.Id).SetElementName(Fields.Room);
            map.GetMemberMap(each => each.Name).SetElementName("channelName");
        });
        BsonSerializer.RegisterSerializer(new CountedRoom(new BsonClassMapSerializer<Room>(room.Freeze())));
        return true;
    }

    private static BsonClassMap<T> Map<T>(Action<BsonClassMap<T>>? particulars = null)
    {
        var map = new BsonClassMap<T>();
        foreach (var property in typeof(T).GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(each => each.SetMethod is not null))
            MapProperty(map, property);

        // Documents have more than entities know, and properties have private setters, so that no constructor is needed.
        map.SetIgnoreExtraElements(true);
        map.SetCreator(() => (T)RuntimeHelpers.GetUninitializedObject(typeof(T)));
        particulars?.Invoke(map);
        Maps[typeof(T)] = map;
        if (typeof(T) != typeof(Room))
            BsonClassMap.RegisterClassMap(map);
        return map;
    }

    private static void MapProperty(BsonClassMap map, PropertyInfo property)
    {
        var type = property.PropertyType;
        var member = map.MapMember(property).SetElementName(JsonNamingPolicy.CamelCase.ConvertName(property.Name));
        if (!type.IsValueType || Nullable.GetUnderlyingType(type) is not null)
            member.SetIgnoreIfNull(true);
        if (type == typeof(DateTimeOffset))
            member.SetSerializer(new DateTimeOffsetSerializer(BsonType.DateTime));
        else if (type == typeof(DateTimeOffset?))
            member.SetSerializer(new NullableSerializer<DateTimeOffset>(new DateTimeOffsetSerializer(BsonType.DateTime)));
        else if (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(IReadOnlyList<>))
            MapList(member, type.GetGenericArguments()[0]);
    }

    /// <summary>A list that is missing is empty; values of the domain in it are mapped like entities.</summary>
    private static void MapList(BsonMemberMap member, Type item)
    {
        member.SetDefaultValue(Array.CreateInstance(item, 0));
        if (item is { IsClass: true } && item.Assembly == typeof(Message).Assembly && !Maps.ContainsKey(item))
            typeof(MongoMappings).GetMethod(nameof(Map), BindingFlags.NonPublic | BindingFlags.Static)!.MakeGenericMethod(item).Invoke(null, [null]);
    }

    private static void Identified<T>(BsonClassMap<T> map) => map.MapIdMember(typeof(T).GetProperty("Id")!);

    /// <summary>A typed id as text. An ObjectId of an older database is read as its hexadecimal digits.</summary>
    private sealed class TextId<T>(Func<string, T> make, Func<T, string> text) : StructSerializerBase<T>
        where T : struct
    {
        public override T Deserialize(BsonDeserializationContext context, BsonDeserializationArgs args) => context.Reader.GetCurrentBsonType() switch
        {
            BsonType.String => make(context.Reader.ReadString()),
            BsonType.ObjectId => make(context.Reader.ReadObjectId().ToString()),
            var other => throw CreateCannotDeserializeFromBsonTypeException(other),
        };

        public override void Serialize(BsonSerializationContext context, BsonSerializationArgs args, T value) => context.Writer.WriteString(text(value));
    }

    /// <summary>An n-gram profile as the bytes that its embedder packed. Older databases hold arrays of doubles, which are read as 32-bit floats, the lowest byte first.</summary>
    private sealed class PackedVector : SealedClassSerializerBase<byte[]>
    {
        protected override byte[] DeserializeValue(BsonDeserializationContext context, BsonDeserializationArgs args)
        {
            if (context.Reader.GetCurrentBsonType() != BsonType.Array)
                return context.Reader.ReadBinaryData().Bytes;
            var numbers = BsonArraySerializer.Instance.Deserialize(context, args);
            var packed = new byte[numbers.Count * sizeof(float)];
            for (var i = 0; i < numbers.Count; i++)
                BinaryPrimitives.WriteSingleLittleEndian(packed.AsSpan(i * sizeof(float)), (float)numbers[i].ToDouble());
            return packed;
        }

        protected override void SerializeValue(BsonSerializationContext context, BsonSerializationArgs args, byte[] value) => context.Writer.WriteBinaryData(new BsonBinaryData(value));
    }

    /// <summary>
    /// A room, whose <see cref="Room.MessageCount"/> is not stored: numbers have no gaps, so it is the highest number minus the deletions. The stored counters only grow, so that
    /// writing them twice or late does no harm.
    /// </summary>
    private sealed class CountedRoom(BsonClassMapSerializer<Room> inner) : SealedClassSerializerBase<Room>, IBsonDocumentSerializer
    {
        public bool TryGetMemberSerializationInfo(string memberName, out BsonSerializationInfo serializationInfo) => inner.TryGetMemberSerializationInfo(memberName, out serializationInfo);

        protected override Room DeserializeValue(BsonDeserializationContext context, BsonDeserializationArgs args)
        {
            var room = BsonDocumentSerializer.Instance.Deserialize(context);
            room["messageCount"] = room.GetValue(Fields.LastSeq, 0).ToInt64() - room.GetValue(Fields.Deletions, 0).ToInt64();
            using var reader = new BsonDocumentReader(room);
            return inner.Deserialize(BsonDeserializationContext.CreateRoot(reader));
        }

        protected override void SerializeValue(BsonSerializationContext context, BsonSerializationArgs args, Room value) => inner.Serialize(context, args, value);
    }
}
