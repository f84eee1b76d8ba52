namespace AIChat.Infrastructure.Tests.Persistence;

public sealed class MongoUserTests() : UserStoreContract(new MongoStoreFixture());

public sealed class MongoRoomTests() : RoomStoreContract(new MongoStoreFixture());

public sealed class MongoMessageTests() : MessageStoreContract(new MongoStoreFixture());

public sealed class MongoMessageListTests() : MessageListContract(new MongoStoreFixture());

public sealed class MongoSearchTests() : SearchContract(new MongoStoreFixture());

public sealed class MongoTopicTests() : TopicStoreContract(new MongoStoreFixture());

public sealed class MongoCorrectionTests() : CorrectionStoreContract(new MongoStoreFixture());

public sealed class MongoVectorTests() : VectorStoreContract(new MongoStoreFixture());

public sealed class MongoSummaryTests() : SummaryStoreContract(new MongoStoreFixture());

public sealed class MongoSpendingTests() : SpendingStoreContract(new MongoStoreFixture());

public sealed class MongoJobTests() : JobStoreContract(new MongoStoreFixture());

public sealed class MongoLeaseTests() : LeaseStoreContract(new MongoStoreFixture());

public sealed class MongoEveryPropertyTests() : EveryPropertyContract(new MongoStoreFixture());

/// <summary>As on a single machine.</summary>
public sealed class MongoEveryPropertyWithoutTransactionsTests() : EveryPropertyContract(new MongoStoreFixture(withTransactions: false));

/// <summary>As on a single machine.</summary>
public sealed class MongoMessageWithoutTransactionsTests() : MessageStoreContract(new MongoStoreFixture(withTransactions: false));

/// <summary>As on a single machine.</summary>
public sealed class MongoTopicWithoutTransactionsTests() : TopicStoreContract(new MongoStoreFixture(withTransactions: false));

/// <summary>As on a single machine.</summary>
public sealed class MongoCorrectionWithoutTransactionsTests() : CorrectionStoreContract(new MongoStoreFixture(withTransactions: false));
