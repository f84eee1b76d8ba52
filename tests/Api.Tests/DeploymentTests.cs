using System.Text.RegularExpressions;
using AIChat.Api.Common;
using AIChat.Application.Common;
using AIChat.Infrastructure.Common;
using MongoDB.Driver;
using YamlDotNet.RepresentationModel;

namespace AIChat.Api.Tests;

/// <summary>What can be known of the image and the compose file without building them: every path, variable, port and name in them is one that is there.</summary>
public sealed partial class DeploymentTests
{
    private static readonly string Root = FindRoot();
    private static readonly string[] Dockerfile = File.ReadAllText(Path.Combine(Root, "Dockerfile")).Replace("\\\n", string.Empty, StringComparison.Ordinal).Split('\n');

    [Fact]
    public void Every_path_that_the_image_copies_is_there_and_reaches_the_engine()
    {
        var ignore = File.ReadAllLines(Path.Combine(Root, ".dockerignore"));
        var allowed = ignore.Where(line => line.StartsWith('!')).Select(line => line[1..]).ToList();
        var copied = Dockerfile.Where(line => line.StartsWith("COPY ", StringComparison.Ordinal) && !line.Contains("--from", StringComparison.Ordinal))
            .SelectMany(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1..^1]).ToList();

        Assert.NotEmpty(copied);
        Assert.All(copied, path => Assert.True(Path.Exists(Path.Combine(Root, path)), path));
        Assert.All(copied, path => Assert.Contains(path.Split('/')[0], allowed));
        Assert.Contains("**/.env", ignore);
    }

    [Fact]
    public void Every_project_is_there_before_packages_are_restored()
    {
        var before = Dockerfile.TakeWhile(line => !line.StartsWith("RUN dotnet restore", StringComparison.Ordinal)).ToList();
        var projects = Directory.GetFiles(Path.Combine(Root, "src"), "*.csproj", SearchOption.AllDirectories).Select(file => Path.GetRelativePath(Root, file)).ToList();
        Assert.Equal(4, projects.Count);
        Assert.All(projects, project => Assert.Contains(before, line => line.StartsWith($"COPY {project} ", StringComparison.Ordinal)));
    }

    [Fact]
    public void The_image_runs_the_server_as_nobody_special_and_asks_after_its_health_where_it_listens()
    {
        Assert.Contains(Dockerfile, line => line == $"""ENTRYPOINT ["dotnet", "{Path.GetFileName(ServerProcess.Program)}"]""");
        Assert.Contains(Dockerfile, line => line == "USER $APP_UID");
        var port = Port().Match(string.Join('\n', Dockerfile)).Groups["port"].Value;
        Assert.Contains(Dockerfile, line => line == "EXPOSE " + port);
        Assert.Contains(Dockerfile, line => line.Contains("HEALTHCHECK", StringComparison.Ordinal) && line.Contains("/health/ready", StringComparison.Ordinal) && line.Contains($"127.0.0.1/{port}", StringComparison.Ordinal));
        Assert.All(Variables(string.Join(' ', Dockerfile.Where(line => line.StartsWith("ENV ", StringComparison.Ordinal)))), name => Assert.Contains(name, Known()));
    }

    [Fact]
    public void The_compose_file_names_only_variables_volumes_ports_and_services_that_are_there()
    {
        var yaml = new YamlStream();
        using (var reader = File.OpenText(Path.Combine(Root, "docker-compose.yml")))
            yaml.Load(reader);
        var compose = (YamlMappingNode)yaml.Documents[0].RootNode;
        var services = (YamlMappingNode)compose["services"];
        var server = (YamlMappingNode)services["aichat"];

        var environment = ((YamlMappingNode)server["environment"]).Children.ToDictionary(pair => pair.Key.ToString(), pair => pair.Value.ToString());
        Assert.All(environment.Keys, name => Assert.Contains(name, Known()));
        Assert.Contains(services.Children.Keys, name => name.ToString() == new MongoUrl(environment["MONGODB_URI"]).Server.Host);
        Assert.EndsWith(":" + Port().Match(string.Join('\n', Dockerfile)).Groups["port"].Value, ((YamlSequenceNode)server["ports"])[0].ToString(), StringComparison.Ordinal);
        Assert.StartsWith("127.0.0.1:", ((YamlSequenceNode)server["ports"])[0].ToString(), StringComparison.Ordinal);
        var classifier = (YamlMappingNode)services["classifier"];
        Assert.Equal("classifier", Assert.Single((YamlSequenceNode)classifier["profiles"]).ToString());
        Assert.Equal(["--role", "classifier"], ((YamlSequenceNode)classifier["command"]).Select(part => part.ToString()));
        Assert.Equal(server["build"], classifier["build"]);
        Assert.All(((YamlMappingNode)classifier["environment"]).Children.Keys, name => Assert.Contains(name.ToString(), Known()));
        Assert.Equal(environment["MODEL_SERVER_TOKEN"], classifier["environment"]["MODEL_SERVER_TOKEN"].ToString());
        var download = (YamlMappingNode)services["download"];
        Assert.Equal("download", Assert.Single((YamlSequenceNode)download["profiles"]).ToString());
        Assert.Equal(["models", "pull"], ((YamlSequenceNode)download["command"]).Take(2).Select(part => part.ToString()));
        Assert.NotNull(ModelName.Parse(((YamlSequenceNode)download["command"])[2].ToString().Split(":-")[1].TrimEnd('}')));
        Assert.Equal(server["build"], download["build"]);
        Assert.All(((YamlMappingNode)download["environment"]).Children.Keys, name => Assert.Contains(name.ToString(), Known()));
        Assert.Contains(((YamlSequenceNode)download["volumes"])[0], (YamlSequenceNode)server["volumes"]);
        foreach (var (name, service) in services.Children.Select(pair => (pair.Key.ToString(), (YamlMappingNode)pair.Value)))
        {
            if (service.Children.TryGetValue("volumes", out var volumes))
                Assert.All((YamlSequenceNode)volumes, volume => Assert.Contains(((YamlMappingNode)compose["volumes"]).Children.Keys, known => known.ToString() == volume.ToString().Split(':')[0]));
            if (!service.Children.TryGetValue("depends_on", out var needed))
                continue;
            foreach (var other in ((YamlMappingNode)needed).Children.Keys)
                Assert.True(((YamlMappingNode)services[other]).Children.ContainsKey("healthcheck"), $"{name} waits for {other}, which has no health check.");
        }
    }

    /// <summary>The variables that the server or its host reads.</summary>
    private static IReadOnlySet<string> Known()
    {
        var reader = new SettingsReader(_ => null, Root);
        Settings.Read(reader);
        return reader.Known;
    }

    private static IEnumerable<string> Variables(string line) => Assignment().Matches(line).Select(match => match.Groups["name"].Value);

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder!.FullName, "AIChat.sln")))
            folder = folder.Parent;
        return folder.FullName;
    }

    [GeneratedRegex(@"ASPNETCORE_URLS=\S+:(?<port>\d+)", RegexOptions.ExplicitCapture, Timeout.Infinite)]
    private static partial Regex Port();

    [GeneratedRegex("(?<name>[A-Z_]+)=", RegexOptions.ExplicitCapture, Timeout.Infinite)]
    private static partial Regex Assignment();
}
