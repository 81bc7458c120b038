using System.Diagnostics;
using System.Globalization;
using System.Net;
using Refresh.Orchestrator.Provisioners.Pulumi.Cli;
using Refresh.Orchestrator.Provisioners.Pulumi.Documents;
using Refresh.Orchestrator.Tests.Balancers;
using Refresh.Orchestrator.Tests.Lab;
using Refresh.Workflows.Facts;
using Refresh.Workflows.Ports;
using Refresh.Workflows.Rules;
using Xunit;

namespace Refresh.Orchestrator.Tests.Provisioners.Pulumi;

/// <summary>The rungs of a recovery, through the stand-in.</summary>
public sealed class RecoveryTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_killed_update_is_cleared_rung_by_rung_and_its_orphan_is_replaced_by_the_next_rebuild()
    {
        await using var world = await PulumiWorld.StartAsync();
        var peer = await world.Provisioner.ObserveAsync(world.Peer, Cancellation);
        world.Faults("slow-clone ms=1000");
        var preview = await world.Provisioner.PreviewAsync(world.First, world.New, Cancellation);
        await Assert.ThrowsAsync<AdapterException>(() => world.Provisioner.RebuildAsync(world.First, world.New, preview, Fences.None, new Heard("cloning", () => KillHolder(world)), Cancellation));
        await LabFixture.UntilAsync(async () => await world.Lab.VmAsync(world.Vm(world.First)) is { Id: not null });

        var recovery = await world.Provisioner.RecoverAsync(world.First, preview.Before, world.New.Ref, Fences.None, new Heard(), Cancellation);
        var told = string.Join('\n', recovery.Rungs);
        foreach (var rung in (string[])["held by nobody alive", "ended pulumi-", "cleared the lock", "creating memberA", "read memberA anew", "imported it"])
            Assert.Contains(rung, told, StringComparison.Ordinal);
        Assert.Equal(RebuildFate.Gone, recovery.Fate);
        Assert.Empty(Marked(world));

        var again = await world.Provisioner.PreviewAsync(world.First, world.New, Cancellation);
        Assert.Empty(PlanGuard.Check(again, world.First.Id).Refusals);
        var vm = await world.Provisioner.RebuildAsync(world.First, world.New, again, Fences.None, new Heard(), Cancellation);
        Assert.Equal((VmPower.On, world.New.Location), (vm.Power, vm.Image));
        Assert.NotEqual(recovery.Vm.Identity, vm.Identity);
        Assert.Equal(peer.Identity, (await world.Provisioner.ObserveAsync(world.Peer, Cancellation)).Identity);
    }

    [Fact]
    public async Task An_orphan_without_an_import_id_is_for_a_person()
    {
        await using var world = await PulumiWorld.StartAsync();
        var program = Path.Combine(world.Project, "Pulumi.yaml");
        await File.WriteAllTextAsync(program, (await File.ReadAllTextAsync(program, Cancellation)).Replace(", importId: \"/DC0/vm/${memberAName}\"", string.Empty, StringComparison.Ordinal), Cancellation);
        await world.PulumiAsync("up", "--yes", "--skip-preview", "--non-interactive");
        world.Faults("slow-clone ms=1000");
        var preview = await world.Provisioner.PreviewAsync(world.First, world.New, Cancellation);
        await Assert.ThrowsAsync<AdapterException>(() => world.Provisioner.RebuildAsync(world.First, world.New, preview, Fences.None, new Heard("cloning", () => KillHolder(world)), Cancellation));
        var stopped = await StoppedAsync(world, preview.Before);
        Assert.Equal("orphan-unknown", stopped.Reason.Code);
    }

    [Fact]
    public async Task A_cancelled_rebuild_finishes_what_it_is_at_and_leaves_no_lock()
    {
        await using var world = await PulumiWorld.StartAsync();
        world.Faults("slow-clone ms=1500");
        using var cancel = new CancellationTokenSource();
        var preview = await world.Provisioner.PreviewAsync(world.First, world.New, Cancellation);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => world.Provisioner.RebuildAsync(world.First, world.New, preview, Fences.None, new Heard("cloning", cancel.Cancel), cancel.Token));
        Assert.Empty(Directory.GetFiles(world.LockFolder));
        var recovery = await world.Provisioner.RecoverAsync(world.First, preview.Before, world.New.Ref, Fences.None, new Heard(), Cancellation);
        Assert.Equal((RebuildFate.Happened, world.New.Location), (recovery.Fate, recovery.Vm.Image));
    }

    [Fact]
    public async Task An_update_that_does_not_stop_is_killed_with_its_host_and_providers_and_nothing_was_done()
    {
        await using var world = await PulumiWorld.StartAsync();
        var config = await File.ReadAllTextAsync(world.ConfigFile, Cancellation);
        var provisioner = world.With(settings => settings with { Limits = settings.Limits with { StopTimeout = TimeSpan.FromSeconds(1) } });
        using var cancel = new CancellationTokenSource();
        var preview = await provisioner.PreviewAsync(world.First, world.New, Cancellation);
        world.Faults("hang ms=60000 count=1");
        var rebuild = provisioner.RebuildAsync(world.First, world.New, preview, Fences.None, new Heard(), cancel.Token);
        await LabFixture.UntilAsync(() => Task.FromResult(Marked(world).Any(process => process.Name.StartsWith("pulumi-resource", StringComparison.Ordinal))));
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => rebuild);
        Assert.Empty(Marked(world));
        Assert.Equal(config, await File.ReadAllTextAsync(world.ConfigFile, Cancellation));
        // Who has lost the fleet meanwhile does not take the lock from its next owner.
        await Assert.ThrowsAsync<JournalException>(() => provisioner.RecoverAsync(world.First, preview.Before, world.New.Ref, Fences.For(0), new Heard(), Cancellation));
        Assert.NotEmpty(Directory.GetFiles(world.LockFolder, "*.json"));
        var recovery = await provisioner.RecoverAsync(world.First, preview.Before, world.New.Ref, Fences.None, new Heard(), Cancellation);
        Assert.Equal(RebuildFate.Untouched, recovery.Fate);
        Assert.Contains(recovery.Rungs, rung => rung.Contains("cleared the lock", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_lock_of_a_living_process_is_waited_for_and_who_holds_it_is_said()
    {
        await using var world = await PulumiWorld.StartAsync();
        var before = await world.Provisioner.ObserveAsync(world.First, Cancellation);
        world.Faults("hang ms=4000 count=1");
        using var kill = new CancellationTokenSource();
        var update = world.Update(kill.Token);
        await LabFixture.UntilAsync(() => Task.FromResult(Directory.Exists(world.LockFolder) && Directory.GetFiles(world.LockFolder, "*.json").Length > 0));
        var recovery = await world.Provisioner.RecoverAsync(world.First, before, world.New.Ref, Fences.None, new Heard(), Cancellation);
        Assert.Equal(RebuildFate.Untouched, recovery.Fate);
        Assert.Contains(recovery.Rungs, rung => rung.Contains(string.Create(CultureInfo.InvariantCulture, $"pid {update.ProcessId}"), StringComparison.Ordinal) && rung.Contains("lives", StringComparison.Ordinal));
        Assert.DoesNotContain(recovery.Rungs, rung => rung.Contains("cleared", StringComparison.Ordinal));
        await update;
    }

    [Fact]
    public async Task A_lock_that_is_held_beyond_the_deadline_is_told_with_its_holder_and_stays()
    {
        await using var world = await PulumiWorld.StartAsync();
        var before = await world.Provisioner.ObserveAsync(world.First, Cancellation);
        Lock(world, Environment.ProcessId, Dns.GetHostName(), DateTimeOffset.UtcNow);
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(2));
        var stopped = await Assert.ThrowsAsync<AdapterException>(() => world.Provisioner.RecoverAsync(world.First, before, world.New.Ref, Fences.None, new Heard(), deadline.Token));
        Assert.Contains(string.Create(CultureInfo.InvariantCulture, $"pid {Environment.ProcessId}"), stopped.Reason.Text, StringComparison.Ordinal);
        Assert.Single(Directory.GetFiles(world.LockFolder));
    }

    [Fact]
    public async Task A_lock_of_another_host_is_for_a_person_with_the_commands()
    {
        await using var world = await PulumiWorld.StartAsync();
        var before = await world.Provisioner.ObserveAsync(world.First, Cancellation);
        Lock(world, 4242, "another-host", DateTimeOffset.UtcNow);
        var stopped = await StoppedAsync(world, before);
        Assert.Equal("stack-locked", stopped.Reason.Code);
        Assert.Contains("ssh another-host ps -p 4242 && pulumi cancel --yes --stack web-01", stopped.Reason.EndsWhen, StringComparison.Ordinal);
        Assert.Single(Directory.GetFiles(world.LockFolder));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_lock_of_a_process_that_is_gone_or_another_now_is_cleared_with_the_proof(bool reused)
    {
        await using var world = await PulumiWorld.StartAsync();
        var before = await world.Provisioner.ObserveAsync(world.First, Cancellation);
        Lock(world, reused ? Environment.ProcessId : 4_194_303, Dns.GetHostName(), DateTimeOffset.UtcNow.AddDays(-1));
        var recovery = await world.Provisioner.RecoverAsync(world.First, before, world.New.Ref, Fences.None, new Heard(), Cancellation);
        Assert.Contains(recovery.Rungs, rung => rung.Contains(reused ? "is another process" : "there is no such process", StringComparison.Ordinal));
        Assert.Empty(Directory.GetFiles(world.LockFolder));
        Assert.Equal(RebuildFate.Untouched, recovery.Fate);
    }

    [Fact]
    public async Task A_state_that_does_not_load_is_restored_from_what_was_kept_and_without_that_it_is_for_a_person()
    {
        await using var world = await PulumiWorld.StartAsync();
        var before = await world.Provisioner.ObserveAsync(world.First, Cancellation);
        var whole = await File.ReadAllTextAsync(world.StateFile, Cancellation);
        await File.WriteAllTextAsync(world.StateFile, whole[..(whole.Length / 2)], Cancellation);
        var stopped = await StoppedAsync(world, before);
        Assert.Equal("state-damaged", stopped.Reason.Code);
        Assert.Contains("pulumi stack import", stopped.Reason.EndsWhen, StringComparison.Ordinal);

        await File.WriteAllTextAsync(world.StateFile, whole, Cancellation);
        await world.Provisioner.PreviewAsync(world.First, world.New, Cancellation);
        await File.WriteAllTextAsync(world.StateFile, whole[..(whole.Length / 2)], Cancellation);
        var recovery = await world.Provisioner.RecoverAsync(world.First, before, world.New.Ref, Fences.None, new Heard(), Cancellation);
        Assert.Contains(recovery.Rungs, rung => rung.StartsWith("restored the state kept in", StringComparison.Ordinal));
        Assert.Equal((RebuildFate.Untouched, before.Identity), (recovery.Fate, recovery.Vm.Identity));
    }

    [Fact]
    public async Task A_state_that_was_kept_before_the_VM_was_replaced_is_too_old_to_be_restored()
    {
        await using var world = await PulumiWorld.StartAsync();
        await world.Provisioner.PreviewAsync(world.First, world.New, Cancellation);
        await world.ReplaceFromOutsideAsync(world.First);
        var before = await world.Provisioner.ObserveAsync(world.First, Cancellation);
        await File.WriteAllTextAsync(world.StateFile, "{", Cancellation);
        var stopped = await StoppedAsync(world, before);
        Assert.Equal(RebuildPreview.StateDamaged, stopped.Reason.Code);
        Assert.Contains("too old to be restored", stopped.Reason.Text, StringComparison.Ordinal);
        Assert.Equal("{", await File.ReadAllTextAsync(world.StateFile, Cancellation));
    }

    [Fact]
    public async Task What_an_update_left_is_kept_so_that_it_can_be_restored()
    {
        await using var world = await PulumiWorld.StartAsync();
        var preview = await world.Provisioner.PreviewAsync(world.First, world.New, Cancellation);
        var vm = await world.Provisioner.RebuildAsync(world.First, world.New, preview, Fences.None, new Heard(), Cancellation);
        await File.WriteAllTextAsync(world.StateFile, "{", Cancellation);
        var recovery = await world.Provisioner.RecoverAsync(world.First, vm, world.New.Ref, Fences.None, new Heard(), Cancellation);
        Assert.Equal((RebuildFate.Untouched, vm.Identity), (recovery.Fate, recovery.Vm.Identity));
    }

    [Fact]
    public async Task A_state_that_is_printed_cut_once_is_printed_again_and_one_that_stays_cut_is_damaged()
    {
        await using var world = await PulumiWorld.StartAsync();
        world.Faults("cut-export count=1");
        Assert.Equal(VmPower.On, (await world.Provisioner.ObserveAsync(world.First, Cancellation)).Power);
        world.Faults("cut-export count=2");
        var damaged = await Assert.ThrowsAsync<AdapterException>(() => world.Provisioner.ObserveAsync(world.First, Cancellation));
        Assert.Equal(RebuildPreview.StateDamaged, damaged.Reason.Code);
    }

    [Fact]
    public async Task A_cloud_that_does_not_answer_is_waited_for_until_the_deadline()
    {
        await using var world = await PulumiWorld.StartAsync();
        var before = await world.Provisioner.ObserveAsync(world.First, Cancellation);
        world.Faults("unreachable");
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(8));
        var stopped = await Assert.ThrowsAnyAsync<Exception>(() => world.Provisioner.RecoverAsync(world.First, before, world.New.Ref, Fences.None, new Heard(), deadline.Token));
        Assert.True(stopped is OperationCanceledException or AdapterException { Reason.Code: "provisioner-unreachable" }, stopped.ToString());

        var answers = new Heard("the cloud does not answer", () => world.Faults());
        var recovery = await world.Provisioner.RecoverAsync(world.First, before, world.New.Ref, Fences.None, answers, Cancellation);
        Assert.Contains(recovery.Rungs, rung => rung.Contains("the cloud does not answer", StringComparison.Ordinal));
        Assert.Equal(RebuildFate.Untouched, recovery.Fate);
    }

    [Fact]
    public async Task A_VM_that_was_deleted_when_the_cloud_went_away_is_recovered_as_gone_and_made_again()
    {
        await using var world = await PulumiWorld.StartAsync();
        world.Faults("unreachable-after-delete count=1");
        var preview = await world.Provisioner.PreviewAsync(world.First, world.New, Cancellation);
        await Assert.ThrowsAsync<AdapterException>(() => world.Provisioner.RebuildAsync(world.First, world.New, preview, Fences.None, new Heard(), Cancellation));
        var recovery = await world.Provisioner.RecoverAsync(world.First, preview.Before, world.New.Ref, Fences.None, new Heard(), Cancellation);
        Assert.Equal((RebuildFate.Gone, null), (recovery.Fate, recovery.Vm.Identity));
        var again = await world.Provisioner.PreviewAsync(world.First, world.New, Cancellation);
        Assert.Empty(PlanGuard.Check(again, world.First.Id).Refusals);
        Assert.Equal(VmPower.On, (await world.Provisioner.RebuildAsync(world.First, world.New, again, Fences.None, new Heard(), Cancellation)).Power);
    }

    [Fact]
    public async Task A_VM_that_somebody_deleted_is_found_gone_although_a_refresh_of_the_stack_fails_on_the_rule()
    {
        await using var world = await PulumiWorld.StartAsync();
        var before = await world.Provisioner.ObserveAsync(world.First, Cancellation);
        var peer = await world.Provisioner.ObserveAsync(world.Peer, Cancellation);
        await world.Lab.EndAsync(await world.Lab.Client.DeleteAsync(world.Vm(world.First), Cancellation));
        await Assert.ThrowsAnyAsync<Exception>(() => world.PulumiAsync("refresh", "--yes", "--skip-preview", "--non-interactive"));
        var recovery = await world.Provisioner.RecoverAsync(world.First, before, world.New.Ref, Fences.None, new Heard(), Cancellation);
        Assert.Equal((RebuildFate.Gone, null), (recovery.Fate, recovery.Vm.Identity));
        var again = await world.Provisioner.PreviewAsync(world.First, world.New, Cancellation);
        Assert.Empty(PlanGuard.Check(again, world.First.Id).Refusals);
        Assert.Equal(VmPower.On, (await world.Provisioner.RebuildAsync(world.First, world.New, again, Fences.None, new Heard(), Cancellation)).Power);
        Assert.Equal(peer.Identity, (await world.Provisioner.ObserveAsync(world.Peer, Cancellation)).Identity);
        Assert.Empty(PlanGuard.Check(await world.Provisioner.PreviewAsync(world.Peer, world.New, Cancellation), world.Peer.Id).Refusals);
    }

    [Fact]
    public async Task Something_pending_on_the_peer_is_for_a_person()
    {
        await using var world = await PulumiWorld.StartAsync();
        var before = await world.Provisioner.ObserveAsync(world.First, Cancellation);
        var state = Path.Combine(world.Project, "pending.json");
        var text = await world.PulumiAsync("stack", "export");
        var at = text.IndexOf("\"resources\"", StringComparison.Ordinal);
        var pending = $$"""
            "pending_operations": [{"resource": {"urn": "{{Recordings.UrnB}}", "custom": true, "type": "vsphere:index/virtualMachine:VirtualMachine"}, "type": "updating"}],
            """;
        await File.WriteAllTextAsync(state, text[..at] + pending + text[at..], Cancellation);
        await world.PulumiAsync("stack", "import", "--file", state);
        var stopped = await StoppedAsync(world, before);
        Assert.Equal("operations-pending", stopped.Reason.Code);
        Assert.Contains("updating memberB", stopped.Reason.Text, StringComparison.Ordinal);
    }

    private static Task<AdapterException> StoppedAsync(PulumiWorld world, VmFacts before) =>
        Assert.ThrowsAsync<AdapterException>(() => world.Provisioner.RecoverAsync(world.First, before, world.New.Ref, Fences.None, new Heard(), Cancellation));

    private static IReadOnlyList<ProcessFacts> Marked(PulumiWorld world) => Processes.Marked(PulumiEnvironment.Mark, PulumiEnvironment.MarkOf(world.Project, PulumiWorld.Stack));

    private static void KillHolder(PulumiWorld world)
    {
        using var holder = Process.GetProcessById(StackLock.Parse(File.ReadAllText(Directory.GetFiles(world.LockFolder, "*.json").Single())).Pid);
        holder.Kill();
    }

    private static void Lock(PulumiWorld world, int pid, string host, DateTimeOffset at)
    {
        Directory.CreateDirectory(world.LockFolder);
        File.WriteAllText(
            Path.Combine(world.LockFolder, $"{Guid.NewGuid()}.json"),
            string.Create(CultureInfo.InvariantCulture, $$"""{"pid":{{pid}},"username":"refresh","hostname":"{{host}}","timestamp":"{{at.UtcDateTime:yyyy-MM-ddTHH:mm:ss.fffffff}}Z"}"""));
    }
}
