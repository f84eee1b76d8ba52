using AIChat.Domain.Common;
using AIChat.Infrastructure.Persistence.Mongo;
using MongoDB.Driver;

namespace AIChat.Infrastructure.Tests.Persistence;

public sealed class MongoAddressTests
{
    [Theory]
    [InlineData("mongodb://db.example.org", "db.example.org:27017/aichat")]
    [InlineData("mongodb://a:1,b:2/talk?replicaSet=rs", "a:1,b:2/talk")]
    [InlineData("mongodb://ann:s3cret@a:1/talk", "a:1/talk")]
    public void An_address_shows_its_servers_and_database_and_no_password(string uri, string shown) => Assert.Equal(shown, MongoAddress.Parse(uri).ToString());

    [Fact]
    public void Credentials_fill_an_address_that_has_none()
    {
        var filled = MongoAddress.Parse("mongodb://a/?tls=true", "ann", "p@ss:/").ToSettings();
        Assert.Equal("ann", filled.Credential.Username);
        Assert.True(filled.UseTls);
        var kept = MongoAddress.Parse("mongodb://bob:x@a/", "ann", "y").ToSettings();
        Assert.Equal("bob", kept.Credential.Username);
        Assert.Null(MongoAddress.Parse("mongodb://a/").ToSettings().Credential);
    }

    [Theory]
    [InlineData("http://ann:s3cret@a")]
    [InlineData("mongodb://ann:s3cret@")]
    [InlineData("mongodb://ann:s3cr%ZZet@a:x/")]
    [InlineData("mongodb://ann:s3cret@a/?w=none&journal=maybe")]
    [InlineData("s3cret")]
    public void A_wrong_address_is_refused_with_a_sentence_that_does_not_repeat_it(string uri)
    {
        var refusal = Assert.Throws<StoreUnavailableException>(() => MongoAddress.Parse(uri));
        Assert.StartsWith("MONGODB_URI is not an address such as", refusal.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("s3c", refusal.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void An_acknowledged_write_is_in_the_journals_of_a_majority_whatever_the_address_says()
    {
        var settings = MongoAddress.Parse("mongodb://a/?w=1&journal=false&readPreference=secondary&readConcernLevel=local&serverSelectionTimeoutMS=60000").ToSettings();
        Assert.Equal(WriteConcern.WMajority.With(journal: true), settings.WriteConcern);
        Assert.Equal((ReadConcern.Majority, ReadPreference.Primary), (settings.ReadConcern, settings.ReadPreference));
        Assert.Equal(TimeSpan.FromSeconds(5), settings.ServerSelectionTimeout);
    }
}
