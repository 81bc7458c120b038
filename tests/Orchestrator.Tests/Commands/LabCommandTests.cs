using Refresh.Lab.Cloud;
using Refresh.Orchestrator.Commands;
using Refresh.Orchestrator.Tests.Lab;
using Refresh.Workflows.Tests.Evidence;
using Xunit;

namespace Refresh.Orchestrator.Tests.Commands;

/// <summary>Commands that look at the world and act on it: a lab of real processes behind a real HAProxy.</summary>
public sealed class LabCommandTests : IAsyncLifetime
{
    private readonly Cli _cli = new();
    private LabFixture? _lab;

    private LabFixture Lab => _lab!;

    private string File => _cli.At("fleet.yaml");

    public async ValueTask InitializeAsync()
    {
        var installed = Environment.GetEnvironmentVariable("PATH")!.Split(':').Append("/usr/sbin").Any(folder => System.IO.File.Exists(Path.Combine(folder, "haproxy")));
        Assert.SkipUnless(installed, "HAProxy is not installed: install the package haproxy to run this test.");
        _lab = await LabFixture.StartAsync(options => options with { Balancer = BalancerChoice.HAProxy });
        await System.IO.File.WriteAllTextAsync(File, Fleet("web@1.1.0"), TestContext.Current.CancellationToken);
        await LabFixture.UntilAsync(async () => (await _cli.RunAsync("doctor", File)).ExitCode == ExitCodes.Done);
    }

    [Fact]
    public async Task A_plan_says_what_would_be_done_and_changes_nothing()
    {
        var before = (await Lab.VmAsync("web-1-a")).Id;
        var said = (await _cli.RunAsync("plan", File)).Ended(ExitCodes.Done);
        Assert.Contains("Canary wave: 1 pair", said.Output, StringComparison.Ordinal);
        Assert.Matches(@"web-1/web-1-a +web@1\.0\.0 +web@1\.1\.0", said.Output);
        Assert.Contains("how long a rebuild takes is not known", said.Output, StringComparison.Ordinal);
        Assert.Contains("Nothing was changed.", said.Output, StringComparison.Ordinal);
        Assert.Equal(before, (await Lab.VmAsync("web-1-a")).Id);
        var json = (await _cli.RunAsync("plan", File, "--json")).Ended(ExitCodes.Done).Json;
        Assert.Equal(2, json.GetProperty("rebuilds").GetInt32());
        Assert.True(json.GetProperty("waves")[0].GetProperty("canary").GetBoolean());
    }

