using Microsoft.Extensions.DependencyInjection;
namespace AIChat.Infrastructure.Persistence.Sqlite { internal static class S { public static IServiceCollection AddSqliteStore(this IServiceCollection s, string p) => s; } }
namespace AIChat.Infrastructure.Topics { internal static class T { public static IServiceCollection AddTopicEngine(this IServiceCollection s) => s; } }
namespace AIChat.Infrastructure { public static class U { public static System.Threading.Tasks.Task OpenStoreAsync(this System.IServiceProvider s, System.Threading.CancellationToken c) => System.Threading.Tasks.Task.CompletedTask; } }
