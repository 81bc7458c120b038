using System.Globalization;
using Refresh.Simulation.Faults;
using Refresh.Simulation.Time;
using Refresh.Workflows.Facts;
using Refresh.Workflows.Fleets;
using Refresh.Workflows.Images;
using Refresh.Workflows.Ports;
using Refresh.Workflows.Reasons;

namespace Refresh.Simulation.World;

/// <summary>The provisioner, behind the network. What it has begun goes on without whoever asked for it, or is killed with them.</summary>
internal sealed class SimulatedProvisioner(SimulatedWorld world, Network network, Func<Process, TimeProvider> clock) : IProvisioner
{
    private static readonly TimeSpan s_look = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan s_moment = TimeSpan.FromMilliseconds(1);
    private readonly Dictionary<string, ImageRef> _images = new(StringComparer.Ordinal);
    private int _previews;

    /// <summary>Stops a worker in the midst of what it does.</summary>
    public required Action<Process> Stops { get; init; }

    public Task<IReadOnlyList<Reason>> CheckAsync(IReadOnlyList<Member> members, CancellationToken cancellation) => Task.FromResult(world.Check(members));

    public async Task<VmFacts> ObserveAsync(Member member, CancellationToken cancellation)
    {
        var (seen, vm) = await network.AskAsync("a look at the VM", member.Id, false, () => (world.Vm(world[member.Id]), world[member.Id].Vm), cancellation);
        vm?.By(Process.Current.Epoch).Identity = true;
        return seen;
    }

    public async Task<RebuildPreview> PreviewAsync(Member member, GoldenImage image, CancellationToken cancellation)
    {
        return await network.AskAsync("preview", member.Id, false, () =>
        {
            var truth = world[member.Id];
            if (image.Ref != Scenario.New.Ref && image.Ref != Scenario.Old.Ref)
                throw Network.Failure("no-image", "preview", member.Id);
            if (truth.Operation is { Locked: true })
                throw Network.Failure("locked", "preview", member.Id);
            if (world.Scenario.Strikes(Fault.PreviewFails, member.Id))
                throw Network.Failure("preview-failed", "preview", member.Id);
            var token = string.Create(CultureInfo.InvariantCulture, $"plan-{++_previews}");
            List<PlannedStep> steps = [new(truth.Vm is null ? PlannedOperation.Create : PlannedOperation.Replace, PlannedSubject.MemberVm, $"vm of {member.Id}", "simulated")];
            if (world.Scenario.Strikes(Fault.PreviewTouchesPeer, member.Id))
                steps.Add(new PlannedStep(PlannedOperation.Replace, PlannedSubject.PeerVm, $"vm of {truth.Peer.Id}", "simulated"));
            if (truth.Rotation != Rotation.In && world.Scenario.Strikes(Fault.PutInAtPreview, member.Id))
                world.PutInByHand(truth);
            world.Observer.Previews(token, truth, steps.Count > 1);
            _images[token] = image.Ref;
            return new RebuildPreview(token, steps, world.Vm(truth));
        }, cancellation);
    }

    public async Task<VmFacts> RebuildAsync(Member member, GoldenImage image, RebuildPreview preview, Func<CancellationToken, Task> fence, IProgress<string> progress, CancellationToken cancellation)
    {
        var truth = world[member.Id];
        var asker = Process.Current;
        await fence(cancellation);
        world.Observer.Sends("rebuild", truth);
        RebuildOperation? begun = null;
        try
        {
            var operation = await network.AskAsync("rebuild", member.Id, true, () =>
            {
                // The same command twice is one command: the provisioner knows its plans by name.
                if (begun is null)
                    Begins(truth, preview, image);
                return begun ??= Begin(truth, image.Ref, asker);
            }, cancellation);
            progress.Report("the provisioner is at it");
            return await operation.Done.WaitAsync(cancellation);
        }
        catch (OperationCanceledException) when (begun is not null)
        {
            Lost(truth, begun);
            throw;
        }
    }

    public async Task<RebuildRecovery> RecoverAsync(Member member, VmFacts before, ImageRef image, Func<CancellationToken, Task> fence, IProgress<string> progress, CancellationToken cancellation)
    {
        var truth = world[member.Id];
        var time = clock(Process.Current);
        while (await network.AskAsync("a look at the rebuild", member.Id, false, () => truth.Operation is not null, cancellation))
            await Task.Delay(s_look, time, cancellation);
        if (world.Scenario.Strikes(Fault.WorkerStoppedAtRecovery, member.Id))
        {
            Stops(Process.Current);
            await Task.Delay(s_moment, time, cancellation);
        }

        await fence(cancellation);
        world.Observer.Sends("recover", truth);
        return await network.AskAsync("recover", member.Id, true, () =>
        {
            if (truth.Operation is not null || world.Scenario.Strikes(Fault.RecoverFails, member.Id))
                throw Network.Failure("recover-failed", "recover", member.Id);
            var facts = world.Vm(truth);
            var fate = facts.Identity is null ? RebuildFate.Gone : facts.Identity == before.Identity ? truth.Vm is { Off: true } ? RebuildFate.Gone : RebuildFate.Untouched : RebuildFate.Happened;
            return new RebuildRecovery(fate, facts, ["looked"]);
        }, cancellation);
    }

    public async Task<VmFacts> PowerOffAsync(Member member, VmIdentity vm, IProgress<string> progress, CancellationToken cancellation)
    {
        var truth = world[member.Id];
        world.Observer.Sends("power-off", truth);
        await network.AskAsync("power-off", member.Id, true, () => ShutsDown(truth, vm), cancellation);
        var time = clock(Process.Current);
        while (await network.AskAsync("a look at the VM", member.Id, false, () => truth.Vm is { Off: false } left && left.Identity == vm, cancellation))
            await Task.Delay(s_look, time, cancellation);
        return await ObserveAsync(member, cancellation);
    }

