using System.Collections.Concurrent;
using Refresh.Orchestrator.Tests.Balancers;
using Refresh.Workflows.Facts;
using Refresh.Workflows.Ports;
using Refresh.Workflows.Rules;
using Xunit;

namespace Refresh.Orchestrator.Tests.Provisioners;

/// <summary>What every adapter of <see cref="IProvisioner"/> must do.</summary>
public abstract class ProvisionerCompliance
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    protected abstract Task<ProvisionerWorld> CreateAsync();

    [Fact]
    public async Task A_member_is_observed_with_its_own_identity_and_its_image()
    {
        await using var world = await CreateAsync();
        var first = await world.Provisioner.ObserveAsync(world.First, Cancellation);
        var peer = await world.Provisioner.ObserveAsync(world.Peer, Cancellation);
        Assert.Equal((VmPower.On, world.Shown(world.Old)), (first.Power, first.Image));
        Assert.NotNull(first.Identity);
        Assert.NotEqual(first.Identity, peer.Identity);
        Assert.Equal(first.Identity, (await world.Provisioner.ObserveAsync(world.First, Cancellation)).Identity);
    }

    [Fact]
    public async Task A_VM_that_is_off_is_observed_as_off()
    {
        await using var world = await CreateAsync();
        await world.SwitchOffAsync(world.First);
        Assert.Equal(VmPower.Off, (await world.Provisioner.ObserveAsync(world.First, Cancellation)).Power);
    }

    [Fact]
    public async Task A_preview_shows_the_replacement_of_that_one_VM_and_changes_nothing()
    {
        await using var world = await CreateAsync();
        var before = await world.Provisioner.ObserveAsync(world.First, Cancellation);
        var preview = await world.Provisioner.PreviewAsync(world.First, world.New, Cancellation);
        Assert.Single(preview.Steps, step => step is { Operation: PlannedOperation.Replace, Subject: PlannedSubject.MemberVm });
        Assert.Empty(PlanGuard.Check(preview, world.First.Id).Refusals);
        Assert.Equal(before.Identity, preview.Before.Identity);
        var after = await world.Provisioner.ObserveAsync(world.First, Cancellation);
        Assert.Equal((before.Identity, before.Image, before.Power), (after.Identity, after.Image, after.Power));
    }

    [Fact]
    public async Task A_rebuild_makes_another_VM_of_the_image_tells_its_progress_and_leaves_the_peer_alone()
    {
        await using var world = await CreateAsync();
        var peer = await world.Provisioner.ObserveAsync(world.Peer, Cancellation);
        var preview = await world.Provisioner.PreviewAsync(world.First, world.New, Cancellation);
        var told = new Told();
        var after = await world.Provisioner.RebuildAsync(world.First, world.New, preview, Fences.None, told, Cancellation);
        Assert.NotNull(after.Identity);
        Assert.NotEqual(preview.Before.Identity, after.Identity);
        Assert.Equal((VmPower.On, world.Shown(world.New)), (after.Power, after.Image));
        Assert.NotEmpty(told.Words);
        Assert.Equal(peer.Identity, (await world.Provisioner.ObserveAsync(world.Peer, Cancellation)).Identity);
    }

    [Fact]
    public async Task A_preview_of_a_VM_that_changed_since_is_refused_and_nothing_changes()
    {
        await using var world = await CreateAsync();
        var preview = await world.Provisioner.PreviewAsync(world.First, world.New, Cancellation);
        await world.ReplaceFromOutsideAsync(world.First);
        var before = await world.Provisioner.ObserveAsync(world.First, Cancellation);
        await Assert.ThrowsAsync<AdapterException>(() => world.Provisioner.RebuildAsync(world.First, world.New, preview, Fences.None, new Told(), Cancellation));
        Assert.Equal(before.Identity, (await world.Provisioner.ObserveAsync(world.First, Cancellation)).Identity);
    }

    [Fact]
    public async Task A_preview_serves_for_its_own_image_only()
    {
        await using var world = await CreateAsync();
        var preview = await world.Provisioner.PreviewAsync(world.First, world.Old, Cancellation);
        await Assert.ThrowsAsync<AdapterException>(() => world.Provisioner.RebuildAsync(world.First, world.New, preview, Fences.None, new Told(), Cancellation));
        Assert.Equal(preview.Before.Identity, (await world.Provisioner.ObserveAsync(world.First, Cancellation)).Identity);
    }

    [Fact]
    public async Task A_preview_of_an_image_that_is_not_there_is_refused()
    {
        await using var world = await CreateAsync();
        var missing = world.New with { Ref = world.New.Ref with { Version = "0.0.0-none" }, Location = world.New.Location + "-none" };
        await Assert.ThrowsAsync<AdapterException>(() => world.Provisioner.PreviewAsync(world.First, missing, Cancellation));
    }

    [Fact]
    public async Task Nothing_is_rebuilt_when_the_fleet_is_lost_before_and_its_next_owner_can()
    {
        await using var world = await CreateAsync();
        var preview = await world.Provisioner.PreviewAsync(world.First, world.New, Cancellation);
        await Assert.ThrowsAsync<JournalException>(() => world.Provisioner.RebuildAsync(world.First, world.New, preview, Fences.For(0), new Told(), Cancellation));
        Assert.Equal(preview.Before.Identity, (await world.Provisioner.ObserveAsync(world.First, Cancellation)).Identity);
        var again = await world.Provisioner.PreviewAsync(world.First, world.New, Cancellation);
        var after = await world.Provisioner.RebuildAsync(world.First, world.New, again, Fences.None, new Told(), Cancellation);
        Assert.NotEqual(preview.Before.Identity, after.Identity);
    }

    [Fact]
    public async Task What_was_never_begun_is_recovered_as_untouched()
    {
        await using var world = await CreateAsync();
        var before = await world.Provisioner.ObserveAsync(world.First, Cancellation);
        var recovery = await world.Provisioner.RecoverAsync(world.First, before, world.New.Ref, Fences.None, new Told(), Cancellation);
        Assert.Equal((RebuildFate.Untouched, before.Identity), (recovery.Fate, recovery.Vm.Identity));
        Assert.NotEmpty(recovery.Rungs);
    }

    [Fact]
    public async Task A_failed_rebuild_is_recovered_as_gone_and_can_be_tried_again()
    {
        await using var world = await CreateAsync();
        await world.LetRebuildFailAsync(world.First);
        var preview = await world.Provisioner.PreviewAsync(world.First, world.New, Cancellation);
        var failed = await Assert.ThrowsAsync<AdapterException>(() => world.Provisioner.RebuildAsync(world.First, world.New, preview, Fences.None, new Told(), Cancellation));
        Assert.Contains(world.First.Id.ToString(), failed.Reason.Text, StringComparison.Ordinal);
        var recovery = await world.Provisioner.RecoverAsync(world.First, preview.Before, world.New.Ref, Fences.None, new Told(), Cancellation);
        Assert.Equal((RebuildFate.Gone, null), (recovery.Fate, recovery.Vm.Identity));

        var again = await world.Provisioner.PreviewAsync(world.First, world.New, Cancellation);
        var vm = await world.Provisioner.RebuildAsync(world.First, world.New, again, Fences.None, new Told(), Cancellation);
        Assert.Equal((VmPower.On, world.Shown(world.New)), (vm.Power, vm.Image));
    }

    [Fact]
    public async Task A_rebuild_that_succeeded_unheard_is_recovered_as_happened()
    {
        await using var world = await CreateAsync();
        await world.LetRebuildSucceedUnheardAsync(world.First);
        var preview = await world.Provisioner.PreviewAsync(world.First, world.New, Cancellation);
        await Assert.ThrowsAsync<AdapterException>(() => world.Provisioner.RebuildAsync(world.First, world.New, preview, Fences.None, new Told(), Cancellation));
        await HappenedAsync(world, preview.Before);
    }

    [Fact]
    public async Task A_cancelled_rebuild_leaves_a_world_that_recovery_tells()
    {
        await using var world = await CreateAsync();
        using var cancel = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        var preview = await world.Provisioner.PreviewAsync(world.First, world.New, Cancellation);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => world.Provisioner.RebuildAsync(world.First, world.New, preview, Fences.None, new Told(cancel.Cancel), cancel.Token));
        var recovery = await world.Provisioner.RecoverAsync(world.First, preview.Before, world.New.Ref, Fences.None, new Told(), Cancellation);
        var now = await world.Provisioner.ObserveAsync(world.First, Cancellation);
        Assert.Equal(recovery.Vm.Identity, now.Identity);
        Assert.Equal(recovery.Fate == RebuildFate.Untouched, now.Identity == preview.Before.Identity);
        Assert.Equal(recovery.Fate == RebuildFate.Gone, now.Identity is null);
    }

    [Fact]
    public async Task A_recovery_never_touches_the_peer()
    {
        await using var world = await CreateAsync();
        var peer = await world.Provisioner.ObserveAsync(world.Peer, Cancellation);
        await world.LetRebuildFailAsync(world.First);
        var preview = await world.Provisioner.PreviewAsync(world.First, world.New, Cancellation);
        await Assert.ThrowsAsync<AdapterException>(() => world.Provisioner.RebuildAsync(world.First, world.New, preview, Fences.None, new Told(), Cancellation));
        await world.Provisioner.RecoverAsync(world.First, preview.Before, world.New.Ref, Fences.None, new Told(), Cancellation);
        var after = await world.Provisioner.ObserveAsync(world.Peer, Cancellation);
        Assert.Equal((peer.Identity, peer.Power), (after.Identity, after.Power));
    }

    [Fact]
    public async Task A_check_finds_nothing_wrong_with_known_members_and_names_an_unknown_one()
    {
        await using var world = await CreateAsync();
        Assert.Empty(await world.Provisioner.CheckAsync([world.First, world.Peer], Cancellation));
        var wrong = Assert.Single(await world.Provisioner.CheckAsync([world.First, world.Stranger, world.Peer], Cancellation));
        Assert.Contains(world.Stranger.Id.ToString(), wrong.Text, StringComparison.Ordinal);
    }

    private static async Task HappenedAsync(ProvisionerWorld world, VmFacts before)
    {
        var recovery = await world.Provisioner.RecoverAsync(world.First, before, world.New.Ref, Fences.None, new Told(), Cancellation);
        Assert.Equal(RebuildFate.Happened, recovery.Fate);
        Assert.NotEqual(before.Identity, recovery.Vm.Identity);
        Assert.Equal((VmPower.On, world.Shown(world.New)), (recovery.Vm.Power, recovery.Vm.Image));
    }

    /// <summary>Keeps what it is told, at once.</summary>
    protected sealed class Told(Action? then = null) : IProgress<string>
    {
        private readonly ConcurrentQueue<string> _words = new();

        public IReadOnlyCollection<string> Words => _words;

        public void Report(string value)
        {
            _words.Enqueue(value);
            then?.Invoke();
        }
    }
}
