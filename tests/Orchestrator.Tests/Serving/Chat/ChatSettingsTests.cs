using Microsoft.Extensions.Configuration;
using Refresh.Orchestrator.Serving.Configuration;
using Refresh.Orchestrator.Serving.Secrets;
using Refresh.Workflows.Ports;
using Xunit;

namespace Refresh.Orchestrator.Tests.Serving.Chat;

public sealed class ChatSettingsTests
{
    [Fact]
    public void Every_mistake_is_told_at_once()
    {
        var mistakes = Read("""
            {
              "fleets": "/", "confirmWithin": "1s",
              "webhooks": {
                "Slack!": { "vendor": "slak", "key": "env:X" },
                "town": { "vendor": "mattermost", "answerTo": "ftp://x", "roles": "admin", "url": "https://refresh.example/hooks/other" },
                "images": { "vendor": "github", "key": "plain-in-the-file", "fleets": { "shop": "now" } }
              },
              "people": { "ada": { "accounts": ["ada", "nowhere:T/U"], "roles": ["boss"] } },
              "notifications": {
                "a": { "to": "slac" },
                "b": { "to": "slack", "api": "nowhere", "level": "loud", "events": ["run.explodes"], "templates": { "run.failed": "{flet}", "run.fail": "x" } },
                "c": { "to": "mail", "from": "nobody", "security": "ssl", "user": "u" },
                "d": { "to": "teams", "fleet": "x" }
              }
            }
            """);
        foreach (var part in new[]
        {
            "webhooks.Slack! is no name for an address", "webhooks.Slack!.vendor is 'slak'; did you mean 'slack'?", "webhooks.town.key is missing", "webhooks.town.answerTo has 'ftp://x'", "webhooks.town.roles is no setting", "webhooks.town.url is 'https://refresh.example/hooks/other'",
            "webhooks.images.key is a secret, and must not stand in the file", "webhooks.images.image is missing", "webhooks.images.fleets.shop is 'now'", "people.ada.accounts has 'ada'", "people.ada.accounts has 'nowhere:T/U', and there is no webhook 'nowhere'",
            "people.ada.roles has 'boss'", "confirmWithin is '1s'", "notifications.a.to is 'slac'; did you mean 'slack'?", "notifications.b.token is missing", "notifications.b.channel is missing", "notifications.b.api is 'nowhere'", "notifications.b.level is 'loud'",
            "notifications.b.events has 'run.explodes'", "notifications.b.templates.run.failed has {flet}", "notifications.b.templates.run.fail is for no event", "notifications.c.from has 'nobody'", "notifications.c.recipients is missing", "notifications.c.security is 'ssl'",
            "notifications.c.password is missing", "notifications.c.host is missing", "notifications.d.url is missing", "notifications.d.fleet is no setting; did you mean 'fleets'?",
        })
            Assert.True(mistakes.Any(mistake => mistake.Contains(part, StringComparison.Ordinal)), $"{part} is not told: {string.Join('\n', mistakes)}");
        Assert.DoesNotContain(mistakes, mistake => mistake.Contains("plain-in-the-file", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_key_that_its_vendor_cannot_have_is_told_without_it()
    {
        var told = new Dictionary<string, string?>();
        foreach (var (key, value) in Hooks.Settings(("fleets", "/"), ("webhooks:teams:key", "not base64 at all"), ("webhooks:bus:key", "whsec_short"), ("notifications:t:to", "teams"), ("notifications:t:url", "no-address-at-all")))
            told[key] = value;
        var (settings, _) = ServeSettingsReader.Read(new ConfigurationBuilder().AddInMemoryCollection(told).Build());
        var (_, missing) = await SecretStore.OpenAsync(settings!, new Redaction(), TestContext.Current.CancellationToken);
        Assert.Equal(3, missing.Count);
        Assert.DoesNotContain(missing, mistake => mistake.Contains("whsec_short", StringComparison.Ordinal) || mistake.Contains("no-address", StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_pages_have_every_setting_event_and_field()
    {
        var chat = await File.ReadAllTextAsync(Path.Combine(Repository.Docs, "chatops.md"), TestContext.Current.CancellationToken);
        foreach (var key in new[] { "vendor", "key", "previousKey", "answerTo", "url", "roles", "image", "repository", "workflow", "fleets" })
            Assert.Contains($"| `webhooks.NAME.{key}", chat, StringComparison.Ordinal);
        var page = await File.ReadAllTextAsync(Path.Combine(Repository.Docs, "notifications.md"), TestContext.Current.CancellationToken);
        foreach (var kind in NoticeKind.All)
            Assert.Contains($"| `{kind}` |", page, StringComparison.Ordinal);
        foreach (var field in Orchestrator.Notifications.Template.Fields)
            Assert.Contains($"`{{{field}}}`", page, StringComparison.Ordinal);
    }

    private static IReadOnlyList<string> Read(string json)
    {
        var file = Path.GetTempFileName();
        try
        {
            File.WriteAllText(file, json);
            return ServeSettingsReader.Read(new ConfigurationBuilder().AddJsonFile(file).Build()).Mistakes;
        }
        finally
        {
            File.Delete(file);
        }
    }
}
