using Microsoft.EntityFrameworkCore;

namespace AIChat.Infrastructure.Persistence.Sqlite;

/// <summary>Counts a room's topics anew, in the database: conversations from their messages, themes from what is below them.</summary>
internal static class TopicCounts
{
    public static async Task RecountAsync(AIChatDbContext context, string room)
    {
        await context.Database.ExecuteSqlAsync($"""
            UPDATE topics SET ("MessageCount", "FirstSeq", "LastSeq", "FirstAt", "LastAt") = (
                SELECT count(*) FILTER (WHERE m."DeletedAt" IS NULL), coalesce(min(m."Seq"), 0), coalesce(max(m."Seq"), 0), coalesce(min(m."CreatedAt"), 0), coalesce(max(m."CreatedAt"), 0)
                FROM messages m WHERE m."RoomId" = {room} AND m."TopicId" = topics."Id")
            WHERE "RoomId" = {room} AND "Level" = 2
            """);
        await context.Database.ExecuteSqlAsync($"""DELETE FROM topics WHERE "RoomId" = {room} AND "Level" = 2 AND "LastSeq" = 0""");
        foreach (var level in (int[])[1, 0])
        {
            await context.Database.ExecuteSqlAsync($"""
                UPDATE topics SET ("MessageCount", "FirstSeq", "LastSeq", "FirstAt", "LastAt") = (
                    SELECT coalesce(sum(c."MessageCount"), 0), coalesce(min(c."FirstSeq"), 0), coalesce(max(c."LastSeq"), 0), coalesce(min(c."FirstAt"), 0), coalesce(max(c."LastAt"), 0)
                    FROM topics c WHERE c."ParentId" = topics."Id")
                WHERE "RoomId" = {room} AND "Level" = {level}
                """);
            await context.Database.ExecuteSqlAsync($"""DELETE FROM topics WHERE "RoomId" = {room} AND "Level" = {level} AND "LastSeq" = 0""");
        }
    }
}
