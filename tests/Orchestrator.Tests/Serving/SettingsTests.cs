using Microsoft.Extensions.Configuration;
using Refresh.Orchestrator.Commands;
using Refresh.Orchestrator.Serving.Configuration;
using Refresh.Orchestrator.Tests.Commands;
using Xunit;

namespace Refresh.Orchestrator.Tests.Serving;

public sealed class SettingsTests : IDisposable
{
    private readonly Cli _cli = new();

    public void Dispose() => _cli.Dispose();

    [Fact]
    public async Task Every_mistake_is_told_at_once_and_nothing_is_started()
    {
        await File.WriteAllTextAsync(_cli.At("serve.json"), """
            {
              "listen": ["http://0.0.0.0:0", "ftp://x", "https://127.0.0.1:0"],
              "stopWithin": "soon", "fleetz": "x",
              "limits": { "bodyBytes": 3, "requests": 7 },
              "telemetry": { "otlp": "nowhere", "protocol": "udp" },
              "log": { "level": "Loud" },
              "secrets": { "chat": "s3cr3t-in-the-file", "other": "file:" }
            }
            """, TestContext.Current.CancellationToken);
        var said = (await _cli.RunAsync("serve", "--config", _cli.At("serve.json"))).Ended(ExitCodes.Invalid);
        foreach (var part in new[]
        {
            "fleets is missing", "listen has http://0.0.0.0:0/, which others can reach without TLS", "listen has 'ftp://x'", "listen has https://127.0.0.1:0/, and certificate.file is missing",
            "stopWithin is 'soon'", "fleetz is no setting; did you mean 'fleets'?", "limits.bodyBytes is '3'", "limits.requests is no setting; known here: bodyBytes", "telemetry.otlp is 'nowhere'",
            "telemetry.protocol is 'udp'", "log.level is 'Loud'", "secrets.chat is a secret, and must not stand in the file", "secrets.other names no secret",
        })
            Assert.Contains(part, said.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("s3cr3t-in-the-file", said.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Mistakes_of_settings_secrets_and_certificate_are_told_together()
    {
        await File.WriteAllTextAsync(_cli.At("cert.pem"), "no certificate", TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(_cli.At("serve.json"), $$"""
            {
              "limits": 5, "audit": true, "webhooks": "x", "environment": "y",
              "secrets": { "a": "file:{{_cli.At("none")}}", "b": { "c": "file:x" } },
              "certificate": { "file": "{{_cli.At("cert.pem")}}" }, "listen": [{ "a": "http://127.0.0.1:1" }],
              "notifications": { "ops": { "to": "slack", "token": "env:REFRESH_NO_SUCH_VARIABLE", "channel": "ops" }, "chat": "slack" }
            }
            """, TestContext.Current.CancellationToken);
        var said = (await _cli.RunAsync("serve", "--config", _cli.At("serve.json"))).Ended(ExitCodes.Invalid);
        foreach (var part in new[]
        {
            "fleets is missing", "limits is a value, and a section is wanted", "audit is a value, and a section is wanted", "webhooks is a value, and a section is wanted", "environment is a value, and a section is wanted",
            "secrets.a (file:", "secrets.b is a section, and a value is wanted", "certificate.file is", "cannot be used", "listen.0 is a section, and a value is wanted",
            "notifications.ops.token (env:REFRESH_NO_SUCH_VARIABLE)", "notifications.chat is a value, and a section is wanted",
        })
            Assert.Contains(part, said.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{ \"fleets\": ")]
    [InlineData("[]")]
    public async Task A_file_that_is_no_configuration_is_told(string text)
    {
        await File.WriteAllTextAsync(_cli.At("serve.json"), text, TestContext.Current.CancellationToken);
        Assert.Contains("serve.json", (await _cli.RunAsync("serve", "--config", _cli.At("serve.json"))).Ended(ExitCodes.Invalid).Error, StringComparison.Ordinal);
        Assert.Contains("no such file", (await _cli.RunAsync("serve", "--config", _cli.At("other.json"))).Ended(ExitCodes.Invalid).Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_secret_that_cannot_be_got_is_told_by_its_source()
    {
        await File.WriteAllTextAsync(_cli.At("short"), "1234\n", TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(_cli.At("serve.json"), $$"""
            { "fleets": "{{_cli.Folder}}", "secrets": { "a": "file:{{_cli.At("none")}}", "b": "env:REFRESH_NO_SUCH_VARIABLE", "c": "command:false", "d": "credential:x", "e": "file:{{_cli.At("short")}}" } }
            """, TestContext.Current.CancellationToken);
        var said = (await _cli.RunAsync("serve", "--config", _cli.At("serve.json"))).Ended(ExitCodes.Invalid);
        foreach (var name in new[] { "secrets.a (file:", "secrets.b (env:REFRESH_NO_SUCH_VARIABLE)", "secrets.c (command:false)", "secrets.d (credential:x)", "secrets.e (file:" })
            Assert.Contains(name, said.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("http://127.0.0.1:1", true)]
    [InlineData("http://[::1]:1", true)]
    [InlineData("http://localhost:1", true)]
    [InlineData("http://10.0.0.1:1", false)]
    [InlineData("http://[::]:1", false)]
    [InlineData("http://refresh.example:1", false)]
    public void It_listens_beyond_loopback_only_with_TLS_or_when_told_that_it_is_there(string address, bool good)
    {
        Assert.Equal(good, Read(("listen", address)).Count == 0);
        Assert.Empty(Read(("listen", address), ("plainBeyondLoopback", "true")));
    }

    [Fact]
    public void Every_setting_is_documented()
    {
        var page = File.ReadAllText(Path.Combine(Repository.Docs, "serve.md"));
        page = page[page.IndexOf("## Configuration", StringComparison.Ordinal)..page.IndexOf("## Tokens", StringComparison.Ordinal)];
        var told = System.Text.RegularExpressions.Regex.Matches(page, @"^\| `([a-zA-Z.]+)` \|.*\|.*\|.*\|$", System.Text.RegularExpressions.RegexOptions.Multiline).Select(row => row.Groups[1].Value).ToList();
        Assert.Contains("limits.bodyBytes", told);
        var unknown = Read([.. told.Where(key => !key.EndsWith("NAME", StringComparison.Ordinal) && !key.EndsWith("VARIABLE", StringComparison.Ordinal)).Select(key => (key.Replace('.', ':'), "x"))]).Where(mistake => mistake.Contains("is no setting", StringComparison.Ordinal));
        Assert.Empty(unknown);
    }

    private IReadOnlyList<string> Read(params (string Key, string Value)[] settings) => ServeSettingsReader.Read(new ConfigurationBuilder()
        .AddInMemoryCollection(settings.Select(pair => KeyValuePair.Create(pair.Key, (string?)pair.Value)).Prepend(new("fleets", _cli.Folder)).DistinctBy(pair => pair.Key)).Build()).Mistakes;
}
