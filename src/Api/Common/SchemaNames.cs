using System.Text.Json.Serialization.Metadata;
using AIChat.Domain.Rooms;
using Microsoft.AspNetCore.OpenApi;

namespace AIChat.Api.Common;

/// <summary>Names of schemas in the OpenAPI document. Generated clients use them, so they stay when a type is renamed.</summary>
internal static class SchemaNames
{
    private static readonly Dictionary<Type, string> Published = new()
    {
        [typeof(SummarySchedule)] = "DigestPlan",
        [typeof(SummaryCadence)] = "DigestCadence",
    };

    public static string? Of(JsonTypeInfo type) => Published.GetValueOrDefault(type.Type) ?? OpenApiOptions.CreateDefaultSchemaReferenceId(type);
}
