using Refresh.Orchestrator.Provisioners.Pulumi.Keeping;
using Refresh.Orchestrator.Tests.Balancers;
using Refresh.Workflows.Facts;
using Refresh.Workflows.Fleets;
using Refresh.Workflows.Ports;
using Refresh.Workflows.Rules;
using Xunit;

namespace Refresh.Orchestrator.Tests.Provisioners.Pulumi;

/// <summary>What rebuilding through Pulumi promises beyond the port.</summary>
public sealed class PulumiProvisionerTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_rebuild_sets_the_members_image_and_no_other_configuration_and_its_preview_none()
    {
        await using var world = await PulumiWorld.StartAsync();
        var before = await File.ReadAllTextAsync(world.ConfigFile, Cancellation);
        var preview = await world.Provisioner.PreviewAsync(world.First, world.New, Cancellation);
        Assert.Equal(before, await File.ReadAllTextAsync(world.ConfigFile, Cancellation));
        await world.Provisioner.RebuildAsync(world.First, world.New, preview, Fences.None, new Heard(), Cancellation);
        Assert.Equal(Expected(before, world), await File.ReadAllTextAsync(world.ConfigFile, Cancellation));
    }

    [Fact]
    public async Task The_state_is_kept_before_an_update_and_its_digest_is_in_the_evidence()
    {
        await using var world = await PulumiWorld.StartAsync();
        var state = await world.PulumiAsync("stack", "export");
        var preview = await world.Provisioner.PreviewAsync(world.First, world.New, Cancellation);
        var vm = await world.Provisioner.RebuildAsync(world.First, world.New, preview, Fences.None, new Heard(), Cancellation);
        var kept = Directory.EnumerateFiles(world.Records, "state-*.json", SearchOption.AllDirectories).Order(StringComparer.Ordinal).First();
        Assert.Equal(state, await File.ReadAllTextAsync(kept, Cancellation));
        var digest = Keeper.Digest(await File.ReadAllBytesAsync(kept, Cancellation));
        Assert.Contains(digest, preview.Before.Detail, StringComparison.Ordinal);
        Assert.Contains(digest, vm.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_engines_events_are_told_with_the_time_that_a_step_takes()
    {
        await using var world = await PulumiWorld.StartAsync();
        world.Faults("slow-clone ms=3000");
        var heard = new Heard();
        await world.Provisioner.RebuildAsync(world.First, world.New, await world.Provisioner.PreviewAsync(world.First, world.New, Cancellation), Fences.None, heard, Cancellation);
        Assert.Contains(heard.Words, words => words is "cloning, 1 s" or "cloning, 2 s");
    }

    [Fact]
    public async Task What_a_provider_wants_of_the_peer_is_not_planned_and_the_check_names_it()
    {
        await using var world = await PulumiWorld.StartAsync();
        world.Faults("noise resource=memberB");
        var preview = await world.Provisioner.PreviewAsync(world.First, world.New, Cancellation);
        Assert.DoesNotContain(preview.Steps, step => step.Subject == PlannedSubject.PeerVm && step.Operation != PlannedOperation.Keep);
        Assert.Contains(await world.Provisioner.CheckAsync([world.First, world.Peer], Cancellation), wrong => wrong.Code == "plan-not-empty" && wrong.Text.Contains("memberB", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_step_that_nobody_has_heard_of_is_refused_by_the_plan_guard()
    {
        await using var world = await PulumiWorld.StartAsync();
        world.Faults("unknown-op");
        Assert.False(PlanGuard.Check(await world.Provisioner.PreviewAsync(world.First, world.New, Cancellation), world.First.Id).Allowed);
    }

    [Fact]
    public async Task A_step_that_nobody_has_heard_of_is_named_by_the_check_which_does_not_advise_to_apply_it()
    {
        await using var world = await PulumiWorld.StartAsync();
        world.Faults("unknown-op resource=memberB");
        var wrong = Assert.Single(await world.Provisioner.CheckAsync([world.First, world.Peer], Cancellation), wrong => wrong.Text.Contains("transmogrify of memberB", StringComparison.Ordinal));
        Assert.StartsWith("do not apply it", wrong.EndsWhen, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_update_that_says_it_succeeded_and_did_nothing_is_a_failure_and_the_configuration_is_put_back()
    {
        await using var world = await PulumiWorld.StartAsync();
        var config = await File.ReadAllTextAsync(world.ConfigFile, Cancellation);
        var preview = await world.Provisioner.PreviewAsync(world.First, world.New, Cancellation);
        world.Faults("does-less");
        var failed = await Assert.ThrowsAsync<AdapterException>(() => world.Provisioner.RebuildAsync(world.First, world.New, preview, Fences.None, new Heard(), Cancellation));
        Assert.Contains("the VM is still", failed.Reason.Text, StringComparison.Ordinal);
        Assert.Equal(config, await File.ReadAllTextAsync(world.ConfigFile, Cancellation));
    }

    [Fact]
    public async Task A_plan_that_was_changed_after_its_preview_is_not_carried_out()
    {
        await using var world = await PulumiWorld.StartAsync();
        var preview = await world.Provisioner.PreviewAsync(world.First, world.New, Cancellation);
        await File.AppendAllTextAsync(Directory.EnumerateFiles(world.Records, "plan-*", SearchOption.AllDirectories).Single(), " ", Cancellation);
        Assert.Equal("preview-stale", (await Assert.ThrowsAsync<AdapterException>(() => world.Provisioner.RebuildAsync(world.First, world.New, preview, Fences.None, new Heard(), Cancellation))).Reason.Code);
    }

    [Fact]
    public async Task A_passphrase_is_in_no_error()
    {
        await using var world = await PulumiWorld.StartAsync();
        var secret = Path.Combine(world.Project, "wrong");
        await File.WriteAllTextAsync(secret, "not the right horse", Cancellation);
        var provisioner = world.With(settings => settings with { Access = settings.Access with { PassphraseFile = secret, EnvironmentFile = null } });
        var wrong = Assert.Single(await provisioner.CheckAsync([world.First], Cancellation));
        Assert.Equal("passphrase", wrong.Code);
        Assert.DoesNotContain("not the right horse", wrong.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("rm", "memberBImage", "config-missing")]
    [InlineData("set", "memberBAddress", "member-unknown")]
    public async Task A_configuration_that_does_not_keep_the_contract_is_named(string verb, string key, string code)
    {
        await using var world = await PulumiWorld.StartAsync();
        await world.PulumiAsync(verb == "rm" ? ["config", "rm", key] : ["config", "set", key, "192.0.2.1"]);
        Assert.Equal(code, Assert.Single(await world.Provisioner.CheckAsync([world.First, world.Peer], Cancellation)).Code);
    }

    [Theory]
    [InlineData("image")]
    [InlineData("moid")]
    public async Task A_property_that_leads_nowhere_is_named_before_a_rebuild_would_need_it(string property)
    {
        await using var world = await PulumiWorld.StartAsync();
        await File.AppendAllTextAsync(Path.Combine(world.Project, "Pulumi.yaml"), $"  properties: {{{property}: no.such}}\n", Cancellation);
        await world.PulumiAsync("up", "--yes", "--skip-preview", "--non-interactive");
        var wrong = Assert.Single(await world.Provisioner.CheckAsync([world.First, world.Peer], Cancellation));
        Assert.Contains($"'properties.{property}'", wrong.EndsWhen, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_missing_around_a_stack_is_named()
    {
        await using var world = await PulumiWorld.StartAsync();
        Member[] members = [world.First];
        var other = new Dictionary<string, string> { [world.First.Id.Pair] = "nosuch" };
        Assert.Equal("stack-missing", Assert.Single(await world.With(settings => settings with { Stacks = other }).CheckAsync(members, Cancellation)).Code);
        Assert.Equal("pulumi-missing", Assert.Single(await world.With(settings => settings with { Command = "/nowhere/pulumi" }).CheckAsync(members, Cancellation)).Code);
        Assert.Equal("project-missing", Assert.Single(await world.With(settings => settings with { Project = world.Backend }).CheckAsync(members, Cancellation)).Code);
        Assert.Equal("provisioner-unreachable", await UnreachableAsync(world));
    }

    [Fact]
    public async Task A_VM_that_did_not_come_up_is_told_and_the_next_rebuild_replaces_it()
    {
        await using var world = await PulumiWorld.StartAsync();
        world.Faults("init-errors count=1");
        var preview = await world.Provisioner.PreviewAsync(world.First, world.New, Cancellation);
        var failed = await Assert.ThrowsAsync<AdapterException>(() => world.Provisioner.RebuildAsync(world.First, world.New, preview, Fences.None, new Heard(), Cancellation));
        Assert.Contains("never came up", failed.Reason.Text, StringComparison.Ordinal);
        var recovery = await world.Provisioner.RecoverAsync(world.First, preview.Before, world.New.Ref, Fences.None, new Heard(), Cancellation);
        Assert.Equal(RebuildFate.Gone, recovery.Fate);
        Assert.Empty(await world.Provisioner.CheckAsync([world.First, world.Peer], Cancellation));
        var again = await world.Provisioner.PreviewAsync(world.First, world.New, Cancellation);
        Assert.True(PlanGuard.Check(again, world.First.Id).Allowed);
        var vm = await world.Provisioner.RebuildAsync(world.First, world.New, again, Fences.None, new Heard(), Cancellation);
        Assert.NotEqual(recovery.Vm.Identity, vm.Identity);
        Assert.Equal(VmPower.On, vm.Power);
    }

    private static async Task<string> UnreachableAsync(PulumiWorld world)
    {
        world.Faults("unreachable");
        return Assert.Single(await world.Provisioner.CheckAsync([world.First], Cancellation)).Code;
    }

    private static string Expected(string before, PulumiWorld world) => string.Join('\n', before.Split('\n').Select(line =>
        line.Contains("memberAImage:", StringComparison.Ordinal) ? line.Replace(world.Old.Location, world.New.Location, StringComparison.Ordinal) : line));
}
