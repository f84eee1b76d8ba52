namespace AIChat.Infrastructure.Tests.Persistence;

public sealed class SqliteUserTests() : UserStoreContract(new SqliteStoreFixture());

public sealed class SqliteRoomTests() : RoomStoreContract(new SqliteStoreFixture());

public sealed class SqliteMessageTests() : MessageStoreContract(new SqliteStoreFixture());

public sealed class SqliteMessageListTests() : MessageListContract(new SqliteStoreFixture());

public sealed class SqliteSearchTests() : SearchContract(new SqliteStoreFixture());

public sealed class SqliteTopicTests() : TopicStoreContract(new SqliteStoreFixture());

public sealed class SqliteCorrectionTests() : CorrectionStoreContract(new SqliteStoreFixture());

public sealed class SqliteVectorTests() : VectorStoreContract(new SqliteStoreFixture());

public sealed class SqliteSummaryTests() : SummaryStoreContract(new SqliteStoreFixture());

public sealed class SqliteSpendingTests() : SpendingStoreContract(new SqliteStoreFixture());

public sealed class SqliteJobTests() : JobStoreContract(new SqliteStoreFixture());

public sealed class SqliteLeaseTests() : LeaseStoreContract(new SqliteStoreFixture());

public sealed class SqliteEveryPropertyTests() : EveryPropertyContract(new SqliteStoreFixture());
