using AIChat.Api.Common;
using AIChat.Infrastructure.Common;
using Microsoft.Extensions.Logging;

namespace AIChat.Api.Tests;

public sealed class SettingsTests
{
    [Theory]
    [InlineData("COOKIE_SECRET", "hunter2", "COOKIE_SECRET is too short; give at least 16 characters, or unset it to have one made.")]
    [InlineData("ADMIN_TOKEN", "hunter2", "ADMIN_TOKEN is too short; give at least 16 characters, or unset it.")]
    [InlineData("SEND_RATE", "hunter2", "SEND_RATE is not RATE or RATE/BURST, such as 20/60; correct it or unset it.")]
    [InlineData("SUMMARY_RATE", "1/2/3", "SUMMARY_RATE is not RATE or RATE/BURST, such as 30/20; correct it or unset it.")]
    [InlineData("IMPORT_MAX_BYTES", "0", "IMPORT_MAX_BYTES is not a whole number from 1 to 9223372036854775807; correct it or unset it for 2000000000.")]
    [InlineData("RECLASSIFY_MINUTES", "60", "RECLASSIFY_MINUTES is not a whole number from 1 to 59; correct it or unset it for 5.")]
    [InlineData("CORS_ORIGINS", "https://example.org,hunter2", "CORS_ORIGINS is not a list of origins, such as https://chat.example.org,https://example.org; correct it or unset it.")]
    [InlineData("TRUSTED_PROXIES", "hunter2", "TRUSTED_PROXIES is not a list of addresses or networks, such as 10.0.0.5,10.1.0.0/16; correct it or unset it.")]
    [InlineData("PATH_BASE", "chat", "PATH_BASE is not a path such as /chat; correct it or unset it.")]
    [InlineData("REDIS_URL", "http://:hunter2@redis", "REDIS_URL is not an address such as redis://host:6379 or rediss://user:password@host:6380; correct it or unset it.")]
    [InlineData("HF_ENDPOINT", "hunter2", "HF_ENDPOINT is not an address such as https://huggingface.co; correct it or unset it.")]
    [InlineData("MODEL_SERVER_URL", "http://hunter2@classifier", "MODEL_SERVER_URL is not an address such as http://classifier:8080; correct it or unset it (a secret goes into MODEL_SERVER_TOKEN).")]
    [InlineData("MODEL_SERVER_TOKEN", "hunter 2", "MODEL_SERVER_TOKEN goes into a header and may hold only ASCII characters without spaces; correct it, here and at its callers, or unset it.")]
    [InlineData("MODEL_SERVER_QUEUE", "65/0", "MODEL_SERVER_QUEUE is not RUNNING/WAITING, such as 2/32 (1 to 64, and 0 to 1000); correct it or unset it.")]
    [InlineData("EMBEDDING_URL", "hunter2", "EMBEDDING_URL is not an address, such as http://127.0.0.1:8000/v1; correct it or unset it.")]
    [InlineData("EMBEDDING_URL", "http://127.0.0.1:8000/v1", "EMBEDDING_URL is set but not which model is asked there; set EMBEDDING_MODEL to its name.")]
    [InlineData("EMBEDDING_MODEL", "no model", "EMBEDDING_MODEL is no folder and no model's name, such as intfloat/multilingual-e5-small; correct it or unset it.")]
    [InlineData("EMBEDDING_THREADS", "-1", "EMBEDDING_THREADS is not a whole number from 0 to 256; correct it or unset it for 0.")]
    [InlineData("EMBEDDING_DEVICE", "gpu", "EMBEDDING_DEVICE is not cpu, cuda or cuda:N; correct it or unset it for cpu.")]
    [InlineData("SKIP_MODEL_LOADING", "perhaps", "SKIP_MODEL_LOADING is not true or false; correct it or unset it for false.")]
    [InlineData("OPENAI_BASE_URL", "http://127.0.0.1:8000/v1", "OPENAI_BASE_URL is set but not which model is asked there; set OPENAI_MODEL to its name.")]
    [InlineData("AI_BUDGET_USER", "-3", "AI_BUDGET_USER is not an amount of US dollars, such as 2.50; correct it or unset it.")]
    public void A_wrong_value_is_refused_with_one_sentence_that_does_not_repeat_it(string name, string value, string sentence)
    {
        var refusal = Assert.Throws<SettingException>(() => Read((name, value)));

        Assert.Equal(sentence, refusal.Message);
        Assert.DoesNotContain("hunter2", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_budget_needs_the_prices_of_a_chosen_model()
    {
        var refusal = Assert.Throws<SettingException>(() => Read(("OPENAI_API_KEY", "a-key"), ("OPENAI_MODEL", "some"), ("AI_BUDGET_TOTAL", "5")));

        Assert.Equal(
            "A budget is set but not what OPENAI_MODEL costs; set OPENAI_PRICE_INPUT and OPENAI_PRICE_OUTPUT to US dollars for a million tokens (0 where it costs nothing).", refusal.Message);
    }

    [Fact]
    public void Settings_of_a_language_model_that_is_not_asked_for_are_known_but_not_validated()
    {
        var read = Reader(("OPENAI_TIMEOUT", "soon"));

        Assert.Null(Settings.Read(read).Infrastructure.LanguageModel);
        Assert.Contains("OPENAI_TIMEOUT", read.Known);
    }

    [Fact]
    public void Values_of_every_form_are_read_and_a_blank_one_is_not_set()
    {
        var settings = Read(
            ("AICHAT_DATA", " elsewhere "), ("SEND_RATE", "100"), ("SUMMARY_RATE", "3/4"), ("COOKIE_SECRET", "  "), ("CORS_ORIGINS", "https://one.example/, https://two.example"),
            ("TRUSTED_PROXIES", "10.0.0.5,10.1.0.0/16"), ("PATH_BASE", "/chat/"), ("REDIS_URL", "redis-host"), ("MODEL_SERVER_URL", "http://classifier:8080/predict"),
            ("MODEL_SERVER_QUEUE", "2/0"), ("OPENAI_API_KEY", "a-key"), ("OPENAI_TIMEOUT", "5"), ("AI_BUDGET_ROOM", "2.50"), ("SKIP_MODEL_LOADING", "Yes"), ("HF_ENDPOINT", "https://hub.example/mirror"));

        Assert.Equal(Path.GetFullPath("/home/elsewhere"), settings.Infrastructure.Storage.Folder);
        Assert.Equal((new Rate(100, 100), new Rate(3, 4)), (settings.Rates.Send, settings.Rates.Summary));
        Assert.Null(settings.Access.CookieSecret);
        Assert.Equal(["https://one.example", "https://two.example"], settings.Network.CorsOrigins);
        Assert.Equal(["10.0.0.5/32", "10.1.0.0/16"], settings.Network.TrustedProxies.Select(network => network.ToString()));
        Assert.Equal("/chat", settings.Network.PathBase);
        Assert.Equal("redis://redis-host:6379/", settings.Backplane.RedisUrl!.ToString());
        Assert.Equal("http://classifier:8080/", settings.Infrastructure.Classifier.Url!.ToString());
        Assert.Equal(new TurnLimits(2, 0), settings.ModelServer.Queue);
        Assert.Equal(("gpt-4.1-mini", 0.4m, 1.6m, 5), (settings.Infrastructure.LanguageModel!.Model, settings.Infrastructure.LanguageModel.InputPrice, settings.Infrastructure.LanguageModel.OutputPrice, settings.Infrastructure.LanguageModel.AnswerTimeout.TotalSeconds));
        Assert.Equal(2_500_000, settings.Infrastructure.Budgets.Room!.Value.Micros);
        Assert.True(settings.Infrastructure.Embedding.SkipLoading);
        Assert.Equal("https://hub.example/mirror/", settings.Infrastructure.Hub.Endpoint.ToString());
    }

    [Fact]
    public void Without_a_model_of_its_own_the_server_embeds_by_its_model_server()
    {
        var settings = Read(("MODEL_SERVER_URL", "http://classifier:8080"), ("MODEL_SERVER_TOKEN", "a-token"), ("SKIP_MODEL_LOADING", "true")).Infrastructure;
        var embedding = settings.Embedding.OrAt(settings.Classifier.Url, settings.Classifier.Token);

        Assert.Equal(("http://classifier:8080/v1", "a-token", "default"), (embedding.Url!.ToString(), embedding.Key, embedding.Model));
        Assert.DoesNotContain("a-token", settings.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("EMBEDING_MODEL", "EMBEDDING_MODEL")]
    [InlineData("OPENAI_BASEURL", "OPENAI_BASE_URL")]
    [InlineData("SENDRATE", "SEND_RATE")]
    [InlineData("MONGODB_URL", "MONGODB_URI")]
    [InlineData("send_rate", "SEND_RATE")]
    [InlineData("AICHAT_DTA", "AICHAT_DATA")]
    [InlineData("ASPNETCORE_URL", "ASPNETCORE_URLS")]
    [InlineData("AICHAT_COLOUR", null)]
    public void A_variable_that_looks_like_a_setting_is_named_with_the_setting_that_was_meant(string name, string? meant)
    {
        var read = Reader((name, "hunter2"));
        Settings.Read(read);

        Assert.Equal([new UnknownSetting(name, meant)], read.Unknown([name, name, "PATH"]));
    }

    [Theory]
    [InlineData("PATH")]
    [InlineData("HF_HOME")]
    [InlineData("GH_TOKEN")]
    [InlineData("OPENAI_ORG_ID")]
    [InlineData("ASPNETCORE_HTTP_PORTS")]
    [InlineData("SEND_RATE")]
    public void Variables_of_other_programs_and_settings_are_not_named(string name)
    {
        var read = Reader((name, "20/60"));
        Settings.Read(read);

        Assert.Empty(read.Unknown([name]));
    }

    [Fact]
    public void The_warning_names_the_variable_once_and_never_its_value()
    {
        var read = Reader(("EMBEDING_KEY", "hunter2"));
        Settings.Read(read);
        var log = new KeptLog();
        EnvironmentVariables.WarnOfUnknown(read, ["EMBEDING_KEY", "EMBEDING_KEY", "PATH"], log);

        Assert.Equal(["Warning: EMBEDING_KEY is not a setting and has no effect; did you mean EMBEDDING_KEY?"], log.Lines);
    }

    private static Settings Read(params (string Name, string Value)[] variables) => Settings.Read(Reader(variables));

    private static SettingsReader Reader(params (string Name, string Value)[] variables)
    {
        var values = variables.ToDictionary(variable => variable.Name, variable => variable.Value, StringComparer.Ordinal);
        return new SettingsReader(values.GetValueOrDefault, "/home");
    }

    private sealed class KeptLog : ILogger
    {
        public List<string> Lines { get; } = [];

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull
            => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) => Lines.Add($"{logLevel}: {formatter(state, exception)}");
    }
}
