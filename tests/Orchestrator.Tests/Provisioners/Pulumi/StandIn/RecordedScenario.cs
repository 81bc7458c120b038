using System.Globalization;
using System.Text.Json.Nodes;
using Refresh.Orchestrator.Tests.Lab;
using Xunit;

namespace Refresh.Orchestrator.Tests.Provisioners.Pulumi.StandIn;

/// <summary>The recorded scenario, played once with the stand-in: each recorded command in its turn, and the states between them.</summary>
public sealed class RecordedScenario : IAsyncLifetime
{
    private const string Old = "web@1.0.0";
    private const string New = "web@1.1.0";
    private readonly Dictionary<string, Answer> _answers = [];
    private readonly Dictionary<string, JsonObject> _exports = [];
    private StandInProject _project = null!;

    internal Answer Answer(string name) => _answers[name];

    internal JsonObject Export(string name) => _exports[name];

    internal JsonObject LockFile { get; private set; } = null!;

    /// <summary>The processes that the kill left, by name.</summary>
    internal IReadOnlyList<string> Leftovers { get; private set; } = [];

    internal IReadOnlyList<JsonObject> Events(string name) => Recording.Parse(File.ReadAllText(Path.Combine(_project.Project, name + ".events")));

    public async ValueTask InitializeAsync()
    {
        _project = await StandInProject.StartAsync(Recording.Read("program", "yaml"), TimeSpan.FromSeconds(1));
        await CreateAsync();
        await ReplaceAsync();
        await RefusalsAsync();
        await KillAsync();
        await RecoverAsync();
        await InterruptAsync();
        await PlayAsync("preview-bad-image", "memberAImage", "00000000-0000-0000-0000-000000000000");
        await ConfigureAsync("memberAImage", New);
        await PlayAsync("preview-unreachable", server: "127.0.0.1:1");
        await PlayAsync("up-unreachable", server: "127.0.0.1:1");
    }

    public ValueTask DisposeAsync() => _project.DisposeAsync();

    private async Task CreateAsync()
    {
        await _project.RunAsync("stack", "init", "web-01", "--non-interactive");
        var subnet = _project.Lab.Facts.Subnet;
        foreach (var (key, value) in new[] { ("memberAImage", Old), ("memberBImage", Old), ("memberAName", "web-01a"), ("memberBName", "web-01b"), ("memberAAddress", $"{subnet}.1.1"), ("memberBAddress", $"{subnet}.1.2") })
            await ConfigureAsync(key, value);
        await _project.RunAsync("up", "--yes", "--skip-preview", "--non-interactive", "--stack", "web-01");
        await PlayAsync("version");
        await PlayAsync("up-create-noop");
        await ExportAsync("clean");
        await PlayAsync("preview-nothing");
        await PlayAsync("preview-nothing-sames");
        await PlayAsync("output");
    }

    private async Task ReplaceAsync()
    {
        await PlayAsync("preview-replace", "memberAImage", New);
        await PlayAsync("preview-replace-without-steps");
        await PlayAsync("up-replace");
        await PlayAsync("output-after-replace");
        await ExportAsync("after-replace");
    }

    private async Task RefusalsAsync()
    {
        await PlayAsync("bad-flag");
        await PlayAsync("stack-init-twice");
        await PlayAsync("stack-missing");
        _answers["wrong-passphrase"] = await _project.RunAsync(Arguments("wrong-passphrase"), null, environment => environment["PULUMI_CONFIG_PASSPHRASE"] = "wrong");
    }

    private async Task KillAsync()
    {
        await ConfigureAsync("memberBImage", New);
        _answers["killed-up"] = await _project.RunAsync(
            ["up", "--yes", "--skip-preview", "--target", Urn("memberB"), "--target-dependents", "--non-interactive", "--stack", "web-01"],
            ("creating replacement", async process =>
            {
                // The cloud has begun when it knows the name.
                await LabFixture.UntilAsync(async () => await _project.Lab.Client.FindAsync("web-01b", TestContext.Current.CancellationToken) is not null);
                process.Kill();
            }
        ));
        await ExportAsync("killed-at-once");
        LockFile = JsonNode.Parse(await File.ReadAllTextAsync(Directory.EnumerateFiles(Path.Combine(_project.Backend, ".pulumi", "locks"), "*.json", SearchOption.AllDirectories).Single()))!.AsObject();
        Leftovers = [.. _project.Leftovers().Select(process => process.ProcessName)];
        await PlayAsync("locked-preview");
        await PlayAsync("locked-up");
        await PlayAsync("locked-refresh");
        await LabFixture.UntilAsync(async () => (await _project.Lab.VmAsync("web-01b")).Power == Refresh.Lab.Client.LabPower.On);
        await ExportAsync("killed-later");
    }

    private async Task RecoverAsync()
    {
        await PlayAsync("cancel");
        await PlayAsync("orphan-up");
        await ExportAsync("orphan-up");
        await PlayAsync("refresh-clear");
        await ExportAsync("refresh-clear");
        await PlayAsync("state-delete");
        await PlayAsync("import");
        await ExportAsync("imported");
        await PlayAsync("preview-after-import");
        await PlayAsync("preview-target-replace");
        await PlayAsync("up-target-replace");
        await ExportAsync("recovered");
    }

    private async Task InterruptAsync()
    {
        await ConfigureAsync("memberAImage", Old);
        _answers["interrupted-up"] = await _project.RunAsync(
            ["up", "--yes", "--skip-preview", "--target", Urn("memberA"), "--target-dependents", "--non-interactive", "--stack", "web-01"],
            ("creating replacement", async process =>
            {
                using var kill = System.Diagnostics.Process.Start("/bin/sh", ["-c", string.Create(CultureInfo.InvariantCulture, $"kill -INT {process.Id}")]);
                await kill.WaitForExitAsync(TestContext.Current.CancellationToken);
            }
        ));
        await ExportAsync("interrupted");
    }

    private async Task PlayAsync(string name, string? key = null, string? value = null, string? server = null)
    {
        if (key is not null)
            await ConfigureAsync(key, value!);
        _answers[name] = await _project.RunAsync(Arguments(name), null, environment => environment["VSPHERE_SERVER"] = server ?? _project.Server);
    }

    private async Task ConfigureAsync(string key, string value) => Assert.Equal(0, (await _project.RunAsync("config", "set", key, value, "--stack", "web-01")).ExitCode);

    private async Task ExportAsync(string name) => _exports[name] = JsonNode.Parse((await _project.RunAsync("stack", "export", "--stack", "web-01")).Output)!.AsObject();

    private string[] Arguments(string name) => [.. Recording.Arguments(name).Select(argument => argument.Replace("/srv/refresh/", _project.Directory + "/", StringComparison.Ordinal))];

    private static string Urn(string name) => $"urn:pulumi:web-01::vsphere-pair::vsphere:index/virtualMachine:VirtualMachine::{name}";
}
