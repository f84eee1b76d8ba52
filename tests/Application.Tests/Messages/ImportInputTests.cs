using System.Text.Json;
using AIChat.Application.Messages;

namespace AIChat.Application.Tests.Messages;

public sealed class ImportInputTests
{
    private static readonly DateOnly Day = new(2026, 1, 31);

    [Theory]
    [InlineData("""{"Format":"jsonl","FirstDay":"2026-01-31"}""", "jsonl")]
    [InlineData("""{"Format":"irc","FirstDay":"2026-01-31"}""", "irc")]
    [InlineData("""{"Format":0,"FirstDay":"2026-01-31"}""", "jsonl")]
    [InlineData("""{"Format":1,"FirstDay":"2026-01-31"}""", "irc")]
    public void Stored_jobs_are_read_by_name_and_by_the_number_of_older_versions(string stored, string format)
        => Assert.Equal(new ImportInput(format, Day), JsonSerializer.Deserialize<ImportInput>(stored));

    [Fact]
    public void A_job_stores_the_name_of_its_format()
        => Assert.Equal("""{"Format":"irc","FirstDay":"2026-01-31"}""", JsonSerializer.Serialize(new ImportInput("irc", Day)));
}
