using CliWrap;
using CliWrap.Buffered;
using Refresh.Orchestrator.Serving.Configuration;
using Xunit;

namespace Refresh.Orchestrator.Tests.Serving.Chat;

/// <summary>Runs the samples against a real service.</summary>
public sealed class SampleTests
{
    private static readonly string s_samples = Path.GetFullPath(Path.Combine(Repository.Docs, "..", "samples", "chatops"));

    [Theory]
    [InlineData("slack/command.sh", "status nowhere", "no fleet nowhere")]
    [InlineData("teams/message.sh", "status nowhere", "no fleet nowhere")]
    [InlineData("mattermost/command.sh", "refresh a b c & d", "It is written: refresh FLEET")]
    [InlineData("standard/command.sh", "status nowhere", "no fleet nowhere")]
    [InlineData("github/release.sh", "v1.2.0", "being carried out")]
    public async Task A_script_signs_so_that_the_service_answers(string script, string said, string answer)
    {
        await using var service = await StartAsync();
        var answered = await RunAsync(script, said, service, Environment());
        Assert.True(answered.ExitCode == 0, answered.StandardOutput + answered.StandardError);
        Assert.Contains(answer, answered.StandardOutput, StringComparison.Ordinal);
        var forged = Environment().ToDictionary(pair => pair.Key, pair => (string?)pair.Value!.Replace("a", "b", StringComparison.Ordinal));
        var refused = await RunAsync(script, said, service, forged);
        Assert.NotEqual(0, refused.ExitCode);
        Assert.Contains("signature-invalid", refused.StandardOutput, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_configuration_of_the_sample_is_right()
    {
        var file = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
        var text = await File.ReadAllTextAsync(Path.Combine(s_samples, "serve.json"), TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(file, text.Replace("/etc/refresh/fleets", Path.GetTempPath(), StringComparison.Ordinal), TestContext.Current.CancellationToken);
        var (settings, mistakes) = ServeSettingsReader.Read(ServeConfiguration.Read(file, []));
        File.Delete(file);
        Assert.Empty(mistakes);
        Assert.Equal((5, 5), (settings!.Chat.Hooks.Count, settings.Notices.Channels.Count));
    }

    private static Dictionary<string, string?> Environment() => new()
    {
        ["SLACK_SIGNING_SECRET"] = Hooks.SlackKey,
        ["TEAMS_SECURITY_TOKEN"] = Hooks.TeamsKey,
        ["MATTERMOST_TOKEN"] = Hooks.MattermostKey,
        ["GITHUB_WEBHOOK_SECRET"] = Hooks.GitHubKey,
        ["REFRESH_HOOK_KEY"] = Hooks.StandardKey,
    };

    private static Task<Service> StartAsync() => Service.StartAsync(
        ("webhooks:slack:vendor", "slack"), ("webhooks:slack:key", Hooks.SlackKey),
        ("webhooks:teams:vendor", "teams"), ("webhooks:teams:key", Hooks.TeamsKey),
        ("webhooks:mattermost:vendor", "mattermost"), ("webhooks:mattermost:key", Hooks.MattermostKey),
        ("webhooks:github:vendor", "github"), ("webhooks:github:key", Hooks.GitHubKey), ("webhooks:github:image", "web"), ("webhooks:github:fleets:shop", "propose"),
        ("webhooks:standard:vendor", "standard"), ("webhooks:standard:key", Hooks.StandardKey), ("webhooks:standard:roles", "operator"),
        ("people:ada:accounts:0", "slack:T1DC2JH3J/U2CERLKJA"), ("people:ada:accounts:1", "teams:tenant-id/ada-object-id"), ("people:ada:accounts:2", "mattermost:team-id/user-id"), ("people:ada:roles", "operator"));

    private static async Task<BufferedCommandResult> RunAsync(string script, string said, Service service, Dictionary<string, string?> environment)
    {
        environment["REFRESH_URL"] = service.Address.ToString().TrimEnd('/');
        return await Cli.Wrap("bash").WithArguments([Path.Combine(s_samples, script), said]).WithEnvironmentVariables(environment).WithValidation(CommandResultValidation.None).ExecuteBufferedAsync(TestContext.Current.CancellationToken);
    }
}