    /// <summary>A guest takes its time to end.</summary>
    private bool ShutsDown(SimulatedMember member, VmIdentity vm)
    {
        if (member.Vm is not { } going || going.Identity != vm || member.Operation is not null)
            throw Network.Failure("other-vm", "power-off", member.Id);
        world.Observer.PowersOff(member);
        world.Scheduler.After(world.Scenario.Between(5, 60), () =>
        {
            if (member.Vm == going && !going.Off)
                world.Change(member, $"{member.Id} is powered off", () => going.Off = true);
        });
        return true;
    }

    /// <summary>Its process group was killed: a rebuild that it asked for stops where it is, or goes on alone.</summary>
    public void Lost(Process asker)
    {
        foreach (var member in world.Members)
        {
            if (member.Operation is { } operation && operation.Asker == asker)
                Lost(member, operation);
        }
    }

    private void Lost(SimulatedMember member, RebuildOperation operation)
    {
        if (world.Scenario.Strikes(Fault.ProvisionerKilled, member.Id))
            Kill(member, operation);
        else if (world.Scenario.Strikes(Fault.LockLost, member.Id))
            operation.Locked = false;
    }

    /// <summary>A plan serves once, for the VM and the image that it was made for.</summary>
    private void Begins(SimulatedMember member, RebuildPreview preview, GoldenImage image)
    {
        world.Observer.Rebuilds(member, preview, image);
        if (!_images.Remove(preview.Token, out var planned) || planned != image.Ref || preview.Before.Identity != member.Vm?.Identity)
            throw Network.Failure("stale-plan", "rebuild", member.Id);
    }

    private RebuildOperation Begin(SimulatedMember member, ImageRef image, Process asker)
    {
        var operation = new RebuildOperation(asker);
        member.Operation = operation;
        world.Timeline.World($"the provisioner begins to rebuild {member.Id}");
        if (world.Scenario.Strikes(Fault.RebuildFailsBefore, member.Id))
            Later(member, operation, 0.5, 10, () => Fail(member, operation, "rebuild-failed-before"));
        else if (world.Scenario.Strikes(Fault.RebuildDoesNothing, member.Id))
            Later(member, operation, 0.5, 10, () => Finish(member, operation));
        else
            Later(member, operation, 0.5, 8, () => Remove(member, operation, image));
        if (world.Scenario.Strikes(Fault.RebuildUnheard, member.Id))
            Later(member, operation, 0.2, 6, () => operation.Fail(Failed(member, "rebuild-unheard")));
        if (world.Scenario.Strikes(Fault.ImageRevokedAtRebuild, member.Id))
            world.Revoke();
        if (member.Peer.Vm is not null && world.Scenario.Strikes(Fault.PeerDiesAtRebuild, member.Id))
            world.Change(member.Peer, $"{member.Peer.Id} dies, as {member.Id} is rebuilt", member.Peer.Kill);
        return operation;
    }

    private void Remove(SimulatedMember member, RebuildOperation operation, ImageRef image)
    {
        world.Change(member, $"the VM of {member.Id} is deleted", () => member.Vm = null);
        if (world.Scenario.Strikes(Fault.RebuildFailsHalfway, member.Id))
            Later(member, operation, 0.5, 10, () => Fail(member, operation, "rebuild-failed-halfway"));
        else if (world.Scenario.Strikes(Fault.RebuildOverdue, member.Id))
            Later(member, operation, 185, 600, () => Make(member, operation, image));
        else
            Later(member, operation, 3, 30, () => Make(member, operation, image));
    }

    private void Make(SimulatedMember member, RebuildOperation operation, ImageRef image)
    {
        var scenario = world.Scenario;
        var boots = scenario.Strikes(Fault.BootsSlow, member.Id) ? scenario.Between(40, 90) : scenario.Between(1, 8);
        var made = scenario.Strikes(Fault.WrongImage, member.Id) ? Scenario.Old.Ref with { Version = "2025.1.1" } : image;
        var number = ++member.Made;
        var machine = scenario.Strikes(Fault.SameMachineId, member.Id) && member.LeftWith is { } before ? before.MachineId : string.Create(CultureInfo.InvariantCulture, $"machine-{member.Id}-{number}");
        world.Change(member, $"{member.Id} has a new VM, number {number}, from {made.Label}", () => member.Vm = new SimulatedVm(number, member.Id.ToString(), made, world.Wall, world.Now + boots)
        {
            MachineId = machine,
            Sick = scenario.Strikes(Fault.BootsSick, member.Id),
        });
        Later(member, operation, 0.2, 4, () => Finish(member, operation));
    }

    private void Finish(SimulatedMember member, RebuildOperation operation)
    {
        member.Operation = null;
        operation.Succeed(world.Vm(member));
    }

    private void Fail(SimulatedMember member, RebuildOperation operation, string code)
    {
        member.Operation = null;
        world.Timeline.World($"the rebuild of {member.Id} fails: {code}");
        operation.Fail(Failed(member, code));
    }

    private static AdapterException Failed(SimulatedMember member, string code) => new(new Reason(code, $"{member.Id}: {code}", "the world is kinder"));

    private void Kill(SimulatedMember member, RebuildOperation operation)
    {
        if (member.Operation != operation)
            return;
        operation.Killed = true;
        Fail(member, operation, "provisioner-killed");
    }

    private void Later(SimulatedMember member, RebuildOperation operation, double least, double most, Action next) =>
        world.Scheduler.After(world.Scenario.Between(least, most), () =>
        {
            if (!operation.Killed && member.Operation == operation)
                next();
        });
}
