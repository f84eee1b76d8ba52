using System.Text.Json;
using AIChat.Domain.Jobs;
using AIChat.Domain.Messages;
using AIChat.Domain.Rooms;
using AIChat.Domain.Summaries;
using AIChat.Domain.Topics;
using AIChat.Domain.Users;
using AIChat.Infrastructure.Persistence.Common;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.ChangeTracking;
using Microsoft.EntityFrameworkCore.Metadata;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Microsoft.EntityFrameworkCore.Storage;
using Microsoft.EntityFrameworkCore.Storage.ValueConversion;

namespace AIChat.Infrastructure.Persistence.Sqlite;

/// <summary>The domain's entities as tables, mapped as they are. docs/schema.md says what each index serves.</summary>
internal sealed class AIChatDbContext(DbContextOptions<AIChatDbContext> options) : DbContext(options)
{
    /// <summary>The integer key of a row. Rows of a room lie in the order of their numbers, and the search index refers to this key.</summary>
    public const string Row = "Row";

    /// <summary>A nickname as <see cref="SearchTerms.Fold"/> writes it, so that an index finds it in any script and case.</summary>
    public const string FoldedNickname = "FoldedNickname";

    private static readonly Lazy<IModel> Mapped = new(ReadModel);

    private readonly Dictionary<string, SqliteCommand> _prepared = new(StringComparer.Ordinal);

    /// <summary>The model, which is the same for every database.</summary>
    public static IModel Mapping => Mapped.Value;

    public DbSet<User> Users => Set<User>();

    public DbSet<Session> Sessions => Set<Session>();

    public DbSet<Room> Rooms => Set<Room>();

    public DbSet<ReadRow> Reads => Set<ReadRow>();

    public DbSet<Message> Messages => Set<Message>();

    public DbSet<ChangeRow> Changes => Set<ChangeRow>();

    public DbSet<Topic> Topics => Set<Topic>();

    public DbSet<Correction> Corrections => Set<Correction>();

    public DbSet<ReclassifiedRow> Reclassified => Set<ReclassifiedRow>();

    public DbSet<MessageEmbedding> Vectors => Set<MessageEmbedding>();

    public DbSet<SeenRow> Seen => Set<SeenRow>();

    public DbSet<Summary> Summaries => Set<Summary>();

    public DbSet<SummaryPart> SummaryParts => Set<SummaryPart>();

    public DbSet<SummaryVote> SummaryVotes => Set<SummaryVote>();

    public DbSet<SpendingEntry> Spending => Set<SpendingEntry>();

    public DbSet<Job> Jobs => Set<Job>();

    public DbSet<LeaseRow> Leases => Set<LeaseRow>();

    /// <summary>
    /// A command of this context's open connection, parsed once. It is for the few statements that run for every message, where change tracking costs ten times as much as
    /// SQLite itself. All calls with the same text name the same parameters in the same order.
    /// </summary>
    public SqliteCommand Prepared(string sql, params ReadOnlySpan<(string Name, object? Value)> parameters)
    {
        if (!_prepared.TryGetValue(sql, out var command))
        {
            command = _prepared[sql] = ((SqliteConnection)Database.GetDbConnection()).CreateCommand();
#pragma warning disable CA2100 // constants and names of the model; values are parameters
            command.CommandText = sql;
#pragma warning restore CA2100
            foreach (var (name, _) in parameters)
                command.Parameters.Add(new SqliteParameter { ParameterName = name });
        }

        command.Transaction = (SqliteTransaction?)Database.CurrentTransaction?.GetDbTransaction();
        for (var i = 0; i < parameters.Length; i++)
            command.Parameters[i].Value = parameters[i].Value ?? DBNull.Value;
        return command;
    }

    public override ValueTask DisposeAsync()
    {
        foreach (var command in _prepared.Values)
            command.Dispose();
        _prepared.Clear();
        return base.DisposeAsync();
    }