    [Fact]
    public async Task A_plan_is_made_though_the_files_of_archived_runs_lie_elsewhere()
    {
        foreach (var run in new[] { "r1", "r2" })
            await _cli.StoreAsync(new ScriptedRun(ScriptedRun.FleetOf(1) with { Name = "lab" }).Begin().Continue(), run);
        var compacted = (await _cli.RunAsync("journal", "compact", "--days", "0", "--to", _cli.At("archive"), "--json")).Ended(ExitCodes.Done).Json;
        Assert.Equal(1, compacted.GetProperty("archived").GetArrayLength());
        Directory.Move(_cli.At("archive"), _cli.At("elsewhere"));
        (await _cli.RunAsync("plan", File)).Ended(ExitCodes.Done);
        Assert.Contains("web@1.1.0", (await _cli.RunAsync("image", "list", "--images", Lab.Facts.Images)).Ended(ExitCodes.Done).Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_plan_to_the_image_that_runs_has_nothing_to_do()
    {
        var said = (await _cli.RunAsync("plan", File, "--image", "web@1.0.0")).Ended(ExitCodes.Done);
        Assert.Contains("Skipped: 1 pair", said.Output, StringComparison.Ordinal);
        Assert.Contains("nothing to do", said.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_plan_to_an_unknown_image_names_those_that_there_are()
    {
        var said = (await _cli.RunAsync("plan", File, "--image", "web@9")).Ended(ExitCodes.Refused);
        Assert.Contains("web@1.1.0", said.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_plan_that_cannot_be_carried_out_is_refused_with_what_is_in_the_way()
    {
        await System.IO.File.WriteAllTextAsync(File, Fleet("web@1.1.0").Replace("backend: web", "backend: wep", StringComparison.Ordinal), TestContext.Current.CancellationToken);
        var said = (await _cli.RunAsync("plan", File)).Ended(ExitCodes.Refused);
        Assert.Contains("did you mean web/web-1-a", said.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_doctor_finds_a_sick_member_and_says_what_to_do()
    {
        await Lab.EndAsync(await Lab.Client.PowerAsync("web-1-b", Refresh.Lab.Client.PowerAction.Crash, TestContext.Current.CancellationToken));
        var said = (await _cli.RunAsync("doctor", File)).Ended(ExitCodes.Done);
        Assert.Contains("1 of 2 are in rotation", said.Output, StringComparison.Ordinal);
        Assert.Contains("the VM of web-1/web-1-b is off", said.Output, StringComparison.Ordinal);
        await Lab.EndAsync(await Lab.Client.PowerAsync("web-1-a", Refresh.Lab.Client.PowerAction.Crash, TestContext.Current.CancellationToken));
        var json = (await _cli.RunAsync("doctor", File, "--json")).Ended(ExitCodes.Refused).Json;
        Assert.False(json.GetProperty("ok").GetBoolean());
        Assert.All(json.GetProperty("members").EnumerateArray(), member => Assert.False(member.GetProperty("serves").GetBoolean()));
    }

    [Fact]
    public async Task A_run_waits_for_approval_gets_it_from_another_command_and_is_told_afterwards()
    {
        await System.IO.File.AppendAllTextAsync(File, "approval: required\n", TestContext.Current.CancellationToken);
        var running = _cli.RunAsync("run", File, "--yes");
        await LabFixture.UntilAsync(async () => (await _cli.RunAsync("status", "--json")).Output.Contains("awaiting-approval", StringComparison.Ordinal));
        (await _cli.RunAsync("pause")).Ended(ExitCodes.Refused);
        var said = (await _cli.RunAsync("approve", "--why", "patch day")).Ended(ExitCodes.Done);
        Assert.Contains("Taken up", said.Output, StringComparison.Ordinal);
        (await running).Ended(ExitCodes.Done);
        Assert.Equal("Succeeded", (await _cli.RunAsync("status", "--json")).Json.GetProperty("state").GetString());
        Assert.Contains("patch day", (await _cli.RunAsync("report", "--json")).Output, StringComparison.Ordinal);
        Assert.NotEqual(System.Text.Json.JsonValueKind.Null, (await _cli.RunAsync("plan", File, "--image", "web@1.0.0", "--json")).Json.GetProperty("perMemberSeconds").ValueKind);
    }

    public async ValueTask DisposeAsync()
    {
        if (_lab is not null)
            await _lab.DisposeAsync();
        _cli.Dispose();
    }

    private string Fleet(string image) => $$"""
        apiVersion: refresh/v1
        kind: Fleet
        name: lab
        image: {{image}}
        images: {{Lab.Facts.Images}}
        balancer:
          haproxy: { sockets: ["unix:{{Lab.Facts.Balancers[0].Socket}}"], backend: web }
        probes:
          - http: { path: /health, timeout: 2s }
        identity:
          http: { path: /identity, timeout: 2s }
        provisioner:
          lab: { url: "{{Lab.Facts.Api}}" }
        canary: { pairs: 1, bake: 200ms }
        guard: { timeout: 60s, interval: 200ms, maxAge: 10s }
        drain: { timeout: 30s, interval: 50ms }
        verify: { timeout: 60s, interval: 50ms }
        rejoin: { timeout: 60s }
        soak: { duration: 200ms, interval: 50ms }
        watch: { interval: 200ms, badLooks: 5 }
        pairs:
          - name: web-1
            members:
        {{string.Join('\n', Lab.Facts.Vms.Select(vm => $"      - {{ name: {vm.Name}, address: \"{vm.Host}:{vm.Port}\" }}"))}}

        """;
}
