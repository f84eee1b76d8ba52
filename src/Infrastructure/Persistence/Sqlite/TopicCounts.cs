using System.Text.Json;
using Microsoft.EntityFrameworkCore;

namespace AIChat.Infrastructure.Persistence.Sqlite;

/// <summary>Recounts a room's topics in the database: conversations from their messages, themes from the topics below them. Topics that are left empty are removed.</summary>
internal static class TopicCounts
{
    /// <param name="context">A context within a transaction.</param>
    /// <param name="room">The room.</param>
    /// <param name="conversations">Recounts only these and the themes above them; null: all.</param>
    public static async Task RecountAsync(AIChatDbContext context, string room, IReadOnlyCollection<string>? conversations)
    {
        var ids = conversations;
        foreach (var level in (int[])[2, 1, 0])
        {
            // SQLite's "in null" is never true, so that the first condition decides.
            var only = ids is null ? null : JsonSerializer.Serialize(ids, JsonSerializerOptions.Default);
            var above = ids is null
                ? null
                : await context.Database.SqlQuery<string>($"""
                    SELECT DISTINCT "ParentId" AS "Value" FROM topics WHERE "RoomId" = {room} AND "ParentId" IS NOT NULL AND "Id" IN (SELECT value FROM json_each({only}))
                    """).ToListAsync();
            if (level == 2)
            {
                await context.Database.ExecuteSqlAsync($"""
                    UPDATE topics SET ("MessageCount", "FirstSeq", "LastSeq", "FirstAt", "LastAt") = (
                        SELECT count(*) FILTER (WHERE m."DeletedAt" IS NULL), coalesce(min(m."Seq"), 0), coalesce(max(m."Seq"), 0), coalesce(min(m."CreatedAt"), 0), coalesce(max(m."CreatedAt"), 0)
                        FROM messages m WHERE m."RoomId" = {room} AND m."TopicId" = topics."Id")
                    WHERE "RoomId" = {room} AND "Level" = 2 AND ({only} IS NULL OR "Id" IN (SELECT value FROM json_each({only})))
                    """);
            }
            else
            {
                await context.Database.ExecuteSqlAsync($"""
                    UPDATE topics SET ("MessageCount", "FirstSeq", "LastSeq", "FirstAt", "LastAt") = (
                        SELECT coalesce(sum(c."MessageCount"), 0), coalesce(min(c."FirstSeq"), 0), coalesce(max(c."LastSeq"), 0), coalesce(min(c."FirstAt"), 0), coalesce(max(c."LastAt"), 0)
                        FROM topics c WHERE c."ParentId" = topics."Id")
                    WHERE "RoomId" = {room} AND "Level" = {level} AND ({only} IS NULL OR "Id" IN (SELECT value FROM json_each({only})))
                    """);
            }

            await context.Database.ExecuteSqlAsync($"""
                DELETE FROM topics WHERE "RoomId" = {room} AND "Level" = {level} AND "LastSeq" = 0 AND ({only} IS NULL OR "Id" IN (SELECT value FROM json_each({only})))
                """);
            ids = above;
        }
    }
}