    protected override void ConfigureConventions(ModelConfigurationBuilder configurationBuilder)
    {
        configurationBuilder.Properties<UserId>().HaveConversion<UserIdText>();
        configurationBuilder.Properties<RoomId>().HaveConversion<RoomIdText>();
        configurationBuilder.Properties<MessageId>().HaveConversion<MessageIdText>();
        configurationBuilder.Properties<TopicId>().HaveConversion<TopicIdText>();
        configurationBuilder.Properties<CorrectionId>().HaveConversion<CorrectionIdText>();
        configurationBuilder.Properties<SummaryId>().HaveConversion<SummaryIdText>();
        configurationBuilder.Properties<JobId>().HaveConversion<JobIdText>();
        configurationBuilder.Properties<DateTimeOffset>().HaveConversion<UtcTicks>();
        foreach (var item in ListItems())
            configurationBuilder.Properties(typeof(IReadOnlyList<>).MakeGenericType(item), list => list.HaveConversion(typeof(JsonList<>).MakeGenericType(item), typeof(SameList<>).MakeGenericType(item)));
    }

    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        var user = modelBuilder.Entity<User>().ToTable("users");
        user.HasKey(row => row.Id);
        user.Property<string>(FoldedNickname);
        user.HasIndex(FoldedNickname);

        var session = modelBuilder.Entity<Session>().ToTable("sessions");
        session.HasKey(row => row.Id);

        var room = modelBuilder.Entity<Room>().ToTable("rooms");
        room.Property<long>(Row).ValueGeneratedOnAdd();
        room.Property(row => row.Digest).HasConversion(new ValueConverter<SummarySchedule?, string>(
            plan => JsonSerializer.Serialize(plan, JsonSerializerOptions.Default), text => JsonSerializer.Deserialize<SummarySchedule>(text, JsonSerializerOptions.Default)!));
        room.HasKey(Row);
        room.HasIndex(row => row.Id).IsUnique();
        room.HasIndex(row => new { row.LastActiveAt, row.Id });

        modelBuilder.Entity<ReadRow>().ToTable("reads").HasKey(row => new { row.UserId, row.RoomId });

        MapMessages(modelBuilder.Entity<Message>());

        modelBuilder.Entity<ChangeRow>().ToTable("changes").HasKey(row => new { row.RoomId, row.Rev });

        var topic = modelBuilder.Entity<Topic>().ToTable("topics");
        topic.HasKey(row => row.Id);
        topic.Property(row => row.Outcome).HasConversion(new ValueConverter<TopicOutcome?, string>(
            outcome => JsonSerializer.Serialize(outcome, JsonSerializerOptions.Default), text => JsonSerializer.Deserialize<TopicOutcome>(text, JsonSerializerOptions.Default)!));
        topic.HasIndex(row => new { row.RoomId, row.LastSeq, row.Level });
        topic.HasIndex(row => row.ParentId);

        var correction = modelBuilder.Entity<Correction>().ToTable("corrections");
        correction.HasKey(row => row.Id);
        correction.Property(row => row.Assignments).HasColumnName("Filings");
        correction.HasIndex(row => new { row.RoomId, row.Number }).IsUnique();

        modelBuilder.Entity<ReclassifiedRow>().ToTable("reclassified").HasKey(row => row.RoomId);

        var embedding = modelBuilder.Entity<MessageEmbedding>().ToTable("vectors");
        embedding.HasKey(row => new { row.RoomId, row.Seq });
        embedding.Property(row => row.Float16).HasColumnName("Halves");
        modelBuilder.Entity<SeenRow>().ToTable("seen").HasKey(row => row.RoomId);

        var summary = modelBuilder.Entity<Summary>().ToTable("summaries");
        summary.HasKey(row => row.Id);
        summary.HasIndex(row => new { row.RoomId, row.CreatedAt });

        var part = modelBuilder.Entity<SummaryPart>().ToTable("summaryParts");
        part.HasKey(row => row.Id);
        part.HasIndex(row => new { row.RoomId, row.FirstSeq });

        var vote = modelBuilder.Entity<SummaryVote>().ToTable("summaryVotes");
        vote.HasKey(row => row.Id);
        vote.HasIndex(row => row.RoomId);

