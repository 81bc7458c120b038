using Refresh.Orchestrator.Commands;
using Refresh.Orchestrator.Tests.Serving.Chat;
using Xunit;

namespace Refresh.Orchestrator.Tests.Serving;

/// <summary>Each place that a secret can come from, over the real thing: the request that is signed with it is let in.</summary>
public sealed class SecretSourceTests : IDisposable
{
    private readonly ServeProcess _serve = new();

    public void Dispose() => _serve.Dispose();

    [Fact]
    public async Task Secrets_come_from_user_secrets_credentials_files_the_environment_and_commands()
    {
        _serve.Write(".microsoft/usersecrets/refresh-serve/secrets.json", $$"""{ "webhooks": { "slack": { "key": "{{Hooks.SlackKey}}" } } }""");
        _serve.Environment["CREDENTIALS_DIRECTORY"] = _serve.At("credentials");
        _serve.Write("credentials/teams-key", Hooks.TeamsKey + "\n");
        _serve.Write("credentials/refresh.webhooks__images__key", Hooks.GitHubKey + "\n");
        _serve.Environment["TOWN_TOKEN"] = Hooks.MattermostKey;
        _serve.Environment["REFRESH_SERVE_confirmWithin"] = "42s";
        _serve.Configuration = new
        {
            webhooks = new Dictionary<string, object>
            {
                ["slack"] = new { vendor = "slack" },
                ["teams"] = new { vendor = "teams", key = "credential:teams-key" },
                ["town"] = new { vendor = "mattermost", key = "env:TOWN_TOKEN" },
                ["images"] = new { vendor = "github", image = "web", fleets = new { lab = "start" } },
                ["bus"] = new { vendor = "standard", key = $"command:cat {_serve.Write("bus-key", Hooks.StandardKey)}", previousKey = $"file:{_serve.At("bus-key")}", roles = new[] { "viewer" } },
            },
            people = new { ada = new { accounts = new[] { "slack:T1/UADA", "teams:tenant/ada-id", "town:team/ada-id" }, roles = new[] { "viewer" } } },
        };
        await _serve.StartAsync();
        using var hooks = new Hooks(() => _serve.Address);
        (await hooks.SlackAsync("help")).Says("status");
        (await hooks.TeamsAsync("help")).Says("status");
        (await hooks.MattermostAsync("help")).Says("status");
        (await hooks.GitHubAsync("ping", new { })).Says("Nothing is done");
        (await hooks.StandardAsync(new { type = "refresh.command", data = new { command = "help" } })).Says("status");
        foreach (var secret in new[] { Hooks.SlackKey, Hooks.TeamsKey, Hooks.MattermostKey, Hooks.GitHubKey, Hooks.StandardKey })
            Assert.DoesNotContain(secret, _serve.Logged + _serve.Said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_secret_that_stands_in_the_file_is_refused_and_is_not_shown()
    {
        _serve.Configuration = new { webhooks = new { slack = new { vendor = "slack", key = Hooks.SlackKey } } };
        Assert.Equal(ExitCodes.Invalid, await _serve.RefusedAsync("http://127.0.0.1:0"));
        Assert.Contains("webhooks.slack.key is a secret, and must not stand in the file", _serve.Said, StringComparison.Ordinal);
        Assert.DoesNotContain(Hooks.SlackKey, _serve.Said, StringComparison.Ordinal);
    }
}
