using AIChat.Domain.Jobs;
using AIChat.Domain.Messages;
using AIChat.Domain.Rooms;
using AIChat.Domain.Summaries;
using AIChat.Domain.Topics;
using AIChat.Domain.Users;
using AIChat.Infrastructure.Persistence.Common;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Design;
using Microsoft.Extensions.DependencyInjection;

namespace AIChat.Infrastructure.Persistence.Sqlite;

internal static class SqliteStore
{
    /// <summary>The embedded store: one file, and one process that works with it. Open it with <see cref="SqliteDatabase.OpenAsync"/>.</summary>
    public static IServiceCollection AddSqliteStore(this IServiceCollection services, string path)
    {
        services.AddSingleton(_ => new SqliteDatabase(path));
        services.AddSingleton<IDatabase>(provider => provider.GetRequiredService<SqliteDatabase>());
        services.AddSingleton<SqliteWriter>();
        services.AddSingleton<IUserRepository, SqliteUserRepository>();
        services.AddSingleton<IRoomRepository, SqliteRoomRepository>();
        services.AddSingleton<IMessageRepository, SqliteMessageRepository>();
        services.AddSingleton<ITopicRepository, SqliteTopicRepository>();
        services.AddSingleton<ICorrectionRepository, SqliteCorrectionRepository>();
        services.AddSingleton<IEmbeddingRepository, SqliteEmbeddingRepository>();
        services.AddSingleton<ISummaryRepository, SqliteSummaryRepository>();
        services.AddSingleton<ISpendingRepository, SqliteSpendingRepository>();
        services.AddSingleton<IJobRepository, SqliteJobRepository>();
        services.AddSingleton<ILeaseRepository, SqliteLeaseRepository>();
        return services;
    }
}

/// <summary>For the tool that writes migrations.</summary>
internal sealed class DesignTimeContext : IDesignTimeDbContextFactory<AIChatDbContext>
{
    public AIChatDbContext CreateDbContext(string[] args) => new(new DbContextOptionsBuilder<AIChatDbContext>().UseSqlite("Data Source=design.db").Options);
}