        var spending = modelBuilder.Entity<SpendingEntry>().ToTable("spending");
        spending.HasKey(row => row.Id);
        spending.HasIndex(row => new { row.Month, row.UserId });

        var job = modelBuilder.Entity<Job>().ToTable("jobs");
        job.HasKey(row => row.Id);
        job.HasIndex(row => new { row.State, row.CreatedAt });

        modelBuilder.Entity<LeaseRow>().ToTable("leases").HasKey(row => row.Key);
    }

    private static void MapMessages(EntityTypeBuilder<Message> message)
    {
        message.ToTable("messages");
        message.Property<long>(Row).ValueGeneratedOnAdd();
        message.HasKey(Row);
        message.Property(row => row.NgramProfile).HasColumnName("Embedding");
        message.HasIndex(row => row.Id).IsUnique();
        message.HasIndex(row => new { row.RoomId, row.Seq }).IsUnique();
        message.HasIndex(row => new { row.RoomId, row.UserId, row.ClientMessageId }).IsUnique().HasFilter("\"ClientMessageId\" IS NOT NULL");
        message.HasIndex(row => new { row.RoomId, row.TopicId, row.Seq }).HasFilter("\"TopicId\" IS NOT NULL");
        message.HasIndex(row => new { row.RoomId, row.UserId, row.Seq }, "IX_messages_own").HasFilter("\"UserId\" IS NOT NULL");
        message.HasIndex(row => new { row.RoomId, row.Seq }, "IX_messages_unclassified").HasFilter("NOT \"Classified\"");
        message.HasIndex(row => new { row.RoomId, row.Seq }, "IX_messages_tombstones").HasFilter("\"DeletedAt\" IS NOT NULL");
        message.HasIndex(row => new { row.ImportedBy, row.ImportLine }).HasFilter("\"ImportedBy\" IS NOT NULL");
    }

    /// <summary>What the lists of the entities hold.</summary>
    private static IEnumerable<Type> ListItems() => (
        from set in typeof(AIChatDbContext).GetProperties()
        where set.PropertyType.IsGenericType && set.PropertyType.GetGenericTypeDefinition() == typeof(DbSet<>)
        from property in set.PropertyType.GetGenericArguments()[0].GetProperties()
        where property.SetMethod is not null && property.PropertyType.IsGenericType && property.PropertyType.GetGenericTypeDefinition() == typeof(IReadOnlyList<>)
        select property.PropertyType.GetGenericArguments()[0]).Distinct();

    private static IModel ReadModel()
    {
        using var context = new AIChatDbContext(new DbContextOptionsBuilder<AIChatDbContext>().UseSqlite().Options);
        return context.Model;
    }

    private sealed class UserIdText() : ValueConverter<UserId, string>(id => id.Value, text => new UserId(text));

    private sealed class RoomIdText() : ValueConverter<RoomId, string>(id => id.Value, text => new RoomId(text));

    private sealed class MessageIdText() : ValueConverter<MessageId, string>(id => id.Value, text => new MessageId(text));

    private sealed class TopicIdText() : ValueConverter<TopicId, string>(id => id.Value, text => new TopicId(text));

    private sealed class CorrectionIdText() : ValueConverter<CorrectionId, string>(id => id.Value, text => new CorrectionId(text));

    private sealed class SummaryIdText() : ValueConverter<SummaryId, string>(id => id.Value, text => new SummaryId(text));

    private sealed class JobIdText() : ValueConverter<JobId, string>(id => id.Value, text => new JobId(text));

    /// <summary>A list of values as JSON.</summary>
    private sealed class JsonList<T>() : ValueConverter<IReadOnlyList<T>, string>(
        list => JsonSerializer.Serialize(list, JsonSerializerOptions.Default), text => JsonSerializer.Deserialize<List<T>>(text, JsonSerializerOptions.Default)!);

    private sealed class SameList<T>() : ValueComparer<IReadOnlyList<T>>((left, right) => left!.SequenceEqual(right!), list => list.Count, list => list);

    private sealed class UtcTicks() : ValueConverter<DateTimeOffset, long>(time => time.UtcTicks, ticks => new DateTimeOffset(ticks, TimeSpan.Zero));
}
